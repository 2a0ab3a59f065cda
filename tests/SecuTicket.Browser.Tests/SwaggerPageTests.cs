using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using SecuTicket.Api.Hosting;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;

namespace SecuTicket.Browser.Tests;

/// <summary>The Swagger page as shipped, in Chromium, before a server that only writes down what reaches it.</summary>
[Collection(SwaggerChromium.Name)]
[Trait("Length", "longer")]
public sealed class SwaggerPageTests(ChromiumFixture chromium) : IAsyncLifetime
{
    private const string Account = "0x3f4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD";
    private const string Secret = "f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0";

    private readonly ReceivedRequests _received = new();
    private WebApplication? _app;

    private string Server => _app!.Urls.First();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Configuration[WebHostDefaults.StaticWebAssetsKey] = Path.Combine(AppContext.BaseDirectory, "SecuTicket.Api.staticwebassets.runtime.json");
        builder.WebHost.UseStaticWebAssets();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_received).AddProblems().AddSwaggerPages()
            .AddControllers().AddApplicationPart(typeof(RecordingController).Assembly);
        _app = builder.Build();
        _app.Use(async (context, next) =>
        {
            await _received.KeepAsync(context.Request);
            await next(context);
        });
        _app.UseSecurityHeaders();
        _app.UseProblems();
        _app.UseSwaggerPages();
        _app.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "SecuTicket.Api.staticwebassets.endpoints.json"));
        _app.MapControllers();
        await _app.StartAsync();
    }

    public async Task DisposeAsync() => await _app!.DisposeAsync();

    [SkippableFact]
    public async Task The_page_renders_without_a_fault_and_asks_this_server_only()
    {
        var page = new PressedPage(await chromium.NewPageAsync());
        var faults = new ConcurrentQueue<string>();
        var foreign = new ConcurrentQueue<string>();
        page.Page.Console += (_, message) =>
        {
            if (message.Type == "error") faults.Enqueue(message.Text);
        };
        page.Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Server, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) foreign.Enqueue(request.Url);
        };

        await page.OpenAsync(Server);

        (await page.Page.TitleAsync()).Should().Be("SecuTicket API");
        await Assertions.Expect(page.Page.Locator(".opblock")).ToHaveCountAsync(4);
        faults.Concat(page.Faults).Should().BeEmpty();
        foreign.Should().BeEmpty();
    }

    [SkippableFact]
    public async Task After_Authorize_what_is_pressed_is_signed_and_the_secret_stays_in_the_page()
    {
        var page = new PressedPage(await chromium.NewPageAsync());
        await page.OpenAsync(Server);
        await page.AuthorizeAsync(Account, Secret);

        foreach (var route in new[] { "POST /tickets/purchase", "GET /tickets/{id}/code", "GET /tickets/{id}" }) (await page.PressAsync(route)).ShouldBe(200);
        await page.Page.ReloadAsync();

        var purchase = _received.Only("POST", "/tickets/purchase");
        var body = JsonDocument.Parse(purchase.Body).RootElement;
        body.GetProperty("sender").GetString().Should().Be(Account);
        body.GetProperty("type").GetString().Should().Be("purchase_ticket");
        body.GetProperty("hmac").GetString().Should().MatchRegex("^[0-9a-f]{64}$");
        purchase.Authorization.Should().BeNull();
        _received.Only("GET", $"/tickets/{ExampleIds.Ticket}/code").Authorization.Should().StartWith("SecuTicket ");
        _received.Only("GET", $"/tickets/{ExampleIds.Ticket}").Authorization.Should().BeNull();
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Account}:{Secret}"));
        _received.All.Should().NotContain(request => request.Whole.Contains(Secret) || request.Whole.Contains(basic) || request.Whole.Contains("Basic"));
    }

    [SkippableFact]
    public async Task A_malformed_secret_is_said_where_the_answer_would_be_and_nothing_is_sent()
    {
        var page = new PressedPage(await chromium.NewPageAsync());
        await page.OpenAsync(Server);
        await page.AuthorizeAsync(Account, "my password");

        (await page.PressAsync("POST /tickets/purchase")).ShouldBe(401)["detail"].Should().Contain("secret: 64 hex digits");

        _received.All.Should().NotContain(request => request.Method == "POST");
    }

    [SkippableFact]
    public async Task Should_the_signing_script_not_load_nothing_is_sent()
    {
        var page = await chromium.NewPageAsync();
        await page.RouteAsync("**/sign.js", route => route.AbortAsync());

        await page.GotoAsync(Server + "/swagger/index.html");

        await Assertions.Expect(page.Locator("#swagger-ui .errors-wrapper, #swagger-ui .loading-container")).Not.ToHaveCountAsync(0);
        _received.All.Should().NotContain(request => request.Path.EndsWith("swagger.json"));
    }
}

/// <summary>One request as it reached the server.</summary>
public sealed record ReceivedRequest(string Method, string Path, string? Authorization, string Body, string Whole);

/// <summary>What reached the server.</summary>
public sealed class ReceivedRequests
{
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();

    public IReadOnlyCollection<ReceivedRequest> All => _requests;

    public ReceivedRequest Only(string method, string path) =>
        _requests.Should().ContainSingle(request => request.Method == method && request.Path == path).Subject;

    public async Task KeepAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var reader = new StreamReader(request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        request.Body.Position = 0;
        var authorization = request.Headers.Authorization.Count == 0 ? null : request.Headers.Authorization.ToString();
        var whole = $"{request.Method} {request.Path}{request.QueryString} {string.Join(" ", request.Headers)} {body}";
        _requests.Enqueue(new ReceivedRequest(request.Method, request.Path.ToString(), authorization, body, whole));
    }
}

/// <summary>Routes enough for the page to have something of each kind.</summary>
[ApiController]
public sealed class RecordingController : ControllerBase
{
    [HttpGet("/info")]
    public IActionResult Info() => Ok(new { ChainId = "secuticket-test", Node = "node-1" });

    [HttpPost("/tickets/purchase"), TransactionBody<PurchaseTicketDocument>]
    public IActionResult Purchase() => Ok(new { Status = "pending" });

    [HttpGet("/tickets/{id}")]
    public IActionResult Ticket(string id) => Ok(new { Id = id });

    [HttpGet("/tickets/{id}/code"), SignedRequest]
    public IActionResult Code(string id) => Ok(new { Id = id });
}
