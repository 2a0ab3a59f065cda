using System.Net;
using SecuTicket.Api.Tests.Contract;

namespace SecuTicket.Api.Tests.Edge;

/// <summary>HEAD: what GET would say, without saying it (RFC 9110, 9.3.2), and nothing is done.</summary>
public sealed class HeadTests(EmptyNode empty) : IClassFixture<EmptyNode>
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    [InlineData("/info")]
    [InlineData("/chain")]
    [InlineData("/chain/blocks/0")]
    [InlineData("/chain/blocks/7")]
    [InlineData("/chain/export")]
    [InlineData("/tickets/00")]
    [InlineData("/transactions/pending?limit=0")]
    [InlineData("/problems/not_found")]
    [InlineData("/sale")]
    [InlineData("/swagger/v1/swagger.json")]
    public async Task It_is_answered_as_GET(string path)
    {
        using var get = await empty.Node.Api.SendAsync(HttpMethod.Get, path, null);
        using var head = await empty.Node.Api.SendAsync(HttpMethod.Head, path, null);

        (head.StatusCode, head.Content.Headers.ContentType).Should().Be((get.StatusCode, get.Content.Headers.ContentType));
    }

    [Fact]
    public async Task It_does_not_listen()
    {
        using var head = await empty.Node.Api.SendAsync(HttpMethod.Head, "/stream", null);

        (head.StatusCode, head.Content.Headers.ContentType!.MediaType).Should().Be((HttpStatusCode.OK, "text/event-stream"));
        (await head.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("/mine")]
    [InlineData("/nodes/resolve")]
    [InlineData("/transactions")]
    public async Task It_does_nothing_where_GET_does_something_or_is_not_answered(string path)
    {
        using var head = await empty.Node.Api.SendAsync(HttpMethod.Head, path, null);

        head.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        (await empty.Node.Api.GetAsync("/chain")).GetProperty("length").GetInt64().Should().Be(1);
    }
}
