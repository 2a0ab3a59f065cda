using System.Runtime.CompilerServices;
using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Ledger;
using SecuTicket.Node.Storage;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>What a ticket costs while the node runs.</summary>
internal sealed class MemoryPerTicket : Figure
{
    public override string Name => "memory_per_ticket";

    public override string Unit => "bytes";

    public override string About => "Live heap of a ledger of 1,000,000 sold tickets and 100,000 owners, after full collections, by ticket; sales remembered against replay included.";

    public override bool LowerIsBetter => true;

    public override double? Target => 400;

    public override string LimitName => "its stored bytes";

    /// <summary>A ticket and its id, and the id of the sale that is remembered until it expires, as bytes on the disk.</summary>
    public override double? Limit(Session session)
    {
        using var loaded = new LoadedLedger(session.MillionTickets.Small);
        var ledger = loaded.Ledger;
        return ledger.Tickets.Take(1_000).Average(entry => (double)entry.Key.Span.Length + LedgerEncoding.Encode(entry.Value).Length)
            + (ledger.Seen.Count * (double)Core.Primitives.NumberedHash.Size / ledger.Tickets.Count);
    }

    public override Measurement Measure(Session session)
    {
        var values = new double[session.Runs];
        for (var i = 0; i < values.Length; i++) values[i] = BytesOfTicket(session.MillionTickets);
        return new Measurement(values);
    }

    // A call of its own each time: in one loop the ledger before was still held by the loop's frame, and its memory was the next one's.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double BytesOfTicket(LargeWorld large)
    {
        var before = LiveHeap();
        using var loaded = new LoadedLedger(large.Small);
        var after = LiveHeap();
        return loaded.Ledger.Tickets.Count == large.Count ? (double)(after - before) / large.Count : throw new BenchmarkFailedException("The ledger lacks tickets.");
    }

    private static long LiveHeap()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();

        // Collects until nothing more goes.
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    // The store and what it loaded beside the ledger is dropped at once; only the ledger stays alive.
    private sealed class LoadedLedger(TicketWorld world) : IDisposable
    {
        public LedgerState Ledger { get; } = Load(world);

        public void Dispose() => GC.KeepAlive(Ledger);

        private static LedgerState Load(TicketWorld world)
        {
            using var database = SqliteDatabase.Open(Path.Combine(world.DataDirectory, Node.Storage.DataDirectory.LedgerName));
            using var store = new SqliteBlockStore(database);
            var ledger = store.Load(world.Spec).Ledger;
            ledger.Complete();
            return ledger;
        }
    }
}
