using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What keeps a gate's device from others, and what comes to it other than by a hand scanner.</summary>
[Collection(SharedChromium.Name)]
public sealed class EntranceLockTests(ChromiumFixture chromium, SiteFixture site) : IAsyncLifetime
{
    // This machine has no camera, and its Chromium reads no codes: what the page asks of them is answered here.
    private const string Camera =
        """
        globalThis.before = "";
        globalThis.looks = 0;
        globalThis.refused = true;
        globalThis.BarcodeDetector = class {
          static async getSupportedFormats() { return ["qr_code"]; }
          async detect() { globalThis.looks++; return globalThis.before ? [{ rawValue: globalThis.before }] : []; }
        };
        navigator.mediaDevices.getUserMedia = async () => {
          if (globalThis.refused) throw new DOMException("no", "NotAllowedError");
          const canvas = document.createElement("canvas");
          canvas.getContext("2d").fillRect(0, 0, 1, 1);
          return canvas.captureStream(5);
        };
        """;

    private EntranceWorld _world = null!;

    public async Task InitializeAsync() => _world = await EntranceWorld.MakeAsync((await site.NodeAsync()).Client);

    public Task DisposeAsync()
    {
        _world.Dispose();
        return Task.CompletedTask;
    }

    [SkippableFact]
    public async Task A_locked_gate_scans_nothing_and_wrong_PINs_make_waits_that_outlive_the_page()
    {
        var page = await chromium.NewPageAsync();
        await page.Clock.InstallAsync();
        var gate = await OpenAsync(page);
        await gate.PairAsync();
        await gate.Site.Button("Lock").ClickAsync();
        await gate.ShouldShowAsync("Locked");
        await gate.Site.ShowAsync("entrance-locked");
        await gate.Page.ReloadAsync();
        await gate.ShouldShowAsync("Locked");
        await Assertions.Expect(gate.Site.Button("Back to scanning")).ToBeHiddenAsync();
        await gate.TypeAsync(_world.Code(_world.Tickets[0]));
        await gate.ShouldComplainAsync("That is not the PIN.");
        await Assertions.Expect(gate.Verdict).ToBeHiddenAsync();

        await gate.UnlockAsync("0000");
        await gate.ShouldComplainAsync("That is not the PIN.");
        await gate.UnlockAsync("00000");
        await gate.ShouldComplainAsync("Try again in 5 s.");
        await gate.Page.ReloadAsync();
        await gate.UnlockAsync(EntranceGate.Pin);
        await gate.ShouldComplainAsync("came too soon");
        await page.Clock.FastForwardAsync(5_000);
        await gate.UnlockAsync(EntranceGate.Pin);
        await gate.ShouldShowAsync(EntranceWorld.Name);

        await page.Clock.FastForwardAsync(15 * 60_000);
        await gate.ShouldShowAsync("Locked");
        (await _world.JudgeAsync(_world.Code(_world.Tickets[0]), gate.Address)).Should().Be("valid", "it was typed into a locked page");
        gate.Site.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Behind_the_PIN_it_is_set_and_taken_off_the_device_when_everything_is_sent()
    {
        var gate = await OpenAsync(await chromium.NewPageAsync());
        await gate.PairAsync();
        await gate.Page.Context.SetOfflineAsync(true);
        (await gate.ScanAsync(_world.Code(_world.Tickets[0]))).Should().Be("valid");
        await gate.Page.Keyboard.PressAsync("Escape");
        await gate.OpenSettingsAsync();
        var unpair = gate.Site.Button("Unpair this device");
        await Assertions.Expect(unpair).ToHaveAttributeAsync("aria-disabled", "true");
        await SitePage.ShouldSayAsync(gate.Page.Locator("#unpair-why"), "receipts not sent yet: 1");
        await gate.Site.ShowAsync("entrance-settings");

        await gate.Site.Button("Change the PIN").ClickAsync();
        await gate.Page.Locator("#pin-new").FillAsync("12");
        await gate.Page.Locator("#pin-again").FillAsync("13");
        await gate.Site.Button("Set the PIN").ClickAsync();
        await gate.ShouldComplainAsync("4 to 12 digits", "not the same");
        await gate.Page.Locator("#pin-new").FillAsync("123456");
        await gate.Page.Locator("#pin-again").FillAsync("123456");
        await gate.Site.Button("Set the PIN").ClickAsync();
        await gate.ShouldShowAsync("This gate");

        await gate.Page.Context.SetOfflineAsync(false);
        await Assertions.Expect(unpair).ToHaveAttributeAsync("aria-disabled", "false");
        await unpair.ClickAsync();
        await gate.Page.Locator("[data-unpair-yes]").ClickAsync();
        await gate.ShouldShowAsync("Make this device a gate");
        (await _world.JudgeAsync(_world.Code(_world.Tickets[0]), gate.Address)).Should().Be("already_redeemed");
        gate.Site.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_camera_s_code_counts_once_for_as_long_as_it_is_seen_and_a_refused_camera_is_said()
    {
        var page = await chromium.NewPageAsync();
        await page.AddInitScriptAsync(Camera);
        var gate = await OpenAsync(page);
        await gate.PairAsync();
        var camera = gate.Site.Button("Camera");
        await camera.ClickAsync();
        await SitePage.ShouldSayAsync(gate.Page.Locator("[data-camera-state]"), "The camera may not be used");
        await page.EvaluateAsync("code => { refused = false; before = code; }", _world.Code(_world.Tickets[0]));
        await camera.ClickAsync();

        await Assertions.Expect(gate.Verdict.Locator("h2")).ToHaveTextAsync("Let in");
        await page.EvaluateAsync("() => { looks = 0; }");
        await page.WaitForFunctionAsync("() => looks > 5");
        await Assertions.Expect(gate.Verdict.Locator("h2")).ToHaveTextAsync("Let in");
        await SitePage.ShouldSayAsync(gate.Page.Locator("[data-refused]"), "0");
        await page.EvaluateAsync("code => { before = code; }", _world.Code(_world.Tickets[0]));
        await Assertions.Expect(gate.Verdict.Locator("h2")).ToHaveTextAsync("Look closer");
        gate.Site.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_second_page_of_the_same_browser_lets_nobody_in()
    {
        var gate = await OpenAsync(await chromium.NewPageAsync());
        var second = new SitePage(await gate.Page.Context.NewPageAsync(), await site.UrlAsync());

        await second.OpenAsync("/entrance");

        await Assertions.Expect(second.Page.GetByText("open in another tab")).ToBeVisibleAsync();
        await second.ShouldBeForEverybodyAsync();
    }

    private async Task<EntranceGate> OpenAsync(IPage page) => await EntranceGate.OpenAsync(page, await site.UrlAsync(), _world);
}
