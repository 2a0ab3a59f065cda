using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>Memory that a purchase takes and leaves to the collector.</summary>
internal sealed class AllocationPerPurchase : Figure
{
    private const int Fans = 1_000;
    private const int AnswerSize = 180;
    private const string Allocated = "dotnet_gc_allocated_bytes_total";

    public override string Name => "allocation_per_purchase";

    public override string Unit => "bytes";

    public override string About => "Managed memory that a node takes for a purchase over HTTP, its blocks included, above what a minimal Kestrel endpoint takes for a request of that size.";

    public override bool LowerIsBetter => true;

    public override double? Target => 2_048;

    public override Measurement Measure(Session session)
    {
        var (warmUp, perRun) = session.IsQuick ? (8_000, 4_000) : (12_000, 12_000);
        var total = warmUp + (perRun * session.Runs);
        using var world = session.Build("allocation", new WorldSize(Fans, total, 0));
        var (purchases, echoes) = (new RequestSet(), new RequestSet());
        foreach (var body in world.SignPurchases(0, total).Select(Signer.BodyOf))
        {
            purchases.AddPost("/tickets/purchase", body);
            echoes.AddPost("/echo", body);
        }

        using var echo = ServerProcess.StartEcho(AnswerSize);
        var least = Bytes(session, echo, echoes, warmUp, perRun);
        using var server = ServerProcess.StartNode(world);
        var taken = Bytes(session, server, purchases, warmUp, perRun);
        return new Measurement([.. taken.Zip(least, (node, bare) => node - bare)], $"the bare endpoint takes {least.Average():N0} bytes a request");
    }

    private static double[] Bytes(Session session, ServerProcess server, RequestSet requests, int warmUp, int perRun)
    {
        var bytes = new double[session.Runs];
        using var load = new HttpLoad(server.EndPoint, session.Connections);
        load.Run(requests, 0, warmUp, 201).Clean();
        for (var i = 0; i < bytes.Length; i++)
        {
            var before = server.Metric(Allocated);
            load.Run(requests, warmUp + (i * perRun), perRun, 201).Clean();
            bytes[i] = (server.Metric(Allocated) - before) / perRun;
        }

        return bytes;
    }
}
