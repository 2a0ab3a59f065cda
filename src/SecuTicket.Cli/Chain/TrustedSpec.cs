using SecuTicket.Cli.Proofs;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Node;

namespace SecuTicket.Cli.Chain;

/// <summary>What <c>--spec</c> says a chain must be: its specification, and the checkpoint that stands beside it, which no hash holds.</summary>
/// <param name="File">The file as it was named; null where none was, and the source's own word is taken.</param>
/// <param name="Spec">What is in it.</param>
internal sealed record TrustedSpec(string? File, ChainSpec? Spec)
{
    /// <summary>Reads the file.</summary>
    /// <returns>What it says, or <c>file</c>.</returns>
    public static Verdict<TrustedSpec> Read(Run run, string? file)
    {
        if (file is null) return new TrustedSpec(null, null);

        return ProofFile.ReadSpec(run.PathOf(file)).TryGet(out var spec, out var refusal) ? new TrustedSpec(file, spec) : refusal;
    }

    /// <summary>The specification that a source's chain is checked with.</summary>
    /// <param name="said">What the source says it is.</param>
    /// <returns>The trusted one, or <paramref name="said"/> where none was named; <c>not_verified</c> when it is another chain.</returns>
    public Verdict<ChainSpec> Of(ChainSpec said) => Spec is null || Spec.Hash == said.Hash
        ? Spec ?? said
        : new Refusal(FailureCodes.NotVerified, $"The chain's specification has the hash {said.Hash}, '{File}' has {Spec.Hash}: it is another chain.");

    /// <summary>Why a chain of so many blocks, all of them valid, is not shown to be the trusted one: it ends before the checkpoint, as a branch that was made up would. Null where it comes to it.</summary>
    public static ReplayFault? RefuseEnd(ChainSpec spec, long length) => spec.Checkpoint is { } known && length <= known.Index
        ? new ReplayFault(length, new Refusal(RefusalCodes.ForkTooDeep, $"The chain ends before block {known.Index} {known.Hash}, the checkpoint: nothing shows that it comes to it."))
        : null;
}
