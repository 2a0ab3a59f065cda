using System.Net;
using SecuTicket.Api.Tests.Contract;

namespace SecuTicket.Api.Tests.Web;

/// <summary>The frame of the site, over HTTP.</summary>
public sealed class FrameTests(EmptyNode empty) : IClassFixture<EmptyNode>
{
    [Theory]
    [InlineData("/language/fr?back=%2Fsale%3Fpage%3D2", "/sale?page=2", true)]
    [InlineData("/language/fr", "/", true)]
    [InlineData("/language/fr?back=https%3A%2F%2Felsewhere.example", "/", true)]
    [InlineData("/language/fr?back=%2F%2Felsewhere.example", "/", true)]
    [InlineData("/language/fr?back=%2F%5Celsewhere.example", "/", true)]
    [InlineData("/language/fr?back=%2F%0D%0Aelsewhere", "/", true)]
    [InlineData("/language/tlh?back=%2Fsale", "/sale", false)]
    public async Task A_chosen_language_is_remembered_and_leads_back_into_this_site_only(string path, string back, bool isRemembered)
    {
        using var client = empty.Node.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });

        var answer = await client.GetAsync(path);

        (answer.StatusCode, answer.Headers.Location!.OriginalString).Should().Be((HttpStatusCode.Redirect, back));
        answer.Headers.TryGetValues("Set-Cookie", out var cookies).Should().Be(isRemembered);
        if (isRemembered) cookies.Should().ContainSingle().Which.Should().StartWith("language=").And.Contain("httponly").And.Contain("samesite=lax");
    }

    [Theory]
    [InlineData("fr-CH, en;q=0.5", "fr")]
    [InlineData("de, fr;q=0.3, en;q=0.9", "en")]
    [InlineData("de", "en")]
    [InlineData("a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, fr", "fr")]
    [InlineData("a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, fr", "en")]
    [InlineData("", "en")]
    [InlineData("*;q=x, ,,", "en")]
    public async Task A_page_is_in_the_language_that_the_browser_asks_for(string asked, string language)
    {
        using var client = empty.Node.CreateClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", asked);

        var page = await client.GetStringAsync("/");

        page.Should().Contain($"<html lang=\"{language}\"");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/no-such-page")]
    public async Task A_page_runs_scripts_of_this_server_only_and_is_framed_by_nobody(string path)
    {
        using var client = empty.Node.CreateClient();
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");

        var answer = await client.GetAsync(path);

        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        answer.Headers.GetValues("Content-Security-Policy").Should().ContainSingle().Which
            .Should().Contain("script-src 'self';").And.Contain("frame-ancestors 'none'").And.Contain("default-src 'self'").And.NotContain("unsafe-eval");
    }

    [Fact]
    public async Task Who_asks_whether_a_page_is_there_is_told_without_the_page()
    {
        using var client = empty.Node.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Head, "/sale");

        var answer = await client.SendAsync(request);

        (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType).Should().Be((HttpStatusCode.OK, "text/html"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sale")]
    [InlineData("/explorer")]
    public async Task Nothing_is_posted_to_a_page(string path)
    {
        using var client = empty.Node.CreateClient();

        var answer = await client.PostAsync(path, new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));

        (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType).Should().Be((HttpStatusCode.MethodNotAllowed, "application/problem+json"));
        answer.Content.Headers.Allow.Should().BeEquivalentTo("GET", "HEAD");
    }

    [Fact]
    public async Task What_is_not_there_is_a_problem_for_a_program_and_a_page_for_a_person()
    {
        using var client = empty.Node.CreateClient();

        var program = await client.GetAsync("/no-such-page");
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var person = await client.GetAsync("/no-such-page");
        var programs = await client.GetAsync("/tickets/00000000000000000000000000000000");

        (program.StatusCode, program.Content.Headers.ContentType!.MediaType).Should().Be((HttpStatusCode.NotFound, "application/problem+json"));
        (person.StatusCode, person.Content.Headers.ContentType!.MediaType).Should().Be((HttpStatusCode.NotFound, "text/html"));
        (programs.StatusCode, programs.Content.Headers.ContentType!.MediaType).Should().Be((HttpStatusCode.NotFound, "application/problem+json"), "a route of the contract answers as the contract says");
    }

    [Fact]
    public async Task Scripts_and_styles_are_served_with_what_their_content_is_known_by()
    {
        using var client = empty.Node.CreateClient();

        (string Path, string Type)[] assets =
        [
            ("/web/css/tokens.css", "text/css"), ("/web/js/ledger.js", "text/javascript"), ("/swagger/sign.js", "text/javascript"), ("/_framework/blazor.web.js", "text/javascript"),
            ("/_content/Radzen.Blazor/Radzen.Blazor.min.js", "text/javascript"),
        ];
        foreach (var (path, type) in assets)
        {
            var answer = await client.GetAsync(path);
            (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType).Should().Be((HttpStatusCode.OK, type), path);
            answer.Headers.ETag.Should().NotBeNull(path);
            if (!path.StartsWith("/_", StringComparison.Ordinal)) (await answer.Content.ReadAsStringAsync()).Should().NotContain("http://").And.NotContain("https://");
        }

        (await client.GetAsync("/_content/Radzen.Blazor/css/material.css")).StatusCode.Should().Be(HttpStatusCode.NotFound, "what no page uses is not there");
    }
}
