using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Forging;

/// <summary>Two things that one validator signed and nobody may sign both.</summary>
/// <param name="Offender">Who signed them.</param>
/// <param name="First">One of them.</param>
/// <param name="Second">The other.</param>
public sealed record Offence(Address Offender, SignedStatement First, SignedStatement Second);

/// <summary>Remembers what validators signed of late, and finds what contradicts it; in bounded memory, for one thread.</summary>
/// <param name="spec">What the chain's nodes agree on.</param>
/// <param name="seals">Checks seals of headers that came without their blocks.</param>
public sealed class OffenceWatch(ChainSpec spec, ISealVerifier seals)
{
    /// <summary>Headers remembered: of the last slots.</summary>
    public const int MaxHeaders = 4_096;

    /// <summary>Votes of one validator remembered: those for the highest targets.</summary>
    public const int MaxVotes = 64;

    /// <summary>Validators whose votes are remembered.</summary>
    public const int MaxVoters = 1_024;

    private readonly SortedDictionary<(long Slot, Address Forger), SealedHeader> _headers = [];
    private readonly Dictionary<Address, SortedList<long, VerifiedTransaction>> _votes = [];

    /// <summary>Values remembered.</summary>
    public int Remembered => _headers.Count + _votes.Values.Sum(static votes => votes.Count);

    /// <summary>Looks at a header.</summary>
    /// <param name="header">The header and its seal.</param>
    /// <param name="isChecked">Whether its seal was checked.</param>
    /// <param name="remembers">Whether it is remembered when its seal, which nobody checked, is right: of a validator, whose block may come to nothing and whose second one of the slot may be the good one. Any other is only compared.</param>
    /// <returns>The offence that it proves; null when it proves none.</returns>
    public Offence? See(SealedHeader header, bool isChecked, bool remembers = false)
    {
        if (header.Seal is not { } seal) return null;

        var key = (spec.SlotOf(header.Header.Timestamp), header.Header.Sealer);
        if (!_headers.TryGetValue(key, out var other))
        {
            if (isChecked || (remembers && IsSealed(header))) Remember(key, header);
            return null;
        }

        if (other.Header.Hash == header.Header.Hash || (!isChecked && !IsSealed(header))) return null;

        return new Offence(header.Header.Sealer, Statement(other.Header, other.Seal!.Value), Statement(header.Header, seal));
    }

    /// <summary>Looks at a transaction whose signatures were checked.</summary>
    /// <param name="transaction">Any transaction; only votes matter.</param>
    /// <param name="isValidator">Whether an account's votes count: those of others are not remembered.</param>
    /// <returns>The offence that it proves; null when it proves none.</returns>
    public Offence? See(VerifiedTransaction transaction, Func<Address, bool> isValidator)
    {
        if (transaction.Payload.Operation is not Vote vote || !isValidator(transaction.Payload.Sender)) return null;

        var voter = transaction.Payload.Sender;
        if (!_votes.TryGetValue(voter, out var votes))
        {
            if (_votes.Count == MaxVoters) _votes.Clear();
            _votes[voter] = votes = [];
        }

        foreach (var before in votes.Values)
            if (vote.Contradicts((Vote)before.Payload.Operation)) return new Offence(voter, Statement(before.Transaction), Statement(transaction.Transaction));
        votes[vote.TargetIndex] = transaction;
        if (votes.Count > MaxVotes) votes.RemoveAt(0);
        return null;
    }

    private bool IsSealed(SealedHeader header) => seals.VerifyAlone(header, static _ => null).IsAccepted;

    private void Remember((long Slot, Address Forger) key, SealedHeader header)
    {
        _headers[key] = header;
        if (_headers.Count > MaxHeaders) _headers.Remove(_headers.First().Key);
    }

    private static SignedStatement Statement(BlockHeader header, TransactionSignature seal) => new([.. header.Encode()], seal.Key, seal.Value);

    private static SignedStatement Statement(Transaction transaction) => new([.. transaction.Payload.Canonical.Span], transaction.Signatures[0].Key, transaction.Signatures[0].Value);
}
