using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>What Kestrel and the client can exchange on these cores.</summary>
internal sealed class LimitHttp : Figure
{
    // What the node answers a purchase with takes about as much.
    private const int AnswerSize = 180;
    private const int BodySize = 600;

    public override string Name => "limit_http";

    public override string Unit => "requests/s";

    public override string About => "POSTs of a purchase's size that a minimal Kestrel endpoint echoes a second, same client, same cores.";

    public override Measurement Measure(Session session)
    {
        var body = new byte[BodySize];
        body.AsSpan().Fill((byte)' ');
        var requests = new RequestSet();
        var count = session.IsQuick ? 10_000 : 60_000;
        for (var i = 0; i < count; i++) requests.AddPost("/echo", body);
        return EchoLoad.Measure(session, AnswerSize, requests, 201);
    }
}

/// <summary>The same for a ticket looked up.</summary>
internal sealed class LimitHttpGet : Figure
{
    // What the node answers for a ticket takes about as much.
    private const int AnswerSize = 400;

    public override string Name => "limit_http_get";

    public override string Unit => "requests/s";

    public override string About => "GETs of a ticket's size that a minimal Kestrel endpoint answers a second, same client, same cores.";

    public override Measurement Measure(Session session)
    {
        var requests = new RequestSet();
        var count = session.IsQuick ? 10_000 : 60_000;
        for (var i = 0; i < count; i++) requests.AddGet($"/echo/{i:x32}");
        return EchoLoad.Measure(session, AnswerSize, requests, 200);
    }
}

/// <summary>Loads the echoing server.</summary>
internal static class EchoLoad
{
    public static Measurement Measure(Session session, int answerSize, RequestSet requests, int status)
    {
        using var server = ServerProcess.StartEcho(answerSize);
        using var load = new HttpLoad(server.EndPoint, session.Connections);
        load.Run(requests, 0, requests.Count, status).Clean();
        var rates = new double[session.Runs];
        for (var i = 0; i < rates.Length; i++) rates[i] = load.Run(requests, 0, requests.Count, status).Clean().PerSecond;
        return new Measurement(rates);
    }
}
