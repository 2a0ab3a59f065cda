using System.Text.Json;
using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What a gate has of its device: a camera, and a place where the page stays and is renewed.</summary>
[Collection(SharedChromium.Name)]
[Trait("Length", "longer")]
public sealed class EntranceDeviceTests(ChromiumFixture chromium, SiteFixture site) : GateTests(chromium, site)
{
    // Chromium reads no codes on this system. What stands in for that looks at what the camera shows all the same: it finds a code where there is light.
    private const string Detector =
        """
        globalThis.before = "";
        globalThis.looks = 0;
        globalThis.BarcodeDetector = class {
          static async getSupportedFormats() { return ["qr_code"]; }
          async detect(video) {
            const canvas = new OffscreenCanvas(1, 1).getContext("2d");
            canvas.drawImage(video, 0, 0, 1, 1);
            globalThis.looks++;
            return globalThis.before && canvas.getImageData(0, 0, 1, 1).data[0] > 128 ? [{ rawValue: globalThis.before }] : [];
          }
        };
        """;

    // A headless browser shows all its pages all the time.
    private const string Hide =
        """
        (isHidden) => {
          Object.defineProperty(document, "hidden", { configurable: true, value: isHidden });
          document.dispatchEvent(new Event("visibilitychange"));
        }
        """;

    // How the camera's track stands; the last one is remembered when the video has none any more.
    private const string Track = "(name) => { const video = document.querySelector(`[data-${name}]`); globalThis.track = video.srcObject?.getVideoTracks()[0] ?? globalThis.track; return `${video.hidden ? 'hidden' : 'shown'} ${track.readyState}`; }";

    [SkippableFact]
    public async Task A_camera_is_on_only_as_long_as_it_is_wanted_and_seen_and_its_code_counts_once()
    {
        var page = await Chromium.PageWithCameraAsync();
        await page.AddInitScriptAsync(Detector);
        var gate = await OpenAsync(page);
        var scan = gate.Site.Button("Scan the code");
        await scan.ClickAsync();
        await gate.ShouldComplainAsync("The camera may not be used");
        (await page.Locator("[data-pair-video]").IsHiddenAsync()).Should().BeTrue();
        await page.Context.GrantPermissionsAsync(["camera"]);
        await scan.ClickAsync();
        await page.WaitForFunctionAsync("() => looks > 2");
        await Assertions.Expect(page.Locator("[data-pair-video]")).ToBeVisibleAsync();
        (await page.EvaluateAsync<string>(Track, "pair-video")).Should().Be("shown live");
        await page.EvaluateAsync("() => { before = 'something else'; looks = 0; }");
        await page.WaitForFunctionAsync("() => looks > 2");
        await Assertions.Expect(gate.Site.Field("Pairing code")).ToHaveValueAsync("");
        await page.EvaluateAsync("() => { before = 'https://tickets.example/entrance?pair=7k2m-q4wd-9xtb'; }");
        await Assertions.Expect(gate.Site.Field("Pairing code")).ToHaveValueAsync("7K2M-Q4WD-9XTB");
        await Assertions.Expect(gate.Site.Field("Pairing code")).ToBeFocusedAsync();
        (await page.EvaluateAsync<string>(Track, "pair-video")).Should().Be("hidden ended", "what was looked for is found");

        await page.EvaluateAsync("() => { before = ''; }");
        await scan.ClickAsync();
        await Assertions.Expect(page.Locator("[data-pair-video]")).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('[data-pair-video]').srcObject !== null");
        await page.EvaluateAsync<string>(Track, "pair-video");
        await gate.PairAsync();
        (await page.EvaluateAsync<string>(Track, "pair-video")).Should().Be("hidden ended", "it was typed in the end");

        // A camera takes a while to turn on, and codes are good for half a minute. How long a code is not seen is the test's to say: a machine that has better to do does not look for seconds.
        var camera = gate.Site.Button("Camera");
        await page.EvaluateAsync("() => { looks = 0; const now = performance.now(); performance.now = () => now; }");
        await camera.ClickAsync();
        await page.WaitForFunctionAsync("() => looks > 2");
        await page.EvaluateAsync("code => { before = code; }", World.Code(World.Tickets[0]));
        await Assertions.Expect(gate.Verdict.Locator("h2")).ToHaveTextAsync("Let in");
        await page.EvaluateAsync("() => { looks = 0; }");
        await page.WaitForFunctionAsync("() => looks > 5");
        await Assertions.Expect(gate.Verdict.Locator("h2")).ToHaveTextAsync("Let in");
        await SitePage.ShouldSayAsync(page.Locator("[data-refused]"), "0");
        await page.EvaluateAsync("code => { before = code; }", World.Code(World.Tickets[0]));
        await Assertions.Expect(gate.Verdict.Locator("h2")).ToHaveTextAsync("Look closer");
        await page.Keyboard.PressAsync("Escape");

        // Taken away for some seconds and shown again it is another scan.
        await page.EvaluateAsync("() => { const now = performance.now(); performance.now = () => now + 4_000; }");
        await Assertions.Expect(gate.Verdict.Locator("h2")).ToHaveTextAsync("Look closer");
        await Assertions.Expect(gate.Verdict).ToBeVisibleAsync();
        await page.EvaluateAsync("() => { before = ''; }");
        await page.Keyboard.PressAsync("Escape");

        (await page.EvaluateAsync<string>(Track, "video")).Should().Be("shown live");
        await page.EvaluateAsync(Hide, true);
        (await page.EvaluateAsync<string>(Track, "video")).Should().Be("shown ended", "nobody sees the page");
        await page.EvaluateAsync("() => { looks = 0; }");
        await page.EvaluateAsync(Hide, false);
        await page.WaitForFunctionAsync("() => looks > 2");
        (await page.EvaluateAsync<string>(Track, "video")).Should().Be("shown live");
        await Assertions.Expect(camera).ToHaveAttributeAsync("aria-pressed", "true");
        await camera.ClickAsync();
        (await page.EvaluateAsync<string>(Track, "video")).Should().Be("hidden ended");
        await Assertions.Expect(camera).ToHaveAttributeAsync("aria-pressed", "false");
        await page.EvaluateAsync(Hide, true);
        await page.EvaluateAsync(Hide, false);
        (await page.EvaluateAsync<string>(Track, "video")).Should().Be("hidden ended", "it is not wanted");
        await page.EvaluateAsync(Hide, true);
        await camera.ClickAsync();
        await page.EvaluateAsync("() => { looks = 0; }");
        await page.EvaluateAsync(Hide, false);
        await page.WaitForFunctionAsync("() => looks > 2");
        (await page.EvaluateAsync<string>(Track, "video")).Should().Be("shown live");
        await camera.ClickAsync();
        gate.Site.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_device_without_a_camera_says_so_and_the_page_can_be_installed_on_it()
    {
        var page = await Chromium.NewPageAsync();
        await page.AddInitScriptAsync(Detector);
        await page.Context.GrantPermissionsAsync(["camera"]);
        var gate = await OpenAsync(page);
        await gate.Site.Button("Scan the code").ClickAsync();
        await gate.ShouldComplainAsync("This device has no camera");
        await gate.ShouldBeKeptAsync();

        var session = await page.Context.NewCDPSessionAsync(page);
        var manifest = (await session.SendAsync("Page.getAppManifest"))!.Value;
        manifest.GetProperty("errors").GetArrayLength().Should().Be(0, manifest.ToString());
        JsonDocument.Parse(manifest.GetProperty("data").GetString()!).RootElement.GetProperty("start_url").GetString().Should().Be("/entrance");

        // A test's profile is one that keeps nothing; else there is nothing in the way.
        var errors = (await session.SendAsync("Page.getInstallabilityErrors"))!.Value.GetProperty("installabilityErrors");
        errors.EnumerateArray().Select(static error => error.GetProperty("errorId").GetString()).Should().BeSubsetOf(["in-incognito"]);
        var told = await page.EvaluateAsync<string[]>(
            """
            async () => {
              const button = document.querySelector("[data-install]");
              const told = [`hidden ${button.hidden}`];
              const offer = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), { prompt: () => told.push("asked") });
              dispatchEvent(offer);
              told.push(`hidden ${button.hidden}`, `later ${offer.defaultPrevented}`);
              button.click();
              dispatchEvent(new Event("appinstalled"));
              return [...told, `hidden ${button.hidden}`];
            }
            """);
        told.Should().Equal("hidden true", "hidden false", "later true", "asked", "hidden true");

        // Whoever paired the wrong device begins again.
        await gate.ClaimAsync();
        await gate.Site.Button("Start over").ClickAsync();
        await gate.ShouldShowAsync("Make this device a gate");
        gate.Site.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_newer_page_waits_until_it_is_asked_for_and_never_interrupts_a_scan()
    {
        await using var newer = await RenewedSite.StartAsync(await Site.NodeAsync());
        var page = await Chromium.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.AddInitScriptAsync("{ const post = ServiceWorker.prototype.postMessage; ServiceWorker.prototype.postMessage = function (words) { sessionStorage.asked = words; post.call(this, words); }; }");
        var gate = await EntranceGate.OpenAsync(page, newer.Url, World);
        await gate.PairAsync();
        await gate.OpenSettingsAsync();
        await page.Locator("#idle").SelectOptionAsync("0");
        await gate.CloseSettingsAsync();
        await gate.ShouldBeKeptAsync();
        var first = await VersionAsync(page);
        var take = gate.Site.Button("Take it up now");
        await Assertions.Expect(take).ToBeHiddenAsync();

        // A page that is open for a day asks by itself.
        newer.Renew();
        await page.RunAndWaitForRequestAsync(() => page.Clock.FastForwardAsync(3_600_000), "**/gate/roster?*");
        await SitePage.ShouldSayAsync(page.Locator("[data-note-version]"), "A newer version of this page is here.");
        (await VersionAsync(page)).Should().Be(first);
        await gate.Site.ShowAsync("entrance-newer");

        var (asked, mayAnswer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await page.Context.RouteAsync("**/gate/scan", async route =>
        {
            asked.TrySetResult();
            await mayAnswer.Task;
            await route.ContinueAsync();
        });
        await page.EvaluateAsync("() => { globalThis.opened = true; navigator.serviceWorker.addEventListener('controllerchange', () => { globalThis.taken = true; }); }");
        await SitePage.StopClockAsync(page);
        await gate.TypeAsync(World.Code(World.Tickets[0]));
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(3));
        await take.ClickAsync();
        await gate.ShouldShowAsync("Taking up the newer version…");
        mayAnswer.SetResult();
        await Assertions.Expect(gate.Verdict.Locator("h2")).ToHaveTextAsync("Let in");
        await page.Clock.ResumeAsync();
        await ShouldBeTakenUpAsync(page);
        (await page.EvaluateAsync<bool>("() => globalThis.opened === true")).Should().BeTrue("the result was not seen yet");
        await gate.Site.Button("Next").ClickAsync();
        await gate.ShouldShowAsync(EntranceWorld.Name);
        var second = await VersionAsync(page);
        second.Should().NotBe(first);
        (await page.EvaluateAsync<int>("async () => (await caches.keys()).filter((name) => name.startsWith('entrance-')).length")).Should().Be(1, "what nobody opens any more is not kept");
        await page.Context.UnrouteAllAsync();

        await page.Context.SetOfflineAsync(true);
        await page.ReloadAsync();
        await gate.ShouldShowAsync(EntranceWorld.Name);
        (await VersionAsync(page)).Should().Be(second);
        (await gate.ScanAsync(World.Code(World.Tickets[0]))).Should().Be("already_redeemed");
        await page.Clock.FastForwardAsync(16 * 60_000);
        await SitePage.ShouldSayAsync(page.Locator("[data-age]"), "Old list");
        await page.Context.SetOfflineAsync(false);

        // One that waits when the page is opened is asked to take over then. It does when the older one is idle, which Chromium does not let a worker be that a test looks at.
        await page.EvaluateAsync("() => { sessionStorage.asked = ''; }");
        newer.Renew();
        await page.EvaluateAsync("async () => { await (await navigator.serviceWorker.ready).update(); }");
        await SitePage.ShouldSayAsync(page.Locator("[data-note-version]"), "A newer version of this page is here.");
        await page.ReloadAsync();
        await page.WaitForFunctionAsync("() => sessionStorage.asked === 'take over'");
        await gate.ShouldShowAsync(EntranceWorld.Name);
        gate.Site.ShouldBeCalm();
    }

    // The newer worker takes over once the older one is idle, which Chromium sometimes does not let a worker be that a test looks at: then it is stopped, as one that nobody looks at would have been.
    private static async Task ShouldBeTakenUpAsync(IPage page)
    {
        const string IsTaken = "() => globalThis.taken === true";
        try
        {
            await page.WaitForFunctionAsync(IsTaken, null, new PageWaitForFunctionOptions { Timeout = 30_000 });
        }
        catch (TimeoutException)
        {
            var tools = await page.Context.NewCDPSessionAsync(page);
            await tools.SendAsync("ServiceWorker.enable");
            await tools.SendAsync("ServiceWorker.stopAllWorkers");
            await page.WaitForFunctionAsync(IsTaken);
        }
    }

    private static async Task<string> VersionAsync(IPage page) => (await page.Locator("meta[name=version]").GetAttributeAsync("content"))!;
}
