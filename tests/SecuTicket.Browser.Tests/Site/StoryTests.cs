using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>The life of a ticket, by clicks, in the browsers of all who have a part in it. Nothing goes past the pages.</summary>
[Collection(SharedChromium.Name)]
[Trait("Length", "longer")]
public sealed class StoryTests(ChromiumFixture chromium, SiteFixture site)
{
    private const string EventName = "The whole story";

    [SkippableFact]
    public async Task An_event_is_made_sold_resold_scanned_with_and_without_a_network_and_proven()
    {
        await chromium.NewPageAsync();
        var (organiser, anna, bert, gate, reader) = (await PersonAsync(), await PersonAsync(), await PersonAsync(), await PersonAsync(), await PersonAsync());
        await MakeKeyAsync(organiser, "Box office");
        var id = await CreateEventAsync(organiser);
        await PairAsync(organiser, gate);

        await anna.AddAuthenticatorAsync();
        await BuyAsync(anna, id, "Row A, seat 1", "50.00 EUR", isNew: true);
        await anna.Link("Show my ticket").ClickAsync();

        // The page's script is there, and knows whose wallet it is: else the browser itself takes the form, and nothing is offered.
        await anna.Button("Make a code").WaitForAsync();
        await anna.Field("Price in EUR").FillAsync("55");
        await anna.Button("Offer it").ClickAsync();
        await SitePage.ShouldSayAsync(anna.Page.Locator("main"), "Offered.");

        await MakeKeyAsync(bert, "Bert");
        await BuyAsync(bert, id, "Row A, seat 1", "55.00 EUR");
        var ticket = (await ShowTicketAsync(bert)).Split('/')[^1];
        await SitePage.ShouldSayAsync(anna.Page.Locator("[data-code]"), "does not hold this ticket");
        await BuyAsync(bert, id, "Row A, seat 2", "50.00 EUR");
        var second = await ShowTicketAsync(bert);

        // The gate knows who bought before its network goes; and a result stays until a key is pressed, so nothing depends on how long one is shown.
        await gate.Button("Settings").ClickAsync();
        await gate.Page.Locator("#pin-typed").FillAsync(EntranceGate.Pin);
        await gate.Button("Unlock").ClickAsync();
        await gate.Page.Locator("#stays").SelectOptionAsync("0");
        await gate.Button("Update the list").ClickAsync();
        await SitePage.ShouldSayAsync(gate.Page.Locator("[data-menu-state]"), "The list is up to date");
        await gate.Page.Locator("[data-back]").ClickAsync();
        await bert.OpenAsync($"/wallet/tickets/{ticket}");
        var codes = await CodesAsync(bert);
        (await ScanAsync(gate, codes[1])).Should().Be("valid");
        (await ScanAsync(gate, codes[0])).Should().Be("already_redeemed");
        await gate.Page.EvaluateAsync("async () => { await navigator.serviceWorker.ready; }");
        await gate.Page.Context.SetOfflineAsync(true);

        // Codes are shown when somebody is there to scan them: none is good for longer than half a minute.
        await bert.Page.GotoAsync(second);
        codes = await CodesAsync(bert);
        (await ScanAsync(gate, codes[1])).Should().Be("valid");
        (await ScanAsync(gate, codes[0])).Should().Be("already_redeemed", "a gate without a network remembers whom it let in");
        await Assertions.Expect(gate.Page.Locator("[data-line]")).ToHaveTextAsync("Offline");
        await gate.Page.Context.SetOfflineAsync(false);
        await Assertions.Expect(gate.Page.Locator("[data-waiting]")).ToBeHiddenAsync();

        await organiser.OpenAsync($"/organise/{id}");
        await SitePage.ShouldSayAsync(organiser.Page.Locator("[data-figures] div").Last, "2");
        await reader.OpenAsync($"/explorer/tickets/{ticket}");
        await Assertions.Expect(reader.Page.Locator(".timeline > li strong")).ToHaveTextAsync(["Issue", "Purchase", "Offer", "Purchase", "Entry"]);
        await reader.Button("Check the proof").ClickAsync();
        await SitePage.ShouldSayAsync(reader.Page.Locator("[data-proof-said]"), "steps are right");
        foreach (var person in new[] { organiser, anna, bert, gate, reader }) person.ShouldBeCalm();
    }

    private static async Task MakeKeyAsync(SitePage person, string name)
    {
        await person.OpenAsync("/wallet");
        var form = person.Page.Locator("form[data-create=browser]");
        await form.GetByLabel("Name").FillAsync(name);
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await SitePage.ShouldSayAsync(person.Page.Locator("[data-wallet-chip]"), name);
    }

    private static async Task<string> CreateEventAsync(SitePage organiser)
    {
        await organiser.OpenAsync("/organise/new");
        var page = organiser.Page;
        await page.Locator("form.flow:not([inert])").WaitForAsync();
        await Assertions.Expect(page.Locator("#f-time-zone")).Not.ToHaveValueAsync("");
        foreach (var (field, text) in new[]
        {
            ("name", EventName), ("venue", "Every browser"), ("sessions-0--date", SaleStage.Day), ("sessions-0--time", "19:00"), ("blocks-0--last-row", "A"), ("blocks-0--last-seat", "4"), ("blocks-0--price", "50"),
            ("resale-max-price-percent", "110"), ("resale-commission-percent", "5"),
        })
        {
            await page.Locator($"#f-{field}").FillAsync(text);
            await page.Locator($"#f-{field}").BlurAsync();
        }

        await organiser.Button("Create and issue the seats").ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator(".issue"), "4 of 4 seats · 100 %");
        return page.Url.Split('/')[^1];
    }

    private static async Task PairAsync(SitePage organiser, SitePage gate)
    {
        await organiser.Button("Pair a gate device").ClickAsync();
        var code = await organiser.Page.Locator("[data-code]").InnerTextAsync();
        await gate.OpenAsync($"/entrance?pair={code}");
        await gate.Field("Name of this gate").FillAsync("North");
        await gate.Button("Pair this device").ClickAsync();
        await organiser.Button("Yes, add «North»").ClickAsync();
        await Assertions.Expect(gate.Page.Locator("h1:visible")).ToHaveTextAsync("Choose a PIN");
        await gate.Page.Locator("#pin-new").FillAsync(EntranceGate.Pin);
        await gate.Page.Locator("#pin-again").FillAsync(EntranceGate.Pin);
        await gate.Button("Set the PIN").ClickAsync();
        await Assertions.Expect(gate.Page.Locator("h1:visible")).ToHaveTextAsync(EventName);
    }

    private static async Task BuyAsync(SitePage fan, string id, string seat, string price, bool isNew = false)
    {
        await fan.OpenAsync($"/sale/{id}");
        await fan.Page.GetByRole(AriaRole.Gridcell, new PageGetByRoleOptions { Name = $"{seat}, {price}" }).ClickAsync();
        await fan.Button("Get test money").ClickAsync();
        await SitePage.ShouldSayAsync(fan.Page.Locator("[data-said]"), "of test money");
        if (isNew) await Assertions.Expect(fan.Page.Locator("[data-wallet-chip]")).ToContainTextAsync("200.00 EUR");
        await fan.Button($"Buy for {price}").ClickAsync();
        await SitePage.ShouldSayAsync(fan.Page.Locator("[data-said]"), "Confirmed in block");
    }

    private static async Task<string> ShowTicketAsync(SitePage fan)
    {
        await fan.Link("Show my ticket").ClickAsync();
        await Assertions.Expect(fan.Page).ToHaveURLAsync(new Regex("/wallet/tickets/[0-9a-f]{32}$"));
        return fan.Page.Url;
    }

    // Two that are shown one after the other: a gate takes the same one twice for one that is held to the scanner too long. The later one is good for longer; who is in already is told so by an old one too.
    private static async Task<string[]> CodesAsync(SitePage fan)
    {
        var codes = new string[2];
        for (var i = 0; i < codes.Length; i++)
        {
            await fan.Page.ReloadAsync();
            codes[i] = (await fan.Page.Locator(".code svg").GetAttributeAsync("data-text"))!;
        }

        return codes;
    }

    // As a hand scanner types, wherever the focus is; a result goes away at a key.
    private static async Task<string> ScanAsync(SitePage gate, string code)
    {
        var verdict = gate.Page.Locator("[data-verdict]");
        await gate.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(verdict).ToBeHiddenAsync();
        await gate.Page.Keyboard.TypeAsync(code[..1]);
        await gate.Page.Keyboard.InsertTextAsync(code[1..]);
        await gate.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(verdict).ToBeVisibleAsync();
        return (await verdict.GetAttributeAsync("data-result"))!;
    }

    private async Task<SitePage> PersonAsync() => new(await chromium.AnotherPageAsync(new BrowserNewContextOptions()), await site.UrlAsync());
}
