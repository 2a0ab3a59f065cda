using System.Globalization;
using System.Text.Json;
using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>How soon a transaction is never undone.</summary>
internal sealed class StakeFinality : Figure
{
    private const int Nodes = 5;
    private const int SlotTime = 1_000;
    private const int Pause = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public override string Name => "stake_finality";

    public override string Unit => "slots";

    public override string About => "From posting a transaction at one of five validators' nodes of this machine, at times spread evenly over a slot of a second, until the last of the five says that it is final.";

    public override bool LowerIsBetter => true;

    public override double? Target => 3;

    public override Measurement Measure(Session session)
    {
        using var world = new StakeWorld(Nodes, SlotTime);
        var nodes = new List<ServerProcess>();
        try
        {
            for (var i = 0; i < Nodes; i++)
                nodes.Add(ServerProcess.StartNodeOn(world.FolderOf(i), world.SpecFile, [$"--Node:ForgingKeyFile={world.Keys[i]}", "--Network:LookInterval=00:00:01", .. nodes.Select((node, at) => $"--Node:Peers:{at}=http://{node.EndPoint}")]));
            foreach (var node in nodes) node.WaitFor("secuticket_peers_connected", Nodes - 1);
            for (var warmUp = 0; warmUp < 2; warmUp++) Slots(world, nodes, -1 - warmUp, 0);
            return new Measurement([.. Enumerable.Range(0, session.Runs).Select(run => Slots(world, nodes, run, SlotTime * ((2 * run) + 1) / (2 * session.Runs)))], "nodes are asked every 10 ms");
        }
        finally
        {
            foreach (var node in nodes) node.Dispose();
        }
    }

    private static double Slots(StakeWorld world, List<ServerProcess> nodes, int run, int into)
    {
        var transaction = world.TopUp(run + nodes.Count);
        var requests = new RequestSet();
        requests.AddPost("/transactions", Signer.BodyOf(transaction));
        while (((DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - world.GenesisTime) % SlotTime) - into is < 0 or > 2 * Pause) Thread.Sleep(Pause);
        var start = TimeProvider.System.GetTimestamp();
        using (var load = new HttpLoad(nodes[Math.Abs(run) % nodes.Count].EndPoint, 1)) load.Run(requests, 0, 1, 201).Clean();
        foreach (var node in nodes)
        {
            while (!IsFinal(node, transaction.Id.ToString()))
            {
                if (TimeProvider.System.GetElapsedTime(start) > Patience) throw new BenchmarkFailedException(string.Create(CultureInfo.InvariantCulture, $"A transaction is not final after {Patience.TotalSeconds} s."));
                Thread.Sleep(Pause);
            }
        }

        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds / SlotTime;
    }

    // The other nodes hear of it a little later.
    private static bool IsFinal(ServerProcess node, string id)
    {
        var (status, body) = HttpLoad.Get(node.EndPoint, $"/transactions/{id}");
        if (status != 200) return false;

        using var answer = JsonDocument.Parse(body);
        return answer.RootElement.GetProperty("final").GetBoolean();
    }
}
