using System.Buffers.Text;
using System.Text;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>Makes the tokens of requests that are no transactions, from the contract alone.</summary>
internal static class SignedRequestClient
{
    /// <summary>What a token for this request says.</summary>
    public static JsonValue Claims(this NodeFactory node, Wallet sender, HttpMethod method, string path, string body = "") => JsonValue.Object(
    [
        new("type", JsonValue.Of("request")),
        new("method", JsonValue.Of(method.Method)),
        new("path", JsonValue.Of(path)),
        new("sender", JsonValue.Of(sender.Id)),
        new("at", JsonValue.Of(node.Clock.Now.ToUnixTimeSeconds())),
        new("body_sha256", JsonValue.Of(Hash256.Sha256(Encoding.UTF8.GetBytes(body)).ToString())),
        new("chain_id", JsonValue.Of(DevelopmentChain.ChainId)),
        new("node", JsonValue.Of(node.Node.Self.ToString())),
    ]);

    /// <summary>The header of a token.</summary>
    public static (string Name, string Value) Header(JsonValue proven) => Header(Encoding.UTF8.GetString(CanonicalJson.Write(proven)));

    public static (string Name, string Value) Header(string token) => ("Authorization", $"SecuTicket {Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token))}");

    /// <summary>Sends a request with the token it needs.</summary>
    public static Task<HttpResponseMessage> SendSignedAsync(this NodeFactory node, Wallet sender, HttpMethod method, string path, string body = "") =>
        node.Api.SendAsync(method, path, body.Length == 0 ? null : body, Header(sender.Prove(node.Claims(sender, method, path, body))));
}
