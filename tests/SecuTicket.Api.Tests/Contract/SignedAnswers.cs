using System.Net;
using System.Text.Json;
using SecuTicket.Api.Tests.Edge;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>Signed requests and what they answer.</summary>
internal static class SignedAnswers
{
    /// <summary>Sends a signed request that must be answered with this status, and gives its JSON.</summary>
    public static async Task<JsonElement> AskSignedAsync(this NodeFactory node, Wallet sender, HttpMethod method, string path, string body = "", HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await node.SendSignedAsync(sender, method, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(expected, "{0}", text);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Sends a signed request that must be refused.</summary>
    public static async Task<JsonElement> AskRefusedAsync(this NodeFactory node, Wallet sender, HttpMethod method, string path, string body, HttpStatusCode status, string code)
    {
        using var answer = await node.SendSignedAsync(sender, method, path, body);
        return await answer.ShouldBeProblemAsync(status, code);
    }
}
