using System.Text;
using SecuTicket.Benchmarks.Load;

namespace SecuTicket.Benchmarks.World;

/// <summary>Bytes of a request's body and of its answer.</summary>
/// <param name="Body">Of the request; 0 for a GET.</param>
/// <param name="AnswerHead">Of the answer, to the empty line.</param>
/// <param name="AnswerBody">Of the answer.</param>
internal readonly record struct ExchangeSize(int Body, int AnswerHead, int AnswerBody);

/// <summary>What a node was seen to answer, so that what bounds it exchanges as many bytes.</summary>
/// <param name="Purchase">To a signed purchase.</param>
/// <param name="Lookup">To a look at a ticket.</param>
internal sealed record SeenAnswers(ExchangeSize Purchase, ExchangeSize Lookup)
{
    /// <summary>Asks a node.</summary>
    /// <param name="folder">Where its world is made.</param>
    public static SeenAnswers Of(string folder)
    {
        using var large = LargeWorld.Build(folder, 1_000, 100, forSale: 1);
        using var server = ServerProcess.StartNode(large.Small);
        var body = Signer.BodyOf(large.Small.SignPurchase(large.Tickets[^1], large.Small.Fans[0]));
        var requests = new RequestSet();
        requests.AddPost("/tickets/purchase", body);
        requests.AddGet($"/tickets/{large.Tickets[0]}");
        return new SeenAnswers(
            Size(server, requests[0], body.Length, EchoServer.PostStatus, "\"transaction_id\""),
            Size(server, requests[1], 0, EchoServer.GetStatus, $"{large.OwnerOf(0)}"));
    }

    private static ExchangeSize Size(ServerProcess server, ReadOnlyMemory<byte> request, int body, int status, string expected)
    {
        var answer = HttpLoad.Ask(server.EndPoint, request);
        return answer.Status == status && answer.Body.Contains(expected, StringComparison.Ordinal)
            ? new ExchangeSize(body, answer.HeadSize, Encoding.UTF8.GetByteCount(answer.Body))
            : throw new BenchmarkFailedException($"Expected {status} with {expected}, found {answer.Status}: {answer.Body}");
    }
}
