using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>H: what Kestrel and the client can exchange on these cores.</summary>
/// <param name="exchange">Which bytes.</param>
internal sealed class LimitHttp(HttpExchange exchange) : Figure
{
    private const int Requests = 10_000;

    // Until the server's code is compiled for good: a limit that is too low flatters what it bounds.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Run = TimeSpan.FromSeconds(1);

    public override string Name => $"limit_http{exchange.Name}";

    public override string Unit => "requests/s";

    public override string About => $"H: {(exchange.Body > 0 ? "POST" : "GET")}s of {exchange.Body} bytes that a minimal Kestrel server answers a second with {exchange.Answer} bytes, same client, same cores.";

    public override Measurement Measure(Session session)
    {
        var requests = new RequestSet();
        var body = new byte[exchange.Body];
        body.AsSpan().Fill((byte)' ');
        for (var i = 0; i < Requests; i++)
        {
            if (exchange.Body > 0) requests.AddPost($"{EchoServer.PathOf(exchange.Answer)}purchase", body);
            else requests.AddGet($"{EchoServer.PathOf(exchange.Answer)}{i:x32}");
        }

        var status = exchange.Body > 0 ? EchoServer.PostStatus : EchoServer.GetStatus;
        var server = session.Echo;
        using var load = new HttpLoad(server.EndPoint, session.Connections);
        load.RunFor(requests, session.IsQuick ? WarmUp / 2 : WarmUp, status).Clean();
        var rates = new double[session.Runs];
        var (used, answered) = (server.ProcessorTime, 0);
        for (var i = 0; i < rates.Length; i++)
        {
            var result = load.RunFor(requests, session.IsQuick ? Run / 2 : Run, status).Clean();
            rates[i] = result.PerSecond;
            answered += result.Expected;
        }

        return new Measurement(rates, $"the server used {(server.ProcessorTime - used).TotalMicroseconds / answered:0} µs of processor time for each");
    }
}
