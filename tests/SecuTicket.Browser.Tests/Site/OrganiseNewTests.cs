using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>The form of a new event: what it says while it is filled in, and of what is wrong.</summary>
[Collection(SharedChromium.Name)]
[Trait("Length", "longer")]
public sealed class OrganiseNewTests(ChromiumFixture chromium, SiteFixture site)
{
    [SkippableFact]
    public async Task Every_field_says_what_is_wrong_with_what_is_typed_and_nothing_is_sent()
    {
        var organiser = new OrganiserPage(await chromium.NewPageAsync(), await site.UrlAsync());
        await organiser.CreateWalletAsync("Careless");
        var (page, desk) = (organiser.Site.Page, organiser.Site);
        var sent = 0;
        page.Request += (_, request) => sent += request.Method == "POST" && request.Url.EndsWith("/events", StringComparison.Ordinal) ? 1 : 0;
        await OrganiserPage.OpenNewAsync(desk);
        (string Field, string Typed, string Says)[] bad =
        [
            ("name", "   ", "must be filled in"),
            ("venue", new string('v', 201), "At most 200 characters; there are 201."),
            ("time_zone", "Europe Paris", "such as Europe/Paris"),
            ("sessions-0--date", "", "Expected a day"),
            ("sessions-0--time", "", "Expected a time of day"),
            ("blocks-0--section", "Größe", "without accents"),
            ("blocks-0--first_row", "?", "Rows are letters"),
            ("resale-max_price_percent", "1001", "from 0 to 1000"),
            ("resale-commission_percent", "101", "from 0 to 100"),
            ("resale-return-refund_percent", "1e3", "from 0 to 1000"),
            ("resale-max_resales", "-1", "from 0 to 1000"),
            ("resale-commission_to", "0x12", "This is no account: 0x12."),
            ("resale-resellers", "nobody", "This is no account: nobody."),
            ("resale-opens_at", "2027-06-15T19:00", ""),
            ("resale-closes_at", "2027-06-14T19:00", "end before it begins"),
            ("sellers", "0xABcdef0000000000000000000000000000000001", "This is no account"),
            ("gates", "0x0000000000000000000000000000000000000001 0x0000000000000000000000000000000000000001", "This account stands here twice"),
        ];
        await page.Locator("details.more summary").ClickAsync();
        foreach (var (field, typed, _) in bad) await OrganiserPage.TypeAsync(page, field, typed);
        await desk.Button("Create and issue the seats").ClickAsync();
        foreach (var (field, _, says) in bad.Where(one => one.Says.Length > 0)) await ShouldFaultAsync(page, field, says);
        await desk.ShowAsync("organise-faults");

        // What rows there are is known before what seats they have.
        (string Field, string Typed, string Says)[] seats = [("blocks-0--last_seat", "501", "from 1 to 500"), ("blocks-0--price", "12.3456", "a price such as 50, 49.90 or 1,250.00")];
        await OrganiserPage.TypeAsync(page, "blocks-0--first_row", "A");
        await Assertions.Expect(page.Locator("#f-blocks-0--first-row-error")).ToHaveTextAsync("");
        foreach (var (field, typed, _) in seats) await OrganiserPage.TypeAsync(page, field, typed);
        await desk.Button("Create and issue the seats").ClickAsync();
        foreach (var (field, _, says) in seats) await ShouldFaultAsync(page, field, says);
        sent.Should().Be(0);
        desk.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task The_pages_speak_French_also_when_they_answer_later()
    {
        await chromium.NewPageAsync();
        var organiser = new OrganiserPage(await chromium.AnotherPageAsync(new BrowserNewContextOptions { Locale = "fr-CH" }), await site.UrlAsync());
        await organiser.CreateWalletAsync("Théâtre");
        await OrganiserPage.OpenNewAsync(organiser.Site);
        await SitePage.ShouldSayAsync(organiser.Site.Page.Locator("h1"), "Créer un événement");

        await OrganiserPage.TypeAsync(organiser.Site.Page, "sessions-0--date", "2020-06-15");
        await OrganiserPage.TypeAsync(organiser.Site.Page, "sessions-0--time", "19:00");
        await SitePage.ShouldSayAsync(organiser.Site.Page.Locator("[data-past]"), "Cette date est passée : lundi 15 juin 2020, 19:00.");
        await OrganiserPage.TypeAsync(organiser.Site.Page, "sessions-0--date", "2090-06-15");
        await Assertions.Expect(organiser.Site.Page.Locator("[data-past]")).ToHaveCountAsync(0);
        await OrganiserPage.TypeAsync(organiser.Site.Page, "blocks-0--price", "50,00");
        await OrganiserPage.TypeAsync(organiser.Site.Page, "resale-max_price_percent", "120");

        await SitePage.ShouldSayAsync(organiser.Site.Page.Locator(".meaning"), "Qui a payé 50,00 EUR peut revendre pour 60,00 EUR au plus.");
        await organiser.Site.ShowAsync("organise-french");
        organiser.Site.ShouldBeCalm();
    }

    private static async Task ShouldFaultAsync(IPage page, string field, string says)
    {
        var place = page.Locator($"#f-{field.Replace('_', '-')}");
        await SitePage.ShouldSayAsync(page.Locator($"#f-{field.Replace('_', '-')}-error"), says);
        await Assertions.Expect(place).ToHaveAttributeAsync("aria-invalid", "true");
        (await place.GetAttributeAsync("aria-describedby")).Should().EndWith("-error");
    }
}
