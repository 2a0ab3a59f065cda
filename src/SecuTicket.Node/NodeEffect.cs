using SecuTicket.Core.Primitives;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node;

/// <summary>Something that the single writer wants done; the shell does it, in order, storing before all else.</summary>
public abstract record NodeEffect
{
    private NodeEffect()
    {
    }

    /// <summary>Write, together with all others of the group.</summary>
    public sealed record Store(StoreChange Change) : NodeEffect;

    /// <summary>Answer, once the group is durable.</summary>
    /// <param name="Reply">Who waits; told of a failure when the group could not be written.</param>
    public abstract record Answer(Reply Reply) : NodeEffect
    {
        /// <summary>Gives the answer.</summary>
        public abstract void Deliver();
    }

    /// <summary>An answer of one kind.</summary>
    /// <typeparam name="T">What is answered.</typeparam>
    /// <param name="Asked">Who waits.</param>
    /// <param name="Given">The answer.</param>
    public sealed record Answer<T>(Reply<T> Asked, Verdict<T> Given) : Answer(Asked)
        where T : notnull
    {
        /// <inheritdoc/>
        public override void Deliver() => Asked.Set(Given);
    }

    /// <summary>Start a search; an earlier one is given up.</summary>
    public sealed record StartSealing(SealJob Job) : NodeEffect;

    /// <summary>Give up the search.</summary>
    public sealed record StopSealing : NodeEffect;

    /// <summary>Tell whoever listens, once the group is durable.</summary>
    public sealed record Announce(NodeEvent Event) : NodeEffect;

    /// <summary>Tell the operator, in the log, once the group is durable.</summary>
    public sealed record Report(string Sentence) : NodeEffect;
}
