using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>An organiser's whole work, by clicks.</summary>
[Collection(SharedChromium.Name)]
[Trait("Length", "longer")]
public sealed class OrganisePageTests(ChromiumFixture chromium, SiteFixture site)
{
    private static readonly string[] OneSession = ["2027-06-15"];

    [SkippableFact]
    public async Task An_event_is_created_by_clicks_its_seats_are_issued_and_the_desk_follows_the_sale()
    {
        var organiser = await OrganiserAsync("Opera house");
        var (page, desk) = (organiser.Site.Page, organiser.Site);
        await desk.OpenAsync("/organise");
        await SitePage.ShouldSayAsync(page.Locator(".empty"), "No event yet");
        await desk.Link("Create an event").ClickAsync();
        await FillAsync(desk);
        await SitePage.ShouldSayAsync(page.Locator(".total"), "Tickets: 120 · 6,000.00 EUR in all · transactions to sign: 2");
        await SitePage.ShouldSayAsync(page.Locator(".meaning"), "A fan who paid 50.00 EUR may resell for at most 55.00 EUR.");
        await SitePage.ShouldSayAsync(page.Locator(".meaning"), "5 % of the price goes to you: of 55.00 EUR you get 2.75 EUR, the fan 52.25 EUR.");
        await desk.ShowAsync("organise-new");
        await desk.Button("Create and issue the seats").ClickAsync();

        await SitePage.ShouldSayAsync(page.Locator(".issue"), "120 of 120 seats · 100 %");
        (await page.EvaluateAsync<bool>("() => Object.keys(localStorage).some((name) => name.startsWith('secuticket.draft'))")).Should().BeFalse("what was sent is no draft any more");
        var id = page.Url.Split('/')[^1];
        await SitePage.ShouldSayAsync(page.Locator("[data-sold]"), "0 of 120");
        var fan = await PersonAsync("Fan");
        var ticket = await TicketAsync(id, 0);
        await fan.WriteAsync("/tickets/purchase", new { type = "purchase_ticket", ticket_id = ticket.Id, max_price = 5_000 });

        await SitePage.ShouldSayAsync(page.Locator("[data-sold]"), "1 of 120");
        await SitePage.ShouldSayAsync(page.Locator("[data-figures]"), "50.00 EUR");
        await page.GetByLabel("Status", new PageGetByLabelOptions { Exact = true }).SelectOptionAsync("sold");
        await Assertions.Expect(page.Locator(".rz-data-row")).ToHaveCountAsync(1);
        await SitePage.ShouldSayAsync(page.Locator(".rz-data-row"), ticket.Seat);
        await ShouldAskWhereOneIsAsync(desk);
        await RevokeAsync(desk, "B-7");
        await desk.ShowAsync("organise-desk");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await desk.ShowAsync("organise-desk-dark");

        // The page shows what waits for a block, a table what blocks confirm.
        await page.WaitForFunctionAsync("(id) => fetch(`/events/${id}/tickets?limit=1000`).then((answer) => answer.json()).then((tickets) => tickets.items.some((ticket) => ticket.status === 'revoked'))", id);
        await ShouldExportAsync(id, ticket);
        await desk.OpenAsync("/organise");
        await SitePage.ShouldSayAsync(page.Locator(".card"), "1 of 120 sold · 50.00 EUR");
        await desk.ShowAsync("organise");
        desk.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Issuing_that_was_broken_off_goes_on_when_the_page_is_opened_again()
    {
        var organiser = await OrganiserAsync("Club");
        var page = organiser.Site.Page;
        var id = await EventAsync(organiser, "Broken off", ["2027-06-15", "2027-06-16"]);
        await PlanAsync(page, id, """[{"section":"Balcony","rows":["A","B"],"first":1,"last":10,"price":4000,"sessions":[0,1]}]""");
        var asked = 0;
        await page.RouteAsync("**/tickets", route => route.Request.Method != "POST" ? route.ContinueAsync() : Interlocked.Increment(ref asked) switch
        {
            // Somebody else was quicker, for all that this browser knows; then it gets through; then the network is gone.
            1 => route.FulfillAsync(new RouteFulfillOptions { Status = 409, ContentType = "application/problem+json", Body = """{"type":"/problems/ticket_exists","code":"ticket_exists","status":409}""" }),
            2 => route.ContinueAsync(),
            _ => route.AbortAsync(),
        });
        await organiser.Site.OpenAsync($"/organise/{id}");
        await SitePage.ShouldSayAsync(page.Locator(".issue"), "20 of 40 seats · 50 %");
        await SitePage.ShouldSayAsync(page.Locator(".issue"), "The node does not answer");
        await organiser.Site.ShowAsync("organise-broken-off");

        await page.UnrouteAllAsync();
        await page.ReloadAsync();

        await SitePage.ShouldSayAsync(page.Locator(".issue"), "40 of 40 seats · 100 %");
        (await CountAsync(id)).Should().Be(40);
        await page.WaitForFunctionAsync("(id) => fetch(`/events/${id}/tickets?limit=1000`).then((answer) => answer.json()).then((tickets) => tickets.items.length === 40)", id);
        await page.ReloadAsync();
        await page.WaitForFunctionAsync("(id) => localStorage.getItem(`secuticket.plan.${id}`) === null", id);
    }

    [SkippableFact]
    public async Task A_gate_is_paired_rules_only_become_kinder_and_the_event_is_cancelled()
    {
        var organiser = await OrganiserAsync("Stadium");
        var (page, desk) = (organiser.Site.Page, organiser.Site);
        var id = await EventAsync(organiser, "Final", OneSession);
        await organiser.WriteAsync("/tickets", new { type = "issue_tickets", event_id = id, session = 0, seats = new[] { "A-1" }, price = 5_000 });
        var fan = await PersonAsync("Fan");
        await fan.WriteAsync("/tickets/purchase", new { type = "purchase_ticket", ticket_id = (await TicketAsync(id, 0)).Id, max_price = 5_000 });
        await desk.OpenAsync($"/organise/{id}");
        await PairAsync(desk, id, (await TicketAsync(id, 0)).Id);
        await SitePage.ShouldSayAsync(page.Locator("[data-figures] div").Last, "1");
        await SitePage.ShouldSayAsync(page.Locator(".charts table").Last, "1");
        await Assertions.Expect(page.Locator(".charts .rz-chart")).ToHaveCountAsync(2);

        await ChangeCapAsync(desk, "105");
        await SitePage.ShouldSayAsync(desk.Page.Locator("#f-resale-max-price-percent-error"), "worse for those who hold tickets already");
        await ChangeCapAsync(desk, "150");
        await SitePage.ShouldSayAsync(page.Locator("section", new PageLocatorOptions { Has = page.Locator("#rules-title") }), "The new rules are signed and sent.");
        (await EventReadAsync(id)).GetProperty("resale").GetProperty("max_price_percent").GetInt32().Should().Be(150);

        await OrganiserPage.TypeAsync(page, "subject", "Doors");
        await OrganiserPage.TypeAsync(page, "text", "They open at 18:00.\nBring your phone.");
        await desk.Button("Send").ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator("main"), "The message is on its way.");
        await desk.Button("Let this node sign").ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator("main"), "This node signs for you");

        await desk.Field("Type the name to confirm").FillAsync("final");
        await desk.Button("Cancel the event").ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator("#f-confirmation-error"), "This is not the name of the event.");
        await desk.Field("Type the name to confirm").FillAsync("Final");
        await desk.Button("Cancel the event").HoverAsync();
        await page.Mouse.DownAsync();

        // While the button is held, what was typed is not told, so the fault stays, and the button where it is.
        (await page.EvaluateAsync<string>("() => document.activeElement.id")).Should().Be("f-confirmation");
        await page.Mouse.UpAsync();
        await SitePage.ShouldSayAsync(page.Locator(".badge.bad").First, "Cancelled");
        (await EventReadAsync(id)).GetProperty("cancelled").GetBoolean().Should().BeTrue();
        await desk.ShowAsync("organise-cancelled");
        desk.ShouldBeCalm();
    }

    private async Task<OrganiserPage> OrganiserAsync(string name)
    {
        var organiser = new OrganiserPage(await chromium.NewPageAsync(), await site.UrlAsync());
        await organiser.CreateWalletAsync(name);
        return organiser;
    }

    // Another browser, whose wallet has some money.
    private async Task<OrganiserPage> PersonAsync(string name)
    {
        var person = new OrganiserPage(await chromium.AnotherPageAsync(new BrowserNewContextOptions()), await site.UrlAsync());
        var address = await person.CreateWalletAsync(name);
        var client = (await site.NodeAsync()).Client;
        var topUp = new HttpRequestMessage(HttpMethod.Post, $"/accounts/{address}/top-up") { Content = JsonContent.Create(new { amount = 20_000, reference = address }), Headers = { { "Prefer", "wait=20" } } };
        (await client.SendAsync(topUp)).StatusCode.Should().Be(HttpStatusCode.Created);
        return person;
    }

    private static async Task<string> EventAsync(OrganiserPage organiser, string name, string[] days)
    {
        var fields = new { type = "create_event", name, venue = "Hall", sessions = days.Select(date => new { date, time = "19:00" }), resale = new { resale = "capped", max_price_percent = 110, commission_percent = 5 } };
        return (await organiser.WriteAsync("/events", fields)).GetProperty("event_id").GetString()!;
    }

    private static async Task PlanAsync(IPage page, string id, string blocks) =>
        await page.EvaluateAsync("async ([id, blocks]) => (await import('/web/js/organise/desk.js')).plan(id, JSON.parse(blocks))", new[] { id, blocks });

    private static async Task FillAsync(SitePage desk)
    {
        var page = desk.Page;
        await page.Locator("form.flow:not([inert])").WaitForAsync();
        await Assertions.Expect(page.Locator("#f-time-zone")).Not.ToHaveValueAsync("");
        await OrganiserPage.TypeAsync(page, "name", "Carmen");
        await OrganiserPage.TypeAsync(page, "venue", "Opéra de Lausanne");
        await OrganiserPage.TypeAsync(page, "time_zone", "Europe/Zurich");
        await OrganiserPage.TypeAsync(page, "sessions-0--date", "2027-06-15");
        await OrganiserPage.TypeAsync(page, "sessions-0--time", "19:00");
        await desk.Button("Add a date").ClickAsync();
        await Assertions.Expect(page.Locator("#f-sessions-1--date")).ToHaveValueAsync("2027-06-16");
        await OrganiserPage.TypeAsync(page, "blocks-0--last_row", "F");
        await OrganiserPage.TypeAsync(page, "blocks-0--last_seat", "10");
        await OrganiserPage.TypeAsync(page, "blocks-0--price", "50.00");
    }

    // The last line of a page is far below the table's head.
    private static async Task ShouldAskWhereOneIsAsync(SitePage desk)
    {
        var page = desk.Page;
        await page.GetByLabel("Status", new PageGetByLabelOptions { Exact = true }).SelectOptionAsync("");
        await Assertions.Expect(page.Locator(".rz-data-row")).ToHaveCountAsync(20);
        var revoke = page.Locator(".rz-data-row").Last.GetByRole(AriaRole.Button);
        await revoke.FocusAsync();
        foreach (var key in new[] { "Enter", "Escape" })
        {
            await page.Keyboard.PressAsync("Enter");
            var question = page.GetByRole(AriaRole.Alertdialog);
            await Assertions.Expect(question).ToBeInViewportAsync();
            await Assertions.Expect(question).ToContainTextAsync("It can not be taken back.");
            await Assertions.Expect(question.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Keep it" })).ToBeFocusedAsync();
            await page.Keyboard.PressAsync(key);
            await Assertions.Expect(question).ToBeHiddenAsync();
            await Assertions.Expect(revoke).ToBeFocusedAsync();
        }
    }

    private static async Task RevokeAsync(SitePage desk, string seat)
    {
        var page = desk.Page;
        await page.GetByLabel("Status", new PageGetByLabelOptions { Exact = true }).SelectOptionAsync("");
        await page.Locator("#f-filter-session").SelectOptionAsync("1");
        await OrganiserPage.TypeAsync(page, "filter-seat", seat.ToLowerInvariant());

        // One line was there before, too, and each choice draws others: of both sessions' seats of this name it is to be the one that was chosen.
        await Assertions.Expect(page.Locator(".rz-data-row")).ToContainTextAsync([seat]);
        await desk.Button($"Revoke the ticket of seat {seat}").ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Revoke" }).ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator(".rz-data-row"), "Revoked");
        await Assertions.Expect(page.Locator("#tickets-title")).ToBeFocusedAsync();
        await OrganiserPage.TypeAsync(page, "filter-seat", "");
    }

    private async Task PairAsync(SitePage desk, string id, string ticket)
    {
        await desk.Button("Pair a gate device").ClickAsync();
        var code = await desk.Page.Locator("[data-code]").InnerTextAsync();
        await Assertions.Expect(desk.Page.Locator(".pairing .qr svg")).ToBeVisibleAsync();
        await desk.ShowAsync("organise-pairing");
        var device = new OrganiserPage(await chromium.AnotherPageAsync(new BrowserNewContextOptions()), await site.UrlAsync());
        var gate = await device.CreateWalletAsync("Gate");
        await device.AskAsync("POST", "/gate/pair", new { code, name = "Gate North" });

        await SitePage.ShouldSayAsync(desk.Page.Locator(".claim"), gate);
        await desk.Button("Yes, add «Gate North»").ClickAsync();

        await SitePage.ShouldSayAsync(desk.Page.Locator(".people"), gate);
        (await EventReadAsync(id, "?pending=true")).GetProperty("gates")[0].GetString().Should().Be(gate);
        await device.WriteAsync("/tickets/redeem", new { type = "redeem_ticket", ticket_id = ticket });
        await desk.Button($"Remove {gate}").ClickAsync();
        await SitePage.ShouldSayAsync(desk.Page.Locator("main"), "No gate yet: nobody can be let in.");
        await Assertions.Expect(desk.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Gates" })).ToBeFocusedAsync();
    }

    private static async Task ChangeCapAsync(SitePage desk, string percent)
    {
        await OrganiserPage.TypeAsync(desk.Page, "resale-max_price_percent", percent);
        await desk.Button("Change the rules").ClickAsync();
    }

    private async Task ShouldExportAsync(string id, (string Id, string Seat) sold)
    {
        var client = (await site.NodeAsync()).Client;
        using var answer = await client.GetAsync($"/organise/{id}/tickets.csv");
        answer.Content.Headers.ContentType!.ToString().Should().Be("text/csv; charset=utf-8");
        var tickets = (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        tickets.Should().HaveCount(121).And.Contain($"{sold.Id},0,2027-06-15,19:00,{sold.Seat},sold,50.00,,0,EUR").And.ContainSingle(line => line.Contains(",B-7,revoked,", StringComparison.Ordinal));
        var sales = (await client.GetStringAsync($"/organise/{id}/sales.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        sales.Should().HaveCount(3).And.ContainSingle(line => line.Contains($",sale,{sold.Id},0,2027-06-15,19:00,{sold.Seat},50.00,50.00,EUR,", StringComparison.Ordinal)).And.ContainSingle(line => line.Contains(",revocation,", StringComparison.Ordinal));
        string.Concat(tickets.Concat(sales)).Should().NotContain("0x");
        (await client.GetAsync($"/organise/{new string('0', 32)}/tickets.csv")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private async Task<(string Id, string Seat)> TicketAsync(string id, int index)
    {
        var ticket = (await ReadAsync($"/events/{id}/tickets?pending=true")).GetProperty("items")[index];
        return (ticket.GetProperty("id").GetString()!, ticket.GetProperty("seat").GetString()!);
    }

    private async Task<int> CountAsync(string id) => (await ReadAsync($"/events/{id}/tickets?pending=true&limit=1000")).GetProperty("items").GetArrayLength();

    private Task<JsonElement> EventReadAsync(string id, string query = "?pending=true") => ReadAsync($"/events/{id}{query}");

    private async Task<JsonElement> ReadAsync(string path) => JsonDocument.Parse(await (await site.NodeAsync()).Client.GetStringAsync(path)).RootElement;
}
