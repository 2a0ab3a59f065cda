using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SecuTicket.Api.Limits;

namespace SecuTicket.Api.Tests.Edge;

public sealed class BodyTests
{
    private const int Limit = 64 * 1024;

    [Theory]
    [InlineData(Limit, false, HttpStatusCode.OK)]
    [InlineData(Limit + 1, false, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(Limit, true, HttpStatusCode.OK)]
    [InlineData(Limit + 1, true, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(3 * 1024 * 1024, true, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(3 * 1024 * 1024, false, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(40 * 1024 * 1024, false, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_above_64_KiB_is_too_large_whether_its_length_is_announced_or_not(int bytes, bool chunked, HttpStatusCode expected)
    {
        await using var host = await EdgeHost.StartAsync(onKestrel: true);
        using var request = Post("/tickets/purchase", new byte[bytes], "application/json", chunked);
        request.Headers.ExpectContinue = bytes > 10 * 1024 * 1024;

        using var answer = await host.Client.SendAsync(request);

        if (expected == HttpStatusCode.OK) (await answer.Content.ReadAsStringAsync()).Should().Be($"{bytes}");
        else await answer.ShouldBeProblemAsync(expected, "too_large");
    }

    [Theory]
    [InlineData(4 * 1024 * 1024, HttpStatusCode.OK)]
    [InlineData((4 * 1024 * 1024) + 1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_batch_may_have_4_MiB(int bytes, HttpStatusCode expected)
    {
        await using var host = await EdgeHost.StartAsync(onKestrel: true);

        using var answer = await host.Client.SendAsync(Post("/transactions/batch", new byte[bytes], "application/x-ndjson", chunked: true));

        answer.StatusCode.Should().Be(expected);
    }

    [Theory]
    [InlineData("/tickets/purchase", "application/json", true)]
    [InlineData("/tickets/purchase", "APPLICATION/JSON; Charset=\"UTF-8\"", true)]
    [InlineData("/tickets/purchase", "application/json; charset=utf-16", false)]
    [InlineData("/tickets/purchase", "application/json; charset=", false)]
    [InlineData("/tickets/purchase", "application/jsonp", false)]
    [InlineData("/tickets/purchase", "application/x-ndjson", false)]
    [InlineData("/tickets/purchase", "text/plain", false)]
    [InlineData("/tickets/purchase", "nonsense", false)]
    [InlineData("/tickets/purchase", null, false)]
    [InlineData("/transactions/batch", "application/x-ndjson", true)]
    [InlineData("/transactions/batch", "application/x-ndjson; charset=utf-8", true)]
    [InlineData("/transactions/batch", "application/json", false)]
    public async Task Only_the_routes_content_type_is_read(string route, string? contentType, bool accepted)
    {
        await using var host = await EdgeHost.StartAsync();

        using var answer = await host.Client.SendAsync(Post(route, "{}"u8.ToArray(), contentType));

        if (accepted) answer.StatusCode.Should().Be(HttpStatusCode.OK);
        else await answer.ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task A_compressed_body_is_unsupported_because_what_is_signed_is_what_is_sent()
    {
        await using var host = await EdgeHost.StartAsync();
        using var request = Post("/tickets/purchase", "{}"u8.ToArray(), "application/json");
        request.Content!.Headers.ContentEncoding.Add("gzip");

        await (await host.Client.SendAsync(request)).ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task Size_is_judged_before_content_type()
    {
        await using var host = await EdgeHost.StartAsync();

        using var answer = await host.Client.SendAsync(Post("/tickets/purchase", new byte[Limit + 1], "text/plain"));

        await answer.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Fact]
    public async Task An_empty_body_is_read_where_it_may_be_left_out_and_malformed_where_it_may_not()
    {
        await using var host = await EdgeHost.StartAsync("Development", IPAddress.Loopback);

        (await host.Client.PostAsync("/mine", null)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await host.Client.SendAsync(Post("/mine", [], "application/json"))).StatusCode.Should().Be(HttpStatusCode.OK);
        (await host.Client.SendAsync(Post("/mine", [], "text/plain"))).StatusCode.Should().Be(HttpStatusCode.OK, "what is not there has no type");
        await (await host.Client.PostAsync("/tickets/purchase", null)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "malformed_json");
        await (await host.Client.SendAsync(Post("/tickets/purchase", [], "application/json"))).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "malformed_json");
        await (await host.Client.SendAsync(Post("/tickets/purchase", [], "text/plain"))).ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        await (await host.Client.SendAsync(Post("/mine", "x"u8.ToArray(), null))).ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task A_body_with_broken_framing_is_a_malformed_request()
    {
        await using var host = await EdgeHost.StartAsync(onKestrel: true);

        var answer = await RawAsync(host, "POST /tickets/purchase HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");

        answer.Should().StartWith("HTTP/1.1 400 ").And.Contain("application/problem+json").And.Contain("\"code\":\"malformed_request\"");
    }

    [Fact]
    public async Task A_connection_stays_usable_after_a_body_was_too_large()
    {
        await using var host = await EdgeHost.StartAsync(onKestrel: true);
        var large = $"POST /tickets/purchase HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {Limit + 1}\r\n\r\n{new string(' ', Limit + 1)}";

        var answers = await RawAsync(host, large + "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        answers.Should().StartWith("HTTP/1.1 413 ").And.Contain("HTTP/1.1 200 OK");
    }

    [Fact]
    public void Memory_given_back_can_not_be_read()
    {
        var body = new RequestBody(ArrayPool<byte>.Shared.Rent(100), 2, null);
        body.Memory.Length.Should().Be(2);

        body.Dispose();
        body.Dispose();

        body.Invoking(read => read.Memory).Should().Throw<ObjectDisposedException>();
    }

    private static HttpRequestMessage Post(string route, byte[] body, string? contentType, bool chunked = false)
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType).Should().BeTrue();
        var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = content };
        if (chunked) request.Headers.TransferEncodingChunked = true;
        return request;
    }

    private static async Task<string> RawAsync(EdgeHost host, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Client.BaseAddress!.Host, host.Client.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
