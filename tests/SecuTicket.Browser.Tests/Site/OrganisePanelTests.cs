using Microsoft.Playwright;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>An event of which everything is odd that the ledger takes: its name, its venue, its date, its rules. What its organiser does at the desk all the same, and what others see of it.</summary>
[Collection(SharedChromium.Name)]
[Trait("Length", "longer")]
public sealed class OrganisePanelTests(ChromiumFixture chromium, SiteFixture site)
{
    private const string Rules = "section:has(> #rules-title)";

    // The date of its line is read from left to right, whatever comes before it.
    private const string IsForward =
        """
        () => {
          const walker = document.createTreeWalker(document.querySelector(".lead"), NodeFilter.SHOW_TEXT);
          const left = (word) => {
            walker.currentNode = walker.root;
            while (walker.nextNode()) {
              const at = walker.currentNode.data.indexOf(word);
              if (at < 0) continue;
              const range = document.createRange();
              range.setStart(walker.currentNode, at);
              range.setEnd(walker.currentNode, at + word.length);
              return range.getBoundingClientRect().left;
            }
          };
          return left("June") < left("2020");
        }
        """;

    [SkippableFact]
    public async Task An_odd_event_is_changed_told_of_once_and_cancelled_and_its_pages_are_as_wide_as_others()
    {
        var organiser = new OrganiserPage(await chromium.NewPageAsync(), await site.UrlAsync());
        await organiser.CreateWalletAsync("Odd");
        var (page, desk) = (organiser.Site.Page, organiser.Site);
        var name = $"Double  Sp\u200bace {new string('W', 100)}";
        var resale = new Dictionary<string, object> { ["closes_at"] = 1_800_000_037, ["return"] = new { refund_percent = 0, until = 1_800_000_041 } };
        var fields = new { type = "create_event", name, venue = "\u2069\u2069\u202eHall", sessions = new[] { new { date = "2020-06-15", time = "19:00" } }, resale };
        var id = (await organiser.WriteAsync("/events", fields)).GetProperty("event_id").GetString()!;
        await organiser.WriteAsync("/tickets", new { type = "issue_tickets", event_id = id, session = 0, seats = new[] { "A-1" }, price = 0 });
        EventId.TryParse(id, out var known).Should().BeTrue();
        var ticket = IssueTickets.TicketOf(known, 0, "A-1").ToString();
        var fan = new OrganiserPage(await chromium.AnotherPageAsync(new BrowserNewContextOptions()), await site.UrlAsync());
        await fan.CreateWalletAsync("Fan");
        await fan.WriteAsync("/tickets/purchase", new { type = "purchase_ticket", ticket_id = ticket, max_price = 0 });

        foreach (var path in new[] { $"/sale/{id}", $"/wallet/tickets/{ticket}", $"/explorer/tickets/{ticket}", $"/explorer/events/{id}", $"/organise/{id}" })
        {
            await desk.OpenAsync(path);
            (await page.EvaluateAsync<bool>(IsForward)).Should().BeTrue(path);
            await page.SetViewportSizeAsync(360, 740);
            (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(360, path);
            await page.SetViewportSizeAsync(1440, 900);
        }

        await Assertions.Expect(desk.Button("Change the rules")).Not.ToHaveAttributeAsync("aria-disabled", "true");
        await OrganiserPage.TypeAsync(page, "resale-closes-at", "2027-01-01T10:00");
        await desk.Button("Change the rules").ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator("#f-resale-closes-at-error"), "worse for those who hold tickets already");
        await page.ReloadAsync();
        await Assertions.Expect(desk.Button("Change the rules")).Not.ToHaveAttributeAsync("aria-disabled", "true");
        await Assertions.Expect(page.Locator("#f-resale-closes-at")).Not.ToHaveValueAsync("");
        await OrganiserPage.TypeAsync(page, "resale-return-refund-percent", "50");
        await desk.Button("Change the rules").ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator(Rules), "The new rules are signed and sent.");

        await ShouldSendOnceAsync(desk);
        await desk.Field("Type the name to confirm").FillAsync(name.Replace("  ", " ", StringComparison.Ordinal).Replace("\u200b", "", StringComparison.Ordinal));
        await desk.Button("Cancel the event").ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator(".badge.bad").First, "Cancelled");
        desk.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Who_comes_to_what_has_no_name_and_is_over_reads_so_and_the_stage_holds_its_word()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var organiser = new OrganiserPage(page.Page, page.Server);
        await organiser.CreateWalletAsync("Nameless");
        var fields = new { type = "create_event", name = "\u200b", venue = "Hall", sessions = new[] { new { date = "2020-06-15", time = "19:00" } } };
        var id = (await organiser.WriteAsync("/events", fields)).GetProperty("event_id").GetString()!;
        await organiser.WriteAsync("/tickets", new { type = "issue_tickets", event_id = id, session = 0, seats = new[] { "A-1" }, price = 0 });

        await page.OpenAsync($"/sale?all=1&q=Hall");
        await Assertions.Expect(page.Link(id)).ToBeVisibleAsync();
        await page.OpenAsync($"/sale/{id}");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-over]"), "This session is over");
        await page.Page.Locator(".stage text").WaitForAsync();
        (await page.Page.EvaluateAsync<bool>("() => document.querySelector('.stage path').getBBox().width > document.querySelector('.stage text').getBBox().width + 28")).Should().BeTrue();
        await page.ShowAsync("sale-over");

        await page.OpenAsync($"/organise/{id}");
        await Assertions.Expect(page.Button("Cancel the event")).Not.ToHaveAttributeAsync("aria-disabled", "true");
        await page.Button("Cancel the event").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("#f-confirmation-error"), "This is not the name");
        await page.Field("Type the name to confirm").FillAsync(id);
        await page.Button("Cancel the event").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator(".badge.bad").First, "Cancelled");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Without_scripts_a_page_that_needs_them_says_so_and_a_phone_holds_the_form_for_a_file()
    {
        var phone = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var page = new SitePage(await chromium.AnotherPageAsync(new BrowserNewContextOptions { JavaScriptEnabled = false }), await site.UrlAsync());
        foreach (var path in new[] { "/organise", "/organise/new" })
        {
            await page.OpenAsync(path);
            await SitePage.ShouldSayAsync(page.Page.Locator("main noscript .note"), "Organising needs JavaScript");
        }

        await page.OpenAsync("/organise");
        await Assertions.Expect(page.Page.GetByText("Looking for your wallet")).ToBeHiddenAsync();
        await phone.Page.SetViewportSizeAsync(360, 740);
        await phone.OpenAsync("/wallet");
        await phone.Page.GetByText("I have a backup file").ClickAsync();
        (await phone.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(360);
        phone.ShouldBeCalm();
    }

    // The line is as slow as the test wants: the first message is on its way until the second press was heard.
    private static async Task ShouldSendOnceAsync(SitePage desk)
    {
        var page = desk.Page;
        var sent = 0;
        var isHeard = new TaskCompletionSource();
        await page.RouteAsync("**/messages", async route =>
        {
            sent++;
            await isHeard.Task;
            await route.ContinueAsync();
        });
        await OrganiserPage.TypeAsync(page, "subject", "Doors");
        await OrganiserPage.TypeAsync(page, "text", "They open at 18:00.");
        await desk.Button("Send").ClickAsync();
        await Assertions.Expect(desk.Button("Send")).ToHaveAttributeAsync("aria-busy", "true");
        await desk.Button("Send").ClickAsync();

        // What is said of an empty form comes after the press before it was heard.
        await desk.Button("Cancel the event").ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator("#f-confirmation-error"), "This is not the name of the event.");
        isHeard.SetResult();
        await SitePage.ShouldSayAsync(page.Locator("main"), "The message is on its way.");
        await Assertions.Expect(desk.Button("Send")).Not.ToHaveAttributeAsync("aria-busy", "true");
        sent.Should().Be(1);
    }
}
