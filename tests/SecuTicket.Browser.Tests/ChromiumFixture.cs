using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests;

/// <summary>One Chromium for all browser tests, found on this machine: nothing is downloaded. Tests skip where there is none.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    /// <summary>Environment variable that names the executable to use.</summary>
    public const string PathVariable = "CHROMIUM_PATH";

    private static readonly string[] KnownPlaces =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable", "/snap/bin/chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    ];

    // On a machine that has better to do a page takes long; only what hangs takes longer.
    static ChromiumFixture() => Assertions.SetDefaultExpectTimeout(20_000);

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private readonly List<IBrowserContext> _contexts = [];

    /// <summary>A fresh page with a browser profile of its own, until the next is asked for; the test skips when no Chromium is installed.</summary>
    public async Task<IPage> NewPageAsync()
    {
        foreach (var context in _contexts) await context.DisposeAsync();
        _contexts.Clear();
        return await AnotherPageAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 1000 } });
    }

    /// <summary>A page of another person's browser, beside those that are open.</summary>
    /// <param name="options">Its window, language, and whether it prefers the dark.</param>
    public async Task<IPage> AnotherPageAsync(BrowserNewContextOptions options)
    {
        Skip.If(_browser is null, $"No Chromium is installed here (apt install chromium, or set {PathVariable}).");
        var context = await _browser!.NewContextAsync(options);
        _contexts.Add(context);
        return await context.NewPageAsync();
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Find() is not { } executable) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = executable, Args = Arguments });
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private static string? Find() => Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named
        ? named
        : KnownPlaces.FirstOrDefault(File.Exists);
}
