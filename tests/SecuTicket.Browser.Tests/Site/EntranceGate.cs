using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>A gate's device before its staff: paired by clicks, scanning as a hand scanner types.</summary>
internal sealed class EntranceGate(SitePage page, EntranceWorld world)
{
    public const string Pin = "4711";

    /// <summary>The page.</summary>
    public SitePage Site => page;

    /// <summary>The page underneath.</summary>
    public IPage Page => page.Page;

    /// <summary>The gate's account, once it is paired.</summary>
    public string Address { get; private set; } = "";

    /// <summary>A result, over the whole screen.</summary>
    public ILocator Verdict => Page.Locator("[data-verdict]");

    /// <summary>Whether the gate says that the node answers.</summary>
    public ILocator Line => Page.Locator("[data-line]");

    /// <summary>How many receipts wait to be sent.</summary>
    public ILocator Unsent => Page.Locator("[data-waiting]");

    /// <summary>Opens the page on a device that is no gate yet.</summary>
    public static async Task<EntranceGate> OpenAsync(IPage page, string server, EntranceWorld world)
    {
        var gate = new EntranceGate(new SitePage(page, server), world);
        await gate.Site.OpenAsync("/entrance");
        await gate.ShouldShowAsync("Make this device a gate");
        return gate;
    }

    /// <summary>Pairs it, has the organiser confirm, and chooses a PIN. Results stay until a key, so no test depends on how long one is shown.</summary>
    public async Task PairAsync()
    {
        await ClaimAsync();
        Address = (await world.ClaimsAsync())[^1];
        (await Page.Locator("[data-waiting-address]").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal).Should().Be(Address);
        await world.ListAsync(Address);
        await ShouldShowAsync("Choose a PIN");
        await Page.Locator("#pin-new").FillAsync(Pin);
        await Page.Locator("#pin-again").FillAsync(Pin);
        await Site.Button("Set the PIN").ClickAsync();
        await ShouldShowAsync(EntranceWorld.Name);
        await OpenSettingsAsync();
        await Page.Locator("#stays").SelectOptionAsync("0");

        // It is set still when the page is opened again: what is read here comes after what is being written.
        await Page.EvaluateAsync("async () => { await (await import('/web/js/entrance/store.js')).recall('settings'); }");
        await CloseSettingsAsync();
    }

    /// <summary>Types a pairing code of the organiser's.</summary>
    public async Task ClaimAsync()
    {
        await Site.Field("Name of this gate").FillAsync("Gate North");
        await Site.Field("Pairing code").FillAsync((await world.InviteAsync()).ToLowerInvariant());
        await Site.Button("Pair this device").ClickAsync();
        await ShouldShowAsync("Waiting for the organiser");
    }

    /// <summary>Opens the settings with the PIN.</summary>
    public async Task OpenSettingsAsync()
    {
        await Site.Button("Settings").ClickAsync();
        await UnlockAsync(Pin);
        await ShouldShowAsync("This gate");
    }

    /// <summary>Goes back to scanning.</summary>
    public async Task CloseSettingsAsync()
    {
        await Page.Locator("[data-back]").ClickAsync();
        await ShouldShowAsync(EntranceWorld.Name);
    }

    /// <summary>Has it fetch what changed.</summary>
    public async Task SyncAsync()
    {
        await OpenSettingsAsync();
        await Site.Button("Update the list").ClickAsync();
        await SitePage.ShouldSayAsync(Page.Locator("[data-menu-state]"), "The list is up to date");
        await CloseSettingsAsync();
    }

    /// <summary>Types a PIN where it is asked for.</summary>
    public async Task UnlockAsync(string pin)
    {
        await Page.Locator("#pin-typed").FillAsync(pin);
        await Site.Button("Unlock").ClickAsync();
    }

    /// <summary>Waits for a screen.</summary>
    public Task ShouldShowAsync(string title) => Assertions.Expect(Page.Locator("h1:visible")).ToHaveTextAsync(title);

    /// <summary>Types a code as a hand scanner does, wherever the focus is: keys, and Enter.</summary>
    public async Task TypeAsync(string code)
    {
        await Page.Keyboard.TypeAsync(code[..1]);
        await Page.Keyboard.InsertTextAsync(code[1..]);
        await Page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Scans a code, and reads the result after the one before has gone.</summary>
    public async Task<string> ScanAsync(string code)
    {
        await Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Verdict).ToBeHiddenAsync();
        await TypeAsync(code);
        await Assertions.Expect(Verdict).ToBeVisibleAsync();
        return (await Verdict.GetAttributeAsync("data-result"))!;
    }

    /// <summary>Reads errors beside fields.</summary>
    public async Task ShouldComplainAsync(params string[] texts)
    {
        foreach (var text in texts) await Assertions.Expect(Page.GetByRole(AriaRole.Alert).Filter(new LocatorFilterOptions { HasText = text })).ToBeVisibleAsync();
    }

    /// <summary>Waits until the page is kept on the device.</summary>
    public Task ShouldBeKeptAsync() => Page.EvaluateAsync("async () => { await navigator.serviceWorker.ready; }");
}
