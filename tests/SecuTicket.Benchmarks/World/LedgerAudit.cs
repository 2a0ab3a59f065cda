using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Benchmarks.World;

/// <summary>Looks into the data directory of a node that is gone, whether it did what it answered.</summary>
internal sealed class LedgerAudit(TicketWorld world)
{
    /// <summary>Checks that tickets 0 to <paramref name="sold"/> − 1 belong to their buyers, confirmed or pending, who paid for them, and that no coin came or went.</summary>
    /// <param name="sold">Tickets that were acknowledged as sold.</param>
    /// <param name="buyerOf">Who bought a ticket; the world's fans when null.</param>
    /// <returns>Blocks of the chain.</returns>
    /// <exception cref="BenchmarkFailedException">They do not.</exception>
    public long Check(int sold, Func<int, Address>? buyerOf = null)
    {
        buyerOf ??= ticket => world.BuyerOf(ticket).Address;
        var (state, length) = Load();
        for (var i = 0; i < world.Tickets.Length; i++)
        {
            var ticket = state.Tickets.Find(world.Tickets[i]);
            var owner = i < sold ? buyerOf(i) : world.Organiser.Address;
            if (ticket is null || ticket.Owner != owner) Fail($"Ticket {i} belongs to {ticket?.Owner}, expected {owner}.");
        }

        CheckMoney(state, sold, length);
        return length;
    }

    /// <summary>Checks that every ticket belongs to a fan, that each fan paid for exactly those that are theirs, and that no coin came or went.</summary>
    /// <returns>Blocks of the chain.</returns>
    /// <exception cref="BenchmarkFailedException">It is not so.</exception>
    public long CheckSoldOut()
    {
        var (state, length) = Load();
        var bought = world.Tickets.CountBy(id => state.Tickets.Find(id)!.Owner).ToDictionary();
        foreach (var fan in world.Fans)
        {
            var paid = TicketWorld.Coins - state.BalanceOf(fan.Address);
            if (paid != bought.GetValueOrDefault(fan.Address) * TicketWorld.Price) Fail($"{fan.Address} paid {paid} for {bought.GetValueOrDefault(fan.Address)} tickets.");
        }

        CheckMoney(state, world.Tickets.Length, length);
        return length;
    }

    private (LedgerState State, long Length) Load()
    {
        using var directory = DataDirectory.Open(world.DataDirectory);
        using var database = SqliteDatabase.Open(directory.LedgerFile);
        using var store = new SqliteBlockStore(database);
        using var keys = new P256Verifier(world.Fans.Length);
        var stored = store.Load(world.Spec);
        var chain = Blockchain.Restore(world.Spec, new ProofOfWorkVerifier(world.Spec, keys), stored.Recent, stored.Tip, stored.Ledger);
        var verifier = new TransactionVerifier(keys);
        var (pending, rejected) = PendingSet.Empty(new MempoolLimits(), chain.Ledger, stored.NextSequence).Restore(
            stored.Pending.Select(one => (verifier.Verify(one.Transaction).Value, one.Sequence, one.AdmittedAt)), chain.NextContext(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        if (rejected.Count > 0) Fail($"{rejected.Count} acknowledged purchases can not be confirmed, the first because {rejected[0].Refusal.Detail}");

        return (pending.State, chain.Tip.Header.Index + 1);
    }

    // All coins are the fans', the organiser's or rewards.
    private void CheckMoney(LedgerState state, int sold, long length)
    {
        var rewards = (length - 1) * world.Spec.Reward;
        var sum = state.Balances.Sum(entry => entry.Value);
        if (state.Supply != world.ToppedUp + rewards || sum != state.Supply) Fail($"Supply {state.Supply}, sum of balances {sum}, expected {world.ToppedUp} topped up and {rewards} in rewards.");
        if (state.BalanceOf(world.Organiser.Address) != sold * TicketWorld.Price) Fail($"The organiser has {state.BalanceOf(world.Organiser.Address)}, expected {sold * TicketWorld.Price}.");
    }

    private static void Fail(string what) => throw new BenchmarkFailedException(what);
}
