using System.Text;
using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests;

/// <summary>One Chromium for all browser tests, found on this machine: nothing is downloaded. Tests skip where there is none.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    /// <summary>Environment variable that names the executable to use.</summary>
    public const string PathVariable = "CHROMIUM_PATH";

    // The shell draws the same pages without a browser's own windows and toolbars: a third less processor time.
    private const string Shell = "chromium-headless-shell";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"];

    private static readonly string[] OffPath =
    [
        "/snap/bin/chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    ];

    // A device that has no camera, whatever this machine has.
    private const string NoCamera = "--use-fake-device-for-media-stream=device-count=0";

    // On a machine that has better to do a page takes long; only what hangs takes longer.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // Playwright sets no limit to what a script waits for. A test takes two minutes at most, on a busy machine: a page that is open so long is closed under whoever waits, who fails.
    private static readonly TimeSpan LongestTest = TimeSpan.FromMinutes(8);

    static ChromiumFixture() => Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IBrowser? _withCamera;
    private readonly List<IBrowserContext> _contexts = [];
    private readonly string _video = Path.Combine(Path.GetTempPath(), $"secuticket-{Guid.NewGuid():N}.y4m");

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
        // What fades and slides is drawn again and again, and no test looks at it on its way.
        options.ReducedMotion = ReducedMotion.Reduce;
        var context = await _browser!.NewContextAsync(options);
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        _contexts.Add(context);
        _ = Task.Run(() => CloseWhenHungAsync(context));
        return await context.NewPageAsync();
    }

    /// <summary>A page of a browser whose device has a camera that may not be used yet. It sees half a second of darkness and half a second of light, again and again.</summary>
    public async Task<IPage> PageWithCameraAsync()
    {
        Skip.If(_playwright is null || Find(Names) is null, $"No Chromium that asks for permissions is installed here, which its shell does not (apt install chromium, or set {PathVariable}).");
        await File.WriteAllBytesAsync(_video, LightAndDark());
        _withCamera ??= await LaunchAsync(Find(Names)!, "--use-fake-device-for-media-stream", $"--use-file-for-fake-video-capture={_video}");
        var page = await _withCamera.NewPageAsync();
        page.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        _ = Task.Run(() => CloseWhenHungAsync(page.Context));
        return page;
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Find([Shell, .. Names]) is not { } executable) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await LaunchAsync(executable, NoCamera);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        if (_withCamera is not null) await _withCamera.DisposeAsync();
        File.Delete(_video);
        _playwright?.Dispose();
    }

    private static async Task CloseWhenHungAsync(IBrowserContext context)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Close += (_, _) => closed.TrySetResult();
        try
        {
            await closed.Task.WaitAsync(LongestTest);
        }
        catch (TimeoutException)
        {
            await context.CloseAsync();
        }
    }

    private Task<IBrowser> LaunchAsync(string executable, params string[] camera) => _playwright!.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = executable, Args = [.. Arguments, .. camera] });

    // YUV4MPEG2: a line about the whole, then frames of luminance and, a quarter as large, two planes of colour.
    private static byte[] LightAndDark()
    {
        const int Width = 160;
        const int Height = 120;
        const int Frames = 10;
        var video = new MemoryStream();
        video.Write(Encoding.ASCII.GetBytes($"YUV4MPEG2 W{Width} H{Height} F{Frames}:1 Ip A1:1 C420\n"));
        for (var frame = 0; frame < Frames; frame++)
        {
            video.Write("FRAME\n"u8);
            video.Write([.. Enumerable.Repeat((byte)(frame < Frames / 2 ? 16 : 235), Width * Height), .. Enumerable.Repeat((byte)128, Width * Height / 2)]);
        }

        return video.ToArray();
    }

    private static string? Find(string[] names) => Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named
        ? named
        : names.SelectMany(static name => OnPath().Select(folder => Path.Combine(folder, name))).Concat(OffPath).FirstOrDefault(File.Exists);

    private static string[] OnPath() => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
}
