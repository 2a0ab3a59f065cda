using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>Memory that a purchase takes and leaves to the collector.</summary>
internal sealed class AllocationPerPurchase : Figure
{
    private const string Allocated = "dotnet_gc_allocated_bytes_total";

    public override string Name => "allocation_per_purchase";

    public override string Unit => "bytes";

    public override string About => "Managed memory that a node takes for a purchase over HTTP, its blocks included, above what a minimal Kestrel server takes for a request of that size.";

    public override bool LowerIsBetter => true;

    public override double? Target => 2_048;

    public override Measurement Measure(Session session)
    {
        // What they need to exist, and code that is compiled meanwhile, is behind those that come first.
        const int Echoes = 10_000;
        var requests = new RequestSet();
        var path = $"{EchoServer.PathOf(session.Echo, session.SizeOf(HttpExchange.Purchase))}purchase";
        foreach (var body in session.Sale.Bodies(0, 2 * Echoes)) requests.AddPost(path, body);
        using var load = new HttpLoad(session.Echo.EndPoint, session.Connections);
        load.Run(requests, 0, Echoes, EchoServer.PostStatus).Clean();
        var before = session.Echo.Metric(Allocated);
        load.Run(requests, Echoes, Echoes, EchoServer.PostStatus).Clean();
        var least = (session.Echo.Metric(Allocated) - before) / Echoes;
        return new Measurement([.. session.Purchases.AllocatedBytes.Select(bytes => bytes - least)], $"the bare server takes {least:N0} bytes a request");
    }
}
