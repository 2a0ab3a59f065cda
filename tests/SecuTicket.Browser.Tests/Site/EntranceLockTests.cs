using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What keeps a gate's device from others.</summary>
[Collection(SecondChromium.Name)]
[Trait("Length", "longer")]
public sealed class EntranceLockTests(ChromiumFixture chromium, SiteFixture site) : GateTests(chromium, site)
{
    // What a page asks of its device: that what it keeps is not cleared away, and that the screen stays on.
    private const string Device =
        """
        globalThis.asked = [];
        Object.defineProperty(navigator.storage, "persist", { value: async () => asked.push("stay") });
        Object.defineProperty(navigator, "wakeLock", { value: { request: async () => asked.push("light") } });
        """;

    private const string Look = "(state) => { Object.defineProperty(document, 'visibilityState', { configurable: true, value: state }); document.dispatchEvent(new Event('visibilitychange')); }";

    [SkippableFact]
    public async Task A_locked_gate_scans_nothing_and_wrong_PINs_make_waits_that_outlive_the_page()
    {
        var page = await Chromium.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.AddInitScriptAsync(Device);
        var gate = await OpenAsync(page);
        await gate.PairAsync();
        (await page.EvaluateAsync<string[]>("() => asked")).Should().Equal("stay", "light");
        await page.EvaluateAsync(Look, "hidden");
        (await page.EvaluateAsync<string[]>("() => asked")).Should().HaveCount(2, "nobody looks");
        await page.EvaluateAsync(Look, "visible");
        (await page.EvaluateAsync<string[]>("() => asked")).Should().HaveCount(3);
        await gate.Site.Button("Lock").ClickAsync();
        await gate.ShouldShowAsync("Locked");
        await page.EvaluateAsync(Look, "visible");
        (await page.EvaluateAsync<string[]>("() => asked")).Should().HaveCount(3, "a device that is put away may go dark");
        await gate.Site.ShowAsync("entrance-locked");
        await gate.Page.ReloadAsync();
        await gate.ShouldShowAsync("Locked");
        await Assertions.Expect(gate.Site.Button("Back to scanning")).ToBeHiddenAsync();
        await gate.TypeAsync(World.Code(World.Tickets[0]));
        await gate.ShouldComplainAsync("That is not the PIN.");
        await Assertions.Expect(gate.Verdict).ToBeHiddenAsync();

        await SitePage.StopClockAsync(page);
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

        (await gate.ScanAsync("not a code")).Should().Be("invalid");
        await page.Clock.FastForwardAsync(15 * 60_000);
        await gate.ShouldShowAsync("Locked");
        await Assertions.Expect(gate.Verdict).ToBeHiddenAsync();
        await gate.UnlockAsync(EntranceGate.Pin);
        await gate.ShouldShowAsync(EntranceWorld.Name);
        await page.ReloadAsync();
        await gate.ShouldShowAsync(EntranceWorld.Name);
        await page.Clock.FastForwardAsync(15 * 60_000);
        await gate.ShouldShowAsync("Locked");
        (await World.JudgeAsync(World.Code(World.Tickets[0]), gate.Address)).Should().Be("valid", "it was typed into a locked page");
        gate.Site.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Behind_the_PIN_it_is_set_and_taken_off_the_device_when_everything_is_sent()
    {
        var gate = await OpenAsync();
        await gate.PairAsync();
        await gate.Page.Context.SetOfflineAsync(true);
        (await gate.ScanAsync(World.Code(World.Tickets[0]))).Should().Be("valid");
        await gate.Page.Keyboard.PressAsync("Escape");
        await gate.OpenSettingsAsync();
        var unpair = gate.Site.Button("Unpair this device");
        await Assertions.Expect(unpair).ToHaveAttributeAsync("aria-disabled", "true");
        await SitePage.ShouldSayAsync(gate.Page.Locator("#unpair-why"), "receipts not sent yet: 1");
        await unpair.ClickAsync(new LocatorClickOptions { Force = true });
        await Assertions.Expect(gate.Page.Locator("[data-unpair-sure]")).ToBeHiddenAsync();
        var copy = await gate.Page.RunAndWaitForDownloadAsync(() => gate.Site.Button("Save a copy").ClickAsync());
        (await File.ReadAllLinesAsync(await copy.PathAsync())).Should().ContainSingle().Which.Should().Contain(World.Tickets[0]);
        await Assertions.Expect(unpair).ToHaveAttributeAsync("aria-disabled", "false");
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
        await Assertions.Expect(gate.Page.Locator("[data-gate-unsent]")).ToHaveTextAsync("0");
        await unpair.ClickAsync();
        await gate.Page.Locator("[data-unpair-yes]").ClickAsync();
        await gate.ShouldShowAsync("Make this device a gate");
        (await World.JudgeAsync(World.Code(World.Tickets[0]), gate.Address)).Should().Be("already_redeemed");
        gate.Site.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_second_page_of_the_same_browser_lets_nobody_in()
    {
        var gate = await OpenAsync();
        await gate.PairAsync();
        var second = new SitePage(await gate.Page.Context.NewPageAsync(), await Site.UrlAsync());

        await second.OpenAsync("/entrance");

        await Assertions.Expect(second.Page.GetByText("open in another tab")).ToBeVisibleAsync();
        await second.ShouldBeForEverybodyAsync();

        await second.Page.AddInitScriptAsync("Object.defineProperty(globalThis, 'isSecureContext', { value: false });");
        await second.OpenAsync("/entrance");
        await Assertions.Expect(second.Page.Locator("[data-screen=insecure]")).ToBeVisibleAsync();
        await Assertions.Expect(second.Page.GetByText("open in another tab")).ToBeHiddenAsync();
    }
}
