using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>H: what Kestrel and the client can exchange on these cores.</summary>
/// <param name="exchange">Which bytes.</param>
internal sealed class LimitHttp(HttpExchange exchange) : Figure
{
    public override string Name => $"limit_http{exchange.Name}";

    public override string Unit => "requests/s";

    public override string About => $"H: {(exchange.Body > 0 ? "POST" : "GET")}s of {exchange.Body} bytes that a minimal Kestrel server answers a second with {exchange.Answer} bytes, same client, same cores.";

    public override Measurement Measure(Session session)
    {
        var requests = new RequestSet();
        var count = session.IsQuick ? 10_000 : 40_000;
        var body = new byte[exchange.Body];
        body.AsSpan().Fill((byte)' ');
        for (var i = 0; i < count; i++)
        {
            if (exchange.Body > 0) requests.AddPost("/tickets/purchase", body);
            else requests.AddGet($"/tickets/{i:x32}");
        }

        var status = exchange.Body > 0 ? EchoServer.PostStatus : EchoServer.GetStatus;
        using var server = ServerProcess.StartEcho(exchange.Answer);
        using var load = new HttpLoad(server.EndPoint, session.Connections);
        load.Run(requests, 0, count, status).Clean();
        var rates = new double[session.Runs];
        var used = server.ProcessorTime;
        for (var i = 0; i < rates.Length; i++) rates[i] = load.Run(requests, 0, count, status).Clean().PerSecond;
        return new Measurement(rates, $"the server used {(server.ProcessorTime - used).TotalMicroseconds / count / rates.Length:0} µs of processor time for each");
    }
}
