using System.Text.Json;
using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What an organiser changes at the desk, with which wallet, and what the desk makes of what is typed wrong.</summary>
[Collection(SharedChromium.Name)]
[Trait("Length", "longer")]
public sealed class OrganiseDeskTests(ChromiumFixture chromium, SiteFixture site)
{
    private const string Opening = "section:has(> #opening-title)";

    [SkippableFact]
    public async Task A_passkey_creates_an_event_issues_opens_its_sale_and_cancels_it()
    {
        var desk = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var page = desk.Page;
        await desk.AddAuthenticatorAsync();
        await desk.OpenAsync("/organise/new");
        await page.EvaluateAsync("async () => (await import('/web/js/wallets.js')).createPasskeyWallet('Phone')");
        await page.Locator("form.flow:not([inert])").WaitForAsync();
        await Assertions.Expect(page.Locator("#f-time-zone")).Not.ToHaveValueAsync("");
        (string Field, string Typed)[] typed = [("name", "Tosca"), ("venue", "Arena"), ("sessions-0--date", "2027-06-15"), ("sessions-0--time", "19:00"), ("blocks-0--price", "50"), ("sale-opens-at", "2099-01-01T10:00")];
        foreach (var (field, text) in typed) await OrganiserPage.TypeAsync(page, field, text);
        await SitePage.ShouldSayAsync(page.Locator("#create-why"), "Phone");
        await desk.Button("Create and issue the seats").ClickAsync();

        // Each signature asks for a touch, so nothing is signed that nobody pressed for.
        await SitePage.ShouldSayAsync(page.Locator(".issue"), "0 of 20 seats");
        await desk.Button("Go on").ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator(".issue"), "20 of 20 seats · 100 %");
        var id = page.Url.Split('/')[^1];
        (await ReadAsync(id)).GetProperty("sale_opens_at").GetInt64().Should().BeGreaterThan(4_000_000_000);

        await SitePage.ShouldSayAsync(page.Locator("[data-opening]"), "The sale opens on Thursday 1 January 2099, 10:00.");
        await SitePage.ShouldSayAsync(page.Locator("#opening-why"), "It is so already");
        await OrganiserPage.TypeAsync(page, "sale-opens-at", "2098-01-01T10:00");
        await SitePage.ShouldSayAsync(page.Locator("[data-meaning]"), "Fans could buy earlier than it was announced: from Wednesday 1 January 2098, 10:00 on.");
        await OrganiserPage.TypeAsync(page, "sale-opens-at", "");
        await SitePage.ShouldSayAsync(page.Locator("[data-meaning]"), "Choose a day and a time");
        await desk.Button("Change the opening").ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator("#f-sale-opens-at-error"), "Expected a date and a time.");
        await desk.ShowAsync("organise-opening");
        await desk.Button("Open the sale now").ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator("[data-opening]"), "The sale is open");
        await SitePage.ShouldSayAsync(page.Locator(Opening), "The new opening is signed and sent.");
        (await ReadAsync(id)).GetProperty("sale_opens_at").GetInt64().Should().BeLessThanOrEqualTo(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        await Assertions.Expect(desk.Button("Open the sale now")).ToHaveAttributeAsync("aria-disabled", "true");
        await SitePage.ShouldSayAsync(page.Locator("#opening-now-why"), "The sale is open already.");
        await OrganiserPage.TypeAsync(page, "sale-opens-at", "2099-01-01T10:00");
        await SitePage.ShouldSayAsync(page.Locator("[data-meaning]"), "The sale would stop at once and open again on Thursday 1 January 2099, 10:00.");
        await desk.Button("Change the opening").ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator("[data-opening]"), "Not open yet");
        (await ReadAsync(id)).GetProperty("sale_opens_at").GetInt64().Should().BeGreaterThan(4_000_000_000);

        await desk.Field("Type the name to confirm").FillAsync("Tosca");
        await desk.Button("Cancel the event").ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator("#opening-why"), "The event is cancelled: nothing of it can be changed any more.");
        foreach (var button in new[] { "Change the opening", "Open the sale now", "Change the rules" }) await Assertions.Expect(desk.Button(button)).ToHaveAttributeAsync("aria-disabled", "true");
        await page.EvaluateAsync("async () => { const wallets = await import('/web/js/wallets.js'); await wallets.remove((await wallets.chosen()).address); }");
        await SitePage.ShouldSayAsync(page.Locator("#opening-why"), "Only the organiser’s wallet can do this.");
        desk.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Whatever_is_typed_into_the_desk_is_refused_at_its_field_or_shown_as_text_and_the_page_lives_on()
    {
        var organiser = new OrganiserPage(await chromium.NewPageAsync(), await site.UrlAsync());
        await organiser.CreateWalletAsync("Careless");
        var (page, desk) = (organiser.Site.Page, organiser.Site);
        var fields = new { type = "create_event", name = "<b>Bold</b> \u202etext", venue = "Hall", sessions = new[] { new { date = "2027-06-15", time = "19:00" } } };
        var id = (await organiser.WriteAsync("/events", fields)).GetProperty("event_id").GetString()!;
        await desk.OpenAsync($"/organise/{id}");
        await Assertions.Expect(desk.Button("Change the rules")).Not.ToHaveAttributeAsync("aria-disabled", "true");
        await SitePage.ShouldSayAsync(page.Locator("h1"), "<b>Bold</b>");
        foreach (var summary in await page.Locator("details.more > summary").AllAsync()) await summary.ClickAsync();
        var sent = 0;
        page.Request += (_, request) => sent += request.Method is "POST" or "PUT" && !request.Url.Contains("_blazor", StringComparison.Ordinal) ? 1 : 0;

        string[] buttons = ["Issue these seats", "Change the rules", "Change the opening", "Send", "Cancel the event"];
        string[] texts = ["", new('9', 5_000), "-1", "99999999999999999999", "<script>alert(1)</script>", "\u202e\u2066\u0000\u0007\u001b[31m", "\ufffe\uffff\u2028"];
        string[] numbers = ["blocks-0--first-seat", "blocks-0--last-seat", "blocks-0--price", "resale-max-price-percent", "resale-commission-percent", "resale-return-refund-percent"];
        string[] accounts = ["sellers", "gates"];
        string[] others = ["blocks-0--section", "blocks-0--first-row", "blocks-0--last-row", "resale-max-resales", "resale-commission-to", "resale-resellers", "sale-opens-at", "resale-opens-at", "resale-closes-at", "resale-return-until", "subject", "text", "confirmation", "filter-seat"];
        foreach (var text in texts)
        {
            foreach (var field in numbers.Concat(accounts).Concat(others)) await ForceAsync(page, field, text);

            // By a script: what one press has said above the next button moves that away from under a mouse.
            foreach (var button in buttons) await desk.Button(button).EvaluateAsync("button => button.click()");
            foreach (var add in await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add", Exact = true }).AllAsync()) await add.EvaluateAsync("button => button.click()");

            foreach (var field in accounts.Append("confirmation").Append("resale-max-price-percent").Append("resale-commission-percent").Append("resale-return-refund-percent"))
                await Assertions.Expect(page.Locator($"#f-{field}")).ToHaveAttributeAsync("aria-invalid", "true");
            await Assertions.Expect(page.Locator("#f-blocks-0--first-row, #f-blocks-0--price").First).ToHaveAttributeAsync("aria-invalid", "true");
        }

        // What may be said to holders is any text that can be shown; the rest was refused at its field.
        sent.Should().BeLessThanOrEqualTo(texts.Length, "only messages may have gone out");
        (await ReadAsync(id)).GetProperty("cancelled").GetBoolean().Should().BeFalse();
        (await page.EvaluateAsync<int>("() => document.querySelectorAll('main script:not([src]):not([type])').length")).Should().Be(0);
        await ForceAsync(page, "filter-seat", "");
        await SitePage.ShouldSayAsync(page.Locator(".grid"), "There is no such ticket.");
        await desk.ShowAsync("organise-desk-faults");
        await ShouldChangeSellersAsync(desk, id);
        desk.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task An_organiser_of_many_events_turns_pages()
    {
        var organiser = new OrganiserPage(await chromium.NewPageAsync(), await site.UrlAsync());
        await organiser.CreateWalletAsync("Busy");
        var page = organiser.Site.Page;
        await page.EvaluateAsync(
            """
            async () => {
              const [ledger, wallets] = await Promise.all([import('/web/js/ledger.js'), import('/web/js/wallets.js')]);
              const signer = wallets.signerOf(await wallets.chosen());
              for (let i = 0; i < 50; i++) await ledger.write('/events', { type: 'create_event', name: `Evening ${i}.`, venue: 'Hall', sessions: [{ date: '2027-06-15', time: '19:00' }] }, signer);
            }
            """);
        await organiser.Site.OpenAsync("/organise");
        await SitePage.ShouldSayAsync(page.Locator(".cards h2").First, "Evening 49.");
        await Assertions.Expect(page.Locator(".cards li")).ToHaveCountAsync(48);

        await organiser.Site.Link("Older events").ClickAsync();
        await Assertions.Expect(page.Locator(".cards h2")).ToHaveTextAsync(["Evening 1.", "Evening 0."]);
        await Assertions.Expect(organiser.Site.Link("Older events")).ToHaveCountAsync(0);
        await organiser.Site.Link("Newest events").ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator(".cards h2").First, "Evening 49.");
        await organiser.Site.OpenAsync("/organise?before=-1");
        await SitePage.ShouldSayAsync(page.Locator(".cards h2").First, "Evening 49.");
        organiser.Site.ShouldBeCalm();
    }

    // Who is added joins those who are there; who is removed leaves the others.
    private async Task ShouldChangeSellersAsync(SitePage desk, string id)
    {
        string[] sellers = [$"0x{1:x40}", $"0x{2:x40}"];
        var panel = desk.Page.Locator("section.card:has(#f-sellers)");
        foreach (var seller in sellers)
        {
            await OrganiserPage.TypeAsync(desk.Page, "sellers", seller);
            await panel.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Add", Exact = true }).ClickAsync();
            await SitePage.ShouldSayAsync(panel.Locator(".people"), seller);
        }

        await OrganiserPage.TypeAsync(desk.Page, "sellers", sellers[0]);
        await panel.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Add", Exact = true }).ClickAsync();
        await SitePage.ShouldSayAsync(desk.Page.Locator("#f-sellers-error"), "This account is listed already");
        await desk.Button($"Remove {sellers[0]}").ClickAsync();
        await Assertions.Expect(panel.Locator(".people li")).ToHaveCountAsync(1);
        (await SellersAsync()).Should().Equal(sellers[1]);

        // Another desk adds one, within the second in which this page has not seen it yet.
        string[] others = [$"0x{3:x40}", $"0x{4:x40}"];
        await OrganiserPage.TypeAsync(desk.Page, "sellers", others[1]);
        await desk.Page.EvaluateAsync(
            """
            async ([event_id, ...sellers]) => {
              const [ledger, wallets] = await Promise.all(["ledger", "wallets"].map((name) => import(`/web/js/${name}.js`)));
              await ledger.write("/transactions", { type: "update_event", event_id, sellers }, wallets.signerOf(await wallets.chosen()));
              document.querySelector("section.card:has(#f-sellers) [type=submit]").click();
            }
            """,
            new[] { id, sellers[1], others[0] });
        await SitePage.ShouldSayAsync(panel.Locator(".people"), others[1]);
        (await SellersAsync()).Should().Equal(sellers[1], others[0], others[1]);

        async Task<IEnumerable<string?>> SellersAsync() => (await ReadAsync(id)).GetProperty("sellers").EnumerateArray().Select(static seller => seller.GetString());
    }

    // As a script of the page's own would, past what the field lets a person type.
    private static async Task ForceAsync(IPage page, string field, string text) =>
        await page.Locator($"#f-{field}").EvaluateAsync("(field, text) => { field.value = text; field.dispatchEvent(new Event('change', { bubbles: true })); }", text);

    private async Task<JsonElement> ReadAsync(string id) => JsonDocument.Parse(await (await site.NodeAsync()).Client.GetStringAsync($"/events/{id}?pending=true")).RootElement;
}
