using System.Diagnostics;
using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>What one block costs on its way between two nodes on a chain of 10,000: what several figures show.</summary>
/// <remarks>The one node is a process as a user starts it. The other is in this process and calls it through a relay that counts bytes; nobody calls it, so that it learns of a block only when it resolves.</remarks>
internal sealed class CatchUpTrial
{
    private const int Blocks = 10_000;
    private const int Fans = 1_000;
    private const int CaughtUp = 100;
    private const int Relayed = 1_000;

    private CatchUpTrial()
    {
    }

    /// <summary>Bytes of both directions when the block's transactions are unknown, a run.</summary>
    public List<double> UnknownBytes { get; } = [];

    /// <summary>The same when they wait already.</summary>
    public List<double> KnownBytes { get; } = [];

    /// <summary>Milliseconds when they are unknown.</summary>
    public List<double> UnknownTimes { get; } = [];

    /// <summary>Milliseconds when they wait already.</summary>
    public List<double> KnownTimes { get; } = [];

    /// <summary>Bytes of both directions when a block is announced whose transactions wait on both sides, for each of them.</summary>
    public List<double> RelayedBytes { get; } = [];

    /// <summary>Headers, blocks and bytes of bodies that the node says it fetched, of the last run with unknown transactions.</summary>
    public string Fetched { get; private set; } = string.Empty;

    public static CatchUpTrial Run(Session session)
    {
        var trial = new CatchUpTrial();
        var warmUps = session.IsQuick ? 1 : 3;
        var rounds = session.Runs + warmUps;
        using var world = session.Build("catch-up", new WorldSize(Fans, rounds * (CaughtUp + CaughtUp + Relayed), 0, Difficulty: 4, EmptyBlocks: Blocks));
        using var behind = new CallingNode(world.Spec, world.Copy("behind"));
        using var relay = new CountingRelay();
        using var ahead = ServerProcess.StartNode(world, "--Mining:Enabled=false", $"--Node:PublicUrl=http://{relay.EndPoint}");
        relay.Server = ahead.EndPoint;
        behind.Register(relay.EndPoint);
        var next = 0;
        for (var round = 0; round < rounds; round++)
        {
            trial.BringUnknown(world, next, ahead, behind, relay);
            trial.BringKnown(world, next + CaughtUp, ahead, behind, relay);
            trial.Announce(world, next + CaughtUp + CaughtUp, ahead, behind, relay);
            next += CaughtUp + CaughtUp + Relayed;
            if (round < warmUps) trial.Forget();
        }

        return trial;
    }

    private void BringUnknown(TicketWorld world, int first, ServerProcess ahead, CallingNode behind, CountingRelay relay)
    {
        var requests = new RequestSet();
        foreach (var purchase in world.SignPurchases(first, CaughtUp)) requests.AddPost("/tickets/purchase", Signer.BodyOf(purchase));
        using (var load = new HttpLoad(ahead.EndPoint, 8)) load.Run(requests, 0, CaughtUp, 201).Clean();
        ahead.Mine();
        CatchUp(behind, relay, UnknownBytes, UnknownTimes);
    }

    private void BringKnown(TicketWorld world, int first, ServerProcess ahead, CallingNode behind, CountingRelay relay)
    {
        behind.Submit(world.SignPurchases(first, CaughtUp));
        ahead.WaitFor("secuticket_pending_transactions", CaughtUp);
        ahead.Mine();
        CatchUp(behind, relay, KnownBytes, KnownTimes);
    }

    private void CatchUp(CallingNode behind, CountingRelay relay, List<double> bytes, List<double> times)
    {
        relay.WaitForSilence();
        var before = relay.Bytes;
        var start = Stopwatch.GetTimestamp();
        var resolution = behind.Resolve();
        times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        relay.WaitForSilence();
        bytes.Add(relay.Bytes - before);
        if (resolution.Fetched.Blocks != 1) throw new BenchmarkFailedException($"{resolution.Fetched.Blocks} blocks were fetched for one.");
        if (behind.Node.Snapshot.Pending.Count > 0) throw new BenchmarkFailedException("The block did not confirm what waits.");
        if (bytes == UnknownBytes) Fetched = $"{resolution.Fetched.Headers} header, {resolution.Fetched.Blocks} block, {resolution.Fetched.Bytes:N0} bytes of bodies";
    }

    private void Announce(TicketWorld world, int first, ServerProcess ahead, CallingNode behind, CountingRelay relay)
    {
        behind.Submit(world.SignPurchases(first, Relayed));
        ahead.WaitFor("secuticket_pending_transactions", Relayed);
        relay.WaitForSilence();
        var before = relay.Bytes;
        var index = behind.Seal();
        ahead.WaitFor("secuticket_chain_height", index);
        relay.WaitForSilence();
        RelayedBytes.Add((relay.Bytes - before) / (double)Relayed);
    }

    private void Forget()
    {
        foreach (var values in (ReadOnlySpan<List<double>>)[UnknownBytes, KnownBytes, UnknownTimes, KnownTimes, RelayedBytes]) values.Clear();
    }
}
