using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>A page of the site before a person: remembers whatever went wrong on it, and can be asked whether everybody could use it.</summary>
internal sealed class SitePage
{
    /// <summary>Widths at which pages are looked at, in CSS pixels: a small phone, a tablet, a desk.</summary>
    public static readonly int[] Widths = [360, 768, 1440];

    // What is drawn for another width comes a moment after it, a chart's by way of the node; what is wrong stays so.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    private static readonly string Checks = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "accessibility.js"));

    private readonly ConcurrentQueue<string> _faults = new();

    public SitePage(IPage page, string server)
    {
        (Page, Server) = (page, server);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !IsRefusal(message)) _faults.Enqueue($"console: {message.Text}");
        };
        page.PageError += (_, fault) => _faults.Enqueue($"script: {fault}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(server, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                _faults.Enqueue($"asks another site: {request.Url}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 500) _faults.Enqueue($"{response.Status} from {response.Url}");
        };
    }

    /// <summary>The page underneath.</summary>
    public IPage Page { get; }

    /// <summary>The node that serves it.</summary>
    public string Server { get; }

    /// <summary>Opens a path of the site; it must answer 200.</summary>
    public async Task OpenAsync(string path)
    {
        var answer = await Page.GotoAsync(Server + path);
        answer!.Status.Should().Be(200, path);
    }

    /// <summary>A button by its name.</summary>
    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name });

    /// <summary>A link by its name.</summary>
    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name });

    /// <summary>A field by its label.</summary>
    public ILocator Field(string label) => Page.GetByLabel(label);

    /// <summary>Waits until something reads as expected.</summary>
    public static Task ShouldSayAsync(ILocator place, string text) => Assertions.Expect(place).ToContainTextAsync(text);

    /// <summary>Asserts that nothing went wrong so far: no error on the console, no exception, no 5xx, no request to another site.</summary>
    public void ShouldBeCalm() => _faults.Should().BeEmpty();

    /// <summary>Asserts what can be checked by a machine of WCAG 2.2 AA: names, labels, contrast, headings, ids, language, sizes, and that the page does not scroll sideways.</summary>
    public async Task ShouldBeForEverybodyAsync()
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var found = JsonSerializer.Deserialize<string[]>(await Page.EvaluateAsync<string>($"async () => {{ {Checks}; return JSON.stringify(await check()); }}"))!;
            if (found.Length == 0) return;

            TimeProvider.System.GetElapsedTime(start).Should().BeLessThan(Settling, "{0} has {1}", Page.Url, string.Join('\n', found));
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>Takes pictures at all <see cref="Widths"/>; at each the page is asked whether everybody could use it.</summary>
    public async Task ShowAsync(string name)
    {
        var folder = Environment.GetEnvironmentVariable(PressedPage.PicturesVariable) is { Length: > 0 } named ? named : Path.Combine(AppContext.BaseDirectory, "pictures");
        foreach (var width in Widths)
        {
            await Page.SetViewportSizeAsync(width, width == Widths[0] ? 740 : 900);
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{width}.png"), FullPage = true });
            await ShouldBeForEverybodyAsync();
        }
    }

    /// <summary>Stops the clock of a page on which one was installed: from now on its time passes when a test says so, however long the machine takes meanwhile.</summary>
    public static async Task StopClockAsync(IPage page)
    {
        // A clock can be stopped in the future only: when this gets there.
        var now = await page.EvaluateAsync<long>("() => Date.now()");
        await page.Clock.PauseAtAsync(DateTimeOffset.FromUnixTimeMilliseconds(now).AddMinutes(1).UtcDateTime);
    }

    /// <summary>Gives the browser a passkey authenticator that says yes: a device's own, with a resident key and a verified user (W3C WebAuthn Level 2, 11: User Agent Automation).</summary>
    public async Task AddAuthenticatorAsync()
    {
        var session = await Page.Context.NewCDPSessionAsync(Page);
        await session.SendAsync("WebAuthn.enable");
        await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }

    // Chromium writes every answer of 400 and more on the console, and what it asks for after a test took its network away. A refusal is an answer; what the page makes of either is asserted by what it shows.
    private static bool IsRefusal(IConsoleMessage message) =>
        message.Text.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal) || message.Text == "Failed to load resource: net::ERR_INTERNET_DISCONNECTED";
}
