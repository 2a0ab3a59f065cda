using BenchmarkDotNet.Attributes;
using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Benchmarks.Micro;

/// <summary>What the single writer does with a purchase, without the disk.</summary>
[MemoryDiagnoser]
public class AdmissionFigures : IDisposable
{
    private const int Purchases = 1_000;

    private readonly ScratchDirectory _scratch = new();
    private TicketWorld? _world;
    private Blockchain? _chain;
    private VerifiedTransaction[] _purchases = [];
    private PendingSet? _full;
    private long _now;

    [GlobalSetup]
    public void Prepare()
    {
        _world = TicketWorld.Build(_scratch["world"], new WorldSize(1_000, 20_000, 19_000));
        using var fill = new LedgerFill(_world.DataDirectory, _world.Spec);
        _chain = fill.Chain;
        _purchases = [.. _world.SignPurchases(19_000, Purchases).Select(TransactionVerifier.Restore)];
        _now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        _full = Admit();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _world?.Dispose();
        _scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Purchases)]
    public PendingSet Admit()
    {
        var pending = PendingSet.Empty(new MempoolLimits(), _chain!.Ledger);
        var context = _chain.NextContext(_now);
        foreach (var purchase in _purchases) pending = pending.Admit(purchase, context, _now).Value;
        return pending;
    }

    [Benchmark(OperationsPerInvoke = Purchases)]
    public LedgerState Apply()
    {
        var state = _chain!.Ledger;
        var context = _chain.NextContext(_now);
        foreach (var purchase in _purchases) state = LedgerRules.Apply(state, purchase, context).Value.State;
        return state;
    }

    [Benchmark(OperationsPerInvoke = Purchases)]
    public BlockTemplate MakeTemplate() => BlockTemplate.Next(_chain!, _purchases, _world!.Organiser.Address, _now);

    [Benchmark(OperationsPerInvoke = Purchases)]
    public PendingSet RebaseOnUnchangedTip() => _full!.Rebase(_chain!.Ledger, _chain.NextContext(_now), [], _ => false, _now).Set;
}
