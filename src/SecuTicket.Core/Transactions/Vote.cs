using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>A validator says that the chain goes from one block, which is justified, to another: the link of Casper FFG (Buterin and Griffith 2017, arXiv:1710.09437).</summary>
/// <remarks>A block's height is its index, not its slot: heights must leave no gaps between a block and its child, or what is final could be voted around (see decision 027).</remarks>
/// <param name="SourceIndex">Index of the source.</param>
/// <param name="Source">Hash of the source: the highest justified block in the state after the target.</param>
/// <param name="TargetIndex">Index of the target, higher than the source's.</param>
/// <param name="Target">Hash of the target, a block that follows the source.</param>
public sealed record Vote(long SourceIndex, Hash256 Source, long TargetIndex, Hash256 Target) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "vote";

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <summary>Whether nobody may sign both: two of one target height, or one within the other.</summary>
    /// <remarks>The two slashing conditions of Casper FFG. Votes that say the same are one vote, signed twice.</remarks>
    public bool Contradicts(Vote other) =>
        this != other && (TargetIndex == other.TargetIndex || Surrounds(other) || other.Surrounds(this));

    internal static Vote Read(FieldReader fields)
    {
        var vote = new Vote(
            fields.Integer("source_index", 0, CanonicalJson.MaxInteger), fields.Hash("source"), fields.Integer("target_index", 1, CanonicalJson.MaxInteger), fields.Hash("target"));
        if (vote.TargetIndex <= vote.SourceIndex && fields.Has("target_index") && fields.Has("source_index")) fields.Refuse("target_index", "Expected an index above source_index.");
        return vote;
    }

    private bool Surrounds(Vote inner) => SourceIndex < inner.SourceIndex && inner.TargetIndex < TargetIndex;
}
