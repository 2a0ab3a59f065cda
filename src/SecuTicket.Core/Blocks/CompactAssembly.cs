using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Blocks;

/// <summary>Makes a block of a <see cref="CompactBlock"/>, of what waits here, and of what is missing then.</summary>
/// <remarks>
/// Short ids are only 48 bits, and whoever finds a block can look for transactions that share one. So an id that two places or two waiting transactions
/// have names nothing, and what an id named is believed only when the header commits to it.
/// </remarks>
public sealed class CompactAssembly
{
    private readonly CompactBlock _compact;
    private readonly Transaction?[] _body;
    private readonly int _found;

    private CompactAssembly(CompactBlock compact, Transaction?[] body)
    {
        _compact = compact;
        _body = body;
        Missing = [.. Enumerable.Range(0, body.Length).Where(place => body[place] is null)];
        _found = body.Length - compact.Given.Count - Missing.Count;
    }

    /// <summary>Places of the transactions that are neither given nor found, rising.</summary>
    public EquatableArray<int> Missing { get; }

    /// <summary>Finds what can be found.</summary>
    /// <param name="compact">A compact block whose counts agree, as <see cref="CompactBlock.Decode"/> and <see cref="CompactBlock.Of"/> give it.</param>
    /// <param name="pending">Transactions that wait here, in any order; each is looked at once.</param>
    public static CompactAssembly Of(CompactBlock compact, IEnumerable<Transaction> pending)
    {
        var body = new Transaction?[compact.Count];
        foreach (var (place, transaction) in compact.Given.Span) body[place] = transaction;

        // Sorted, not hashed: a stranger chose the ids, and could choose them for one bucket.
        var (ids, places) = Sort(compact, body);
        var hash = compact.Hash;
        foreach (var transaction in ids.Length > 0 ? pending : [])
        {
            var at = Array.BinarySearch(ids, ShortId.Of(hash, transaction.Leaf).Value);
            if (at < 0 || places[at] is not { } place) continue;

            if (body[place] is null) body[place] = transaction;
            else if (body[place]!.Leaf != transaction.Leaf) (body[place], places[at]) = (null, null);
        }

        return new CompactAssembly(compact, body);
    }

    /// <summary>The block, once what was missing is there.</summary>
    /// <param name="missing">The transactions of <see cref="Missing"/>, in that order.</param>
    /// <returns>
    /// The block, whose body is the header's; or a refusal. Of kind <see cref="RefusalKind.Transient"/> (<c>invalid_root</c>): a transaction found here may be another one
    /// with the same short id, so the block is to be asked for whole. Of kind <see cref="RefusalKind.Invalid"/>: who sent the block lied (<c>invalid_root</c>),
    /// or who sent the missing ones did (<c>invalid_block</c>).
    /// </returns>
    public Verdict<Block> Complete(EquatableArray<Transaction> missing)
    {
        if (missing.Count != Missing.Count) return new Refusal(RefusalCodes.InvalidBlock, $"{Missing.Count} transactions of the block were missing, {missing.Count} came.");

        var body = _body.ToArray();
        for (var i = 0; i < missing.Count; i++) body[Missing[i]] = missing[i];
        var block = new Block(_compact.Header.Header, new EquatableArray<Transaction>(body!), _compact.Header.Seal);
        if (block.ComputeTransactionsRoot() == block.Header.TransactionsRoot) return block;

        if (FirstMisnamed(body!) is { } place) return new Refusal(RefusalCodes.InvalidBlock, $"The transaction that came for place {place} has not the short id of that place.");

        return _found > 0
            ? new Refusal(RefusalCodes.InvalidRoot, "The transactions found by their short ids are not all the block's.", RefusalKind.Transient)
            : new Refusal(RefusalCodes.InvalidRoot, "The transactions given are not those that the header commits to.");
    }

    // The first place filled from outside whose transaction the compact block does not name there.
    private int? FirstMisnamed(Transaction[] body)
    {
        var (hash, id, given) = (_compact.Hash, 0, 0);
        for (var place = 0; place < body.Length; place++)
        {
            if (given < _compact.Given.Count && _compact.Given[given].Place == place) given++;
            else if (_compact.ShortIds[id++] != ShortId.Of(hash, body[place].Leaf)) return place;
        }

        return null;
    }

    // The short ids, rising, and the place of each; none where two places have one id.
    private static (ulong[] Ids, int?[] Places) Sort(CompactBlock compact, Transaction?[] body)
    {
        var named = new ulong[compact.ShortIds.Count];
        var order = new int[named.Length];
        for (var (i, place) = (0, 0); i < named.Length; i++, place++)
        {
            while (body[place] is not null) place++;
            (named[i], order[i]) = (compact.ShortIds[i].Value, place);
        }

        Array.Sort(named, order);
        var places = new int?[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            var isShared = (i > 0 && named[i - 1] == named[i]) || (i + 1 < named.Length && named[i + 1] == named[i]);
            places[i] = isShared ? null : order[i];
        }

        return (named, places);
    }
}
