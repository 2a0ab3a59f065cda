using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Core.Consensus;

/// <summary>Headers that follow one another, checked as far as headers alone show: form, chain, links, work, seals, times.</summary>
/// <remarks>
/// For whoever has no blocks. Genesis is known from the specification; what lies between it and the first header is not, so there a difficulty is bounded and
/// a median can not be asked for. Headers that start with genesis leave nothing open; but with stakes, whose turn it was they show only for the first epochs, for tables change
/// with what is in the blocks.
/// </remarks>
public sealed class HeaderChain
{
    private readonly SealedHeader[] _headers;

    private HeaderChain(SealedHeader[] headers) => _headers = headers;

    /// <summary>The first header.</summary>
    public BlockHeader First => _headers[0].Header;

    /// <summary>The last header.</summary>
    public BlockHeader Tip => _headers[^1].Header;

    /// <summary>How many headers there are.</summary>
    public int Count => _headers.Length;

    /// <summary>Whether they go back to genesis, so that difficulty and times are checked without a gap.</summary>
    public bool FromGenesis => First.Index <= 1;

    /// <summary>Checks headers.</summary>
    /// <param name="spec">What the chain's nodes agree on.</param>
    /// <param name="seals">Checks work and seals.</param>
    /// <param name="headers">One at least, oldest first.</param>
    /// <param name="now">The checker's clock, in milliseconds.</param>
    /// <returns>The headers, or what is wrong with the first bad one, as a node would say it of a block.</returns>
    public static Verdict<HeaderChain> Verify(ChainSpec spec, ISealVerifier seals, IReadOnlyList<SealedHeader> headers, long now)
    {
        if (headers.Count == 0) return new Refusal(RefusalCodes.InvalidHeader, "There is no header.");

        var genesis = spec.Genesis.Header;
        var turns = headers[0].Header.Index <= 1 && spec.Stake is { } stake ? LedgerState.Genesis(spec).Stakes?.TurnsAfter(stake) : null;
        for (var i = 0; i < headers.Count; i++)
        {
            if (Check(i) is { } refusal) return refusal with { Detail = $"Header of block {headers[i].Header.Index}: {refusal.Detail}" };
            if (headers[i].Header.Index > 0) turns = turns?.After(headers[i].Header, spec);
        }

        return new HeaderChain([.. headers]);

        Refusal? Check(int i)
        {
            var one = headers[i];
            if (i == 0 && one.Header.Index == 0)
                return one.Header == genesis && one.Seal is null ? null : new Refusal(RefusalCodes.WrongChain, $"It is not the genesis of «{spec.ChainId}».");

            return HeaderRules.Verify(one.Header, i > 0 ? headers[i - 1].Header : one.Header.Index == 1 ? genesis : null, spec).Refusal
                ?? (turns is null ? seals.VerifyAlone(one, Before) : seals.Verify(one, Before, turns)).Refusal
                ?? BlockTime.Verify(one.Header.Timestamp, MedianBefore(one.Header), now, spec).Refusal;

            BlockHeader? Before(int steps)
            {
                var index = one.Header.Index - 1 - steps;
                var at = index - headers[0].Header.Index;
                return at >= 0 ? headers[(int)at].Header : index == 0 ? genesis : null;
            }

            long MedianBefore(BlockHeader header) =>
                Before(BlockTime.MedianSpan - 1) is not null || (header.Index <= BlockTime.MedianSpan && headers[0].Header.Index <= 1) ? BlockTime.Median(Before) : long.MinValue;
        }
    }

    /// <summary>The header of block <paramref name="index"/>; null when it is not among these.</summary>
    public BlockHeader? At(long index) => index >= First.Index && index <= Tip.Index ? _headers[index - First.Index].Header : null;

    /// <summary>What the blocks from one index to another, both inclusive, add to a branch's weight.</summary>
    /// <param name="seals">Weighs a header.</param>
    /// <param name="from">Index of the first one.</param>
    /// <param name="to">Index of the last one.</param>
    public UInt128 WeightOf(ISealVerifier seals, long from, long to)
    {
        var weight = UInt128.Zero;
        for (var index = Math.Max(from, First.Index); index <= to && At(index) is { } header; index++) weight += header.Index == 0 ? 0 : seals.WeightOf(header);
        return weight;
    }
}
