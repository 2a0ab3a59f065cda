using System.Net.Http.Headers;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Api.Tests.Network;

/// <summary>Somebody who speaks to a node as nodes do, with a key of his own, and not always as he should.</summary>
internal sealed class Stranger : IDisposable
{
    private readonly HttpClient _http;
    private readonly ChainSpec _spec;
    private readonly P256PrivateKey _key = P256PrivateKey.Generate();

    public Stranger(HttpClient http, ChainSpec? spec = null)
    {
        (_http, _spec) = (http, spec ?? DevelopmentChain.Spec);
        Span<byte> point = stackalloc byte[PublicKey.Size];
        _key.CopyPublicKey(point);
        var genesis = _spec.Genesis.Hash;
        Identity = new PeerIdentity(_spec.ChainId, genesis, new PublicKey(point), null, null, new PeerTip(0, 0, genesis), "stranger");
    }

    public PeerIdentity Identity { get; set; }

    public string? Session { get; private set; }

    public PeerHello Hello() => new(Identity, PeerAddress.TryParse(_http.BaseAddress!.GetLeftPart(UriPartial.Authority), out var address) ? address : null!, Hash256.Sha256(Guid.NewGuid().ToByteArray()));

    /// <summary>Sends a hello, without a proof.</summary>
    public async Task<(PeerHello Hello, PeerWelcome Welcome)> KnockAsync()
    {
        var hello = Hello();
        using var answer = await SendAsync(PeerKinds.Hello, PeerCodec.Encode(new PeerRequest.Hello(hello)));
        var welcome = (PeerAnswer.Welcome)PeerCodec.DecodeAnswer(PeerKinds.Hello, await BytesAsync(answer), _spec).Value;
        return (hello, welcome.Claims);
    }

    /// <summary>Gives a right proof and keeps the session.</summary>
    public async Task EnterAsync()
    {
        var (hello, welcome) = await KnockAsync();
        using var answer = await SendAsync(PeerKinds.Proof, PeerCodec.Encode(new PeerRequest.Prove(PeerHandshake.Prove(hello, welcome, Sign))));
        var session = (PeerAnswer.Session)PeerCodec.DecodeAnswer(PeerKinds.Proof, await BytesAsync(answer), _spec).Value;
        Session = session.Token.Reveal();
    }

    /// <summary>Asks for something and reads the answer.</summary>
    public async Task<TAnswer> AskAsync<TAnswer>(PeerRequest request)
        where TAnswer : PeerAnswer
    {
        var kind = PeerKinds.Of(request);
        using var answer = await SendAsync(kind, PeerCodec.Encode(request));
        return PeerCodec.DecodeAnswer(kind, await BytesAsync(answer), _spec).Value.Should().BeOfType<TAnswer>().Subject;
    }

    /// <summary>Sends bytes, whatever they are.</summary>
    public Task<HttpResponseMessage> SendAsync(string kind, byte[] body, string? mediaType = null) =>
        SendAsync(kind, new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType ?? (PeerKinds.IsJson(kind) ? "application/json" : "application/octet-stream")) } });

    public Task<HttpResponseMessage> SendAsync(string kind, HttpContent body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/peer/v1/{kind}") { Content = body };
        if (Session is not null) request.Headers.Add(SessionToken.HeaderName, Session);
        return _http.SendAsync(request);
    }

    public void Dispose() => _key.Dispose();

    private static async Task<byte[]> BytesAsync(HttpResponseMessage answer)
    {
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        answer.IsSuccessStatusCode.Should().BeTrue(System.Text.Encoding.UTF8.GetString(bytes));
        return bytes;
    }

    private Signature Sign(Hash256 digest)
    {
        Span<byte> signature = stackalloc byte[Signature.Size];
        _key.Sign(digest.Span, signature);
        return new Signature(signature);
    }
}
