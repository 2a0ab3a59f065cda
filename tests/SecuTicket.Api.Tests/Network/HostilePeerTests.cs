using System.Net;
using System.Text;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Api.Tests.Network;

/// <summary>What strangers send to <c>/peer/v1</c>: each test asks for the same node, which must not mind.</summary>
public sealed class HostilePeerTests(HostilePeerTests.Target target) : IClassFixture<HostilePeerTests.Target>
{
    private static readonly string[] Binary = [.. PeerKinds.All.Where(kind => !PeerKinds.IsJson(kind))];

    private HttpClient Http => target.Node.Api.Http;

    [Fact]
    public async Task A_caller_who_proves_his_key_is_answered()
    {
        using var stranger = new Stranger(Http);
        await stranger.EnterAsync();

        var tip = (await stranger.AskAsync<PeerAnswer.Tip>(new PeerRequest.GetTip())).Value;
        tip.Hash.Should().Be(target.Node.Tip);
        var headers = await stranger.AskAsync<PeerAnswer.Headers>(new PeerRequest.GetHeaders([DevelopmentChain.Spec.Genesis.Hash], 10));
        headers.Items.ToArray().Select(header => header.Header.Hash).Should().Equal(tip.Hash);
        (await stranger.AskAsync<PeerAnswer.Blocks>(new PeerRequest.GetBlocks([tip.Hash]))).Items[0].Hash.Should().Be(tip.Hash);
        (await stranger.AskAsync<PeerAnswer.Wanted>(new PeerRequest.AnnounceTransactions([tip.Hash]))).Places.ToArray().Should().Equal(0);
    }

    [Fact]
    public async Task Who_shows_no_session_gets_nothing_and_his_body_is_not_read()
    {
        using var stranger = new Stranger(Http);

        foreach (var kind in Binary)
        {
            using var answer = await stranger.SendAsync(kind, new byte[100_000]);
            await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "session_unknown");
        }

        foreach (var session in new[] { "", "x", new string('0', 32), new string('f', 33), "00000000-0000-0000-0000-000000000000" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/peer/v1/tip");
            request.Headers.TryAddWithoutValidation(SessionToken.HeaderName, session);
            using var answer = await Http.SendAsync(request);
            await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "session_unknown");
        }
    }

    [Fact]
    public async Task Messages_and_methods_that_are_not_known_are_refused_as_such()
    {
        using var stranger = new Stranger(Http);
        await stranger.EnterAsync();

        foreach (var kind in new[] { "gossip2", "Tip", "..%2Finfo", new string('x', 2_000) })
        {
            using var answer = await stranger.SendAsync(kind, new byte[1_000]);
            await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
        }

        using var read = await Http.GetAsync("/peer/v1/tip");
        await read.ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        using var root = await Http.PostAsync("/peer/v1", null);
        await root.ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
        (await stranger.AskAsync<PeerAnswer.Tip>(new PeerRequest.GetTip())).Value.Hash.Should().Be(target.Node.Tip, "a message of a later version is no fault");
    }

    [Fact]
    public async Task What_is_too_large_is_refused_whatever_its_framing()
    {
        using var stranger = new Stranger(Http);
        await stranger.EnterAsync();

        foreach (var kind in PeerKinds.All.Where(kind => kind is not (PeerKinds.AnnounceBlock or PeerKinds.Transactions)))
        {
            var body = new byte[PeerCodec.MaxRequestSize(kind, DevelopmentChain.Spec) + 1];
            using var sized = await stranger.SendAsync(kind, body);
            await sized.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
            using var chunks = new StreamContent(new NoLength(body));
            chunks.Headers.ContentType = new(PeerKinds.IsJson(kind) ? "application/json" : "application/octet-stream");
            using var chunked = await stranger.SendAsync(kind, chunks);
            await chunked.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
        }

        using var large = await stranger.SendAsync(PeerKinds.AnnounceBlock, new byte[PeerCodec.MaxRequestSize(PeerKinds.AnnounceBlock, DevelopmentChain.Spec) + 1]);
        await large.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Fact]
    public async Task A_body_of_another_type_is_refused()
    {
        using var stranger = new Stranger(Http);
        await stranger.EnterAsync();

        using var json = await stranger.SendAsync(PeerKinds.Headers, "{}"u8.ToArray(), "application/json");
        await json.ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        using var bytes = await stranger.SendAsync(PeerKinds.Hello, "{}"u8.ToArray(), "application/octet-stream");
        await bytes.ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task Garbage_in_a_session_ends_it_and_its_sender_is_left_alone()
    {
        var random = new Random(4);
        foreach (var kind in Binary.Where(kind => PeerCodec.MaxRequestSize(kind, DevelopmentChain.Spec) > 0))
        {
            using var stranger = new Stranger(Http);
            await stranger.EnterAsync();
            var garbage = new byte[random.Next(1, 30)];
            random.NextBytes(garbage);

            using var answer = await stranger.SendAsync(kind, garbage);
            await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "malformed_message");

            await PeerNode.UntilAsync(() => !target.Node.Network.Knows(stranger.Session!), $"the session in which {kind} was garbage is over");
            using var again = await stranger.SendAsync(PeerKinds.Hello, PeerCodec.Encode(new PeerRequest.Hello(stranger.Hello())));
            await again.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "banished");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"chain_id\":1}")]
    [InlineData("{\"challenge\":\"\",\"challenge\":\"\"}")]
    [InlineData("\u0000")]
    [InlineData("{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{")]
    public async Task A_handshake_that_can_not_be_read_is_refused(string body)
    {
        using var stranger = new Stranger(Http);

        foreach (var kind in new[] { PeerKinds.Hello, PeerKinds.Proof })
        {
            using var answer = await stranger.SendAsync(kind, Encoding.UTF8.GetBytes(body));
            await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "malformed_message");
        }
    }

    [Fact]
    public async Task A_handshake_of_another_chain_with_our_key_or_with_a_wrong_proof_gives_no_session()
    {
        using var foreign = new Stranger(Http);
        foreign.Identity = foreign.Identity with { ChainId = "other" };
        await RefusedAsync(foreign, "other_chain");
        foreign.Identity = foreign.Identity with { ChainId = DevelopmentChain.ChainId, Genesis = Hash256.Zero };
        await RefusedAsync(foreign, "other_chain");

        using var thief = new Stranger(Http);
        var (_, welcome) = await thief.KnockAsync();
        thief.Identity = welcome.Self;
        await RefusedAsync(thief, "self");

        using var liar = new Stranger(Http);
        var (_, asked) = await liar.KnockAsync();
        var wrong = PeerCodec.Encode(new PeerRequest.Prove(new PeerProof(asked.Challenge, asked.Signature)));
        using (var refused = await liar.SendAsync(PeerKinds.Proof, wrong)) await refused.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "not_a_node");
        using (var twice = await liar.SendAsync(PeerKinds.Proof, wrong)) await twice.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "session_unknown");
    }

    [Fact]
    public async Task The_paths_of_nodes_are_in_no_document_for_people()
    {
        (await Http.GetStringAsync("/swagger/v1/swagger.json")).Should().NotContain("/peer/");
    }

    private static async Task RefusedAsync(Stranger stranger, string code)
    {
        using var answer = await stranger.SendAsync(PeerKinds.Hello, PeerCodec.Encode(new PeerRequest.Hello(stranger.Hello())));
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, code);
    }

    /// <summary>One node for all tests.</summary>
    public sealed class Target : IAsyncLifetime
    {
        public PeerNode Node { get; } = new();

        public async Task InitializeAsync() => await Node.SealAsync();

        public async Task DisposeAsync()
        {
            // Whatever was sent, the node is as well as before.
            (await Node.Api.GetAsync("/chain/validate")).GetProperty("valid").GetBoolean().Should().BeTrue();
            await Node.Api.GetAsync("/health/ready");
            Node.Dispose();
        }
    }

    private sealed class NoLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
