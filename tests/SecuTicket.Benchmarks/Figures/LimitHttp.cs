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
    private static readonly TimeSpan Run = TimeSpan.FromSeconds(0.6);

    public override string Name => $"limit_http{exchange.Name}";

    public override string Unit => "requests/s";

    public override string About => $"H: {(exchange.IsPurchase ? "signed purchases" : "looks at a ticket")} that a minimal Kestrel server answers a second with as many bytes as the node, head and body, same client, same cores.";

    /// <summary>Requests to the echo of a session, as long as those to a node and answered as long.</summary>
    public static RequestSet RequestsTo(Session session, HttpExchange exchange)
    {
        var size = session.SizeOf(exchange);
        var path = EchoServer.PathOf(session.Echo, size);
        var requests = new RequestSet();
        var body = new byte[size.Body];
        body.AsSpan().Fill((byte)' ');
        for (var i = 0; i < Requests; i++)
        {
            if (exchange.IsPurchase) requests.AddPost($"{path}purchase", body);
            else requests.AddGet($"{path}{i:x32}");
        }

        return requests;
    }

    public override Measurement Measure(Session session)
    {
        var size = session.SizeOf(exchange);
        var server = session.Echo;
        var requests = RequestsTo(session, exchange);
        var status = exchange.IsPurchase ? EchoServer.PostStatus : EchoServer.GetStatus;
        using var load = new HttpLoad(server.EndPoint, session.Connections);
        load.RunFor(requests, session.IsQuick ? WarmUp / 4 : WarmUp, status).Clean();
        var rates = new double[session.Runs];
        var (used, answered) = (server.ProcessorTime, 0);
        for (var i = 0; i < rates.Length; i++)
        {
            var result = load.RunFor(requests, Run, status).Clean();
            rates[i] = result.PerSecond;
            answered += result.Expected;
        }

        return new Measurement(
            rates,
            $"a body of {size.Body} bytes, answered with a head of {size.AnswerHead} and a body of {size.AnswerBody}; the server used {(server.ProcessorTime - used).TotalMicroseconds / answered:0} µs of processor time for each");
    }
}
