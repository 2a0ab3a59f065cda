using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>A ticket before its holder: its code, what can be done with it, and why something can not.</summary>
[Collection(SecondChromium.Name)]
[Trait("Length", "longer")]
public sealed class TicketPageTests(ChromiumFixture chromium, SiteFixture site)
{
    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_code_opens_the_gate_and_is_another_one_some_seconds_later(bool isKept)
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var stage = await SaleStage.OpenAsync(site, ["A-1"]);
        var (holder, secret) = await stage.KeptAsync();
        await stage.BuyAsync(holder, stage.Tickets[0]);
        if (isKept) await SaleStage.EquipAsync(page, holder, secret);
        else await stage.SendAsync(holder, "transfer_ticket", new { ticket_id = stage.Tickets[0], recipient = await stage.EquipAsync(page) });
        await page.Page.Clock.InstallAsync();
        await page.OpenAsync($"/wallet/tickets/{stage.Tickets[0]}");

        var drawn = page.Page.Locator(".code svg");
        var code = (await drawn.GetAttributeAsync("data-text"))!;
        (await stage.ScanAsync(code)).Should().Be("valid");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-left]"), "New code in");
        await page.Page.Clock.FastForwardAsync(16_000);

        await Assertions.Expect(drawn).Not.ToHaveAttributeAsync("data-text", code);
        (await stage.ScanAsync((await drawn.GetAttributeAsync("data-text"))!)).Should().Be("valid");

        var printed = page.Page.GetByText("No code is printed");
        await Assertions.Expect(printed).ToBeHiddenAsync();
        await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await Assertions.Expect(printed).ToBeVisibleAsync();
        await Assertions.Expect(drawn).ToBeHiddenAsync();
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_ticket_is_offered_taken_back_and_returned_and_each_field_says_what_is_wrong_with_it()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var stage = await SaleStage.OpenAsync(site, ["A-1"]);
        var (holder, secret) = await stage.KeptAsync();
        await stage.BuyAsync(holder, stage.Tickets[0]);
        await SaleStage.EquipAsync(page, holder, secret);
        await page.OpenAsync($"/wallet/tickets/{stage.Tickets[0]}");
        await Assertions.Expect(page.Page.Locator(".code svg")).ToBeVisibleAsync();

        foreach (var (price, says) in new[] { ("", "Type something"), ("fifty", "such as 50"), ("-1", "such as 50"), ("0", "at least 0.01"), ("55.01", "at most 55.00 EUR"), ("99999999999999999999", "at most 55.00 EUR"), ("1e3", "such as 50") })
        {
            await page.Field("Price in EUR").FillAsync(price);
            await page.Button("Offer it").ClickAsync();
            await SitePage.ShouldSayAsync(page.Page.Locator("#price-error"), says);
        }

        await page.Field("Price in EUR").FillAsync("55,00");
        foreach (var (address, says) in new[] { ("me", "0x and 40 digits"), (holder.Id.ToLowerInvariant(), "your own address") })
        {
            await page.Field("Only for this address").FillAsync(address);
            await page.Button("Offer it").ClickAsync();
            await SitePage.ShouldSayAsync(page.Page.Locator("#buyer-error"), says);
        }

        foreach (var (address, says) in new[] { ("", "Type something"), ("0xabc", "0x and 40 digits"), (holder.Id, "your own address"), (holder.Id.Replace("0x", "0X", StringComparison.Ordinal), "0x and 40 digits") })
        {
            await page.Field("To which address?").FillAsync(address);
            await page.Button("Give it away").ClickAsync();
            await SitePage.ShouldSayAsync(page.Page.Locator("#recipient-error"), says);
        }

        await page.ShowAsync("ticket-wrong");
        await page.Field("Only for this address").FillAsync("");
        var offers = 0;
        page.Page.Request += (_, request) => offers += request.Url.EndsWith("/tickets/list", StringComparison.Ordinal) ? 1 : 0;
        await page.Page.EvaluateAsync("() => addEventListener('pagehide', () => sessionStorage.setItem('left', document.querySelector('form[data-action=list] button').getAttribute('aria-busy')))");
        await page.Button("Offer it").DblClickAsync();
        await SitePage.ShouldSayAsync(Said(page), "Offered.");
        await SitePage.ShouldSayAsync(page.Page.Locator("#why-return"), "Take the offer back first.");
        offers.Should().Be(1, "pressed twice it is done once");
        (await page.Page.EvaluateAsync<string>("() => sessionStorage.getItem('left')")).Should().Be("true", "it is not to be pressed again while the page goes");
        await page.Button("Take it back").ClickAsync();
        await SitePage.ShouldSayAsync(Said(page), "taken back");
        await page.Button("Return it").ClickAsync();
        await page.Button("Yes, return it for good").ClickAsync();
        await SitePage.ShouldSayAsync(Said(page), "Returned.");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-code]"), "does not hold this ticket");
        (await stage.ReadAsync($"/accounts/{holder.Id}?pending=true")).GetProperty("balance").GetInt64().Should().Be(100_000);
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_ticket_is_given_by_its_address_and_only_when_pressed_twice()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var stage = await SaleStage.OpenAsync(site, ["A-1"]);
        var (holder, secret) = await stage.KeptAsync();
        await stage.BuyAsync(holder, stage.Tickets[0]);
        await SaleStage.EquipAsync(page, holder, secret);
        await page.OpenAsync($"/wallet/tickets/{stage.Tickets[0]}");
        await Assertions.Expect(page.Page.Locator(".code svg")).ToBeVisibleAsync();

        await page.Field("To which address?").FillAsync(stage.Organiser.Id);
        await page.Button("Give it away").ClickAsync();
        await Assertions.Expect(page.Button($"Yes, give it away for good, to {stage.Organiser.Id}")).ToBeVisibleAsync();
        await page.ShowAsync("ticket-sure");

        // To another one: that is asked, too.
        await page.Field("To which address?").FillAsync(stage.Gate.Id);
        await Assertions.Expect(page.Page.Locator("form[data-action=transfer] button")).ToHaveTextAsync("Give it away");
        await page.Button("Give it away").ClickAsync();
        await page.Button($"Yes, give it away for good, to {stage.Gate.Id}").ClickAsync();

        await SitePage.ShouldSayAsync(Said(page), "Given.");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-code]"), "does not hold this ticket");
        (await stage.ReadAsync($"/tickets/{stage.Tickets[0]}?pending=true")).GetProperty("owner").GetString().Should().Be(stage.Gate.Id);
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task What_is_pressed_and_whose_answer_is_lost_is_done_once_and_said()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var stage = await SaleStage.OpenAsync(site, ["A-1"]);
        var (holder, secret) = await stage.KeptAsync();
        await stage.BuyAsync(holder, stage.Tickets[0]);
        await SaleStage.EquipAsync(page, holder, secret);
        var (sent, bodies, away) = (0, new HashSet<string>(), false);
        await page.Page.RouteAsync("**/tickets/transfer", async route =>
        {
            bodies.Add(route.Request.PostData!);
            switch (++sent)
            {
                case 1: await route.AbortAsync(RequestAbortErrorCode.ConnectionReset); break;
                case 2: await route.FulfillAsync(new RouteFulfillOptions { Status = 502, Body = "<html>" }); break;
                case 3:
                    await route.FetchAsync();
                    await route.FulfillAsync(new RouteFulfillOptions { Status = 503, ContentType = "application/problem+json", Body = """{"type":"/problems/not_ready","code":"not_ready","status":503,"detail":"It stops."}""" });
                    break;
                default:
                    away = true;
                    await route.ContinueAsync();
                    break;
            }
        });
        await page.Page.Clock.InstallAsync();
        await page.OpenAsync($"/wallet/tickets/{stage.Tickets[0]}");
        await Assertions.Expect(page.Page.Locator(".code svg")).ToBeVisibleAsync();
        await page.Page.RouteAsync($"**/wallet/tickets/{stage.Tickets[0]}", route => away ? route.AbortAsync() : route.ContinueAsync());
        await page.Field("To which address?").FillAsync(stage.Gate.Id);
        await page.Button("Give it away").ClickAsync();
        await page.Page.Clock.FastForwardAsync(1_000);

        await page.Button($"Yes, give it away for good, to {stage.Gate.Id}").ClickAsync();

        await SitePage.ShouldSayAsync(Said(page), "It is not known whether this was done");
        await Assertions.Expect(page.Page.Locator("form[data-action=transfer] button")).ToHaveAttributeAsync("aria-busy", "true");
        for (var tries = 2; tries <= 4; tries++)
        {
            await page.Page.Clock.FastForwardAsync(2_500);
            while (sent < tries) await Task.Yield();
        }

        // The page is not left for one of the browser's own while the node is away.
        await SitePage.ShouldSayAsync(Said(page), "Given.");
        away = false;
        await page.Page.Clock.FastForwardAsync(2_500);
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-code]"), "does not hold this ticket");
        await SitePage.ShouldSayAsync(Said(page), "Given.");
        bodies.Should().ContainSingle("the node takes one transaction once");
        (await stage.ReadAsync($"/tickets/{stage.Tickets[0]}?pending=true")).GetProperty("owner").GetString().Should().Be(stage.Gate.Id);
    }

    [SkippableFact]
    public async Task No_code_is_shown_of_a_ticket_that_is_anothers_meanwhile_and_what_is_typed_stays()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var stage = await SaleStage.OpenAsync(site, ["A-1"]);
        var (holder, secret) = await stage.KeptAsync();
        await stage.BuyAsync(holder, stage.Tickets[0]);
        await SaleStage.EquipAsync(page, holder, secret);
        await page.OpenAsync($"/wallet/tickets/{stage.Tickets[0]}");
        await Assertions.Expect(page.Page.Locator(".code svg")).ToBeVisibleAsync();
        await page.Field("Price in EUR").FillAsync("51");

        await stage.SendAsync(holder, "transfer_ticket", new { ticket_id = stage.Tickets[0], recipient = stage.Gate.Id });

        await SitePage.ShouldSayAsync(page.Page.Locator("[data-code]"), "This ticket changed meanwhile.");
        await Assertions.Expect(page.Page.Locator(".code svg")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Field("Price in EUR")).ToHaveValueAsync("51");
        await page.Field("Price in EUR").FillAsync("");
        await page.Field("Price in EUR").FocusAsync();
        await page.Page.EvaluateAsync("() => dispatchEvent(new Event('visibilitychange'))");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-code]"), "does not hold this ticket");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_double_click_and_a_key_that_is_held_ask_and_do_nothing_for_good()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var stage = await SaleStage.OpenAsync(site, ["A-1"]);
        var (holder, secret) = await stage.KeptAsync();
        await stage.BuyAsync(holder, stage.Tickets[0]);
        await SaleStage.EquipAsync(page, holder, secret);
        await page.Page.Clock.InstallAsync();
        await page.OpenAsync($"/wallet/tickets/{stage.Tickets[0]}");
        await Assertions.Expect(page.Page.Locator(".code svg")).ToBeVisibleAsync();
        await SitePage.StopClockAsync(page.Page);
        await page.Page.EvaluateAsync("() => { globalThis.sent = 0; addEventListener('submit', () => { sent++; }); }");
        var keys = page.Page.Keyboard;

        // Held for longer than the question needs.
        await page.Field("To which address?").FillAsync(stage.Gate.Id);
        await keys.DownAsync("Enter");
        await AskedAsync("transfer", "Yes, give it away for good");
        await keys.DownAsync("Enter");
        (await SentAsync()).Should().Be(1);
        await keys.UpAsync("Enter");

        await page.Button("Return it").DblClickAsync();
        var press = await AskedAsync("return", "Yes, return it for good");
        var sent = await SentAsync();
        await press.EvaluateAsync("(button) => { button.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 2 })); }");
        (await SentAsync()).Should().Be(sent, "some double clicks are slow");
        await keys.PressAsync("Enter");
        await SitePage.ShouldSayAsync(Said(page), "Returned.");
        page.ShouldBeCalm();

        Task<int> SentAsync() => page.Page.EvaluateAsync<int>("() => sent");

        // It asks, and takes no answer before it can have been read.
        async Task<ILocator> AskedAsync(string action, string question)
        {
            var press = page.Page.Locator($"form[data-action={action}] button");
            await Assertions.Expect(press).ToContainTextAsync(question);
            await page.Page.Clock.RunForAsync(699);
            await Assertions.Expect(press).ToHaveAttributeAsync("aria-disabled", "true");
            await page.Page.Clock.RunForAsync(1);
            await Assertions.Expect(press).ToHaveAttributeAsync("aria-disabled", "false");
            return press;
        }
    }

    [SkippableFact]
    public async Task What_is_not_possible_is_disabled_and_says_why()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var stage = await SaleStage.OpenAsync(site, ["A-1", "A-2"], new Dictionary<string, object> { ["transfer"] = "forbidden", ["resale"] = "forbidden", ["return"] = new { refund_percent = 50, until = 1_700_000_000 } });
        var (holder, secret) = await stage.KeptAsync();
        foreach (var ticket in stage.Tickets) await stage.BuyAsync(holder, ticket);
        await stage.SendAsync(stage.Gate, "redeem_ticket", new { ticket_id = stage.Tickets[1] });
        await SaleStage.EquipAsync(page, holder, secret);

        await page.OpenAsync($"/wallet/tickets/{stage.Tickets[0]}");
        await Assertions.Expect(page.Page.Locator(".code svg")).ToBeVisibleAsync();
        foreach (var (button, why, says) in new[]
        {
            ("Give it away", "give", "does not allow giving tickets"), ("Offer it", "list", "does not allow resale"),
            ("Take it back", "unlist", "not offered for resale"), ("Return it", "return", "Returning ended on 14 November 2023, 22:13:20 UTC"),
        })
        {
            await Assertions.Expect(page.Button(button)).ToHaveAttributeAsync("aria-disabled", "true");
            await SitePage.ShouldSayAsync(page.Page.Locator($"#why-{why}"), says);
        }

        // It can be focused and read; pressed, it does nothing.
        await page.Button("Return it").ClickAsync(new LocatorClickOptions { Force = true });
        (await stage.ReadAsync($"/tickets/{stage.Tickets[0]}?pending=true")).GetProperty("status").GetString().Should().Be("sold");
        await Assertions.Expect(Said(page)).ToHaveTextAsync("");
        await Assertions.Expect(page.Button("Return it")).ToBeVisibleAsync();
        await page.ShowAsync("ticket-disabled");
        await page.OpenAsync($"/wallet/tickets/{stage.Tickets[1]}");
        await SitePage.ShouldSayAsync(page.Page.Locator("#why-give"), "It was used at the gate on");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-code]"), "no code any more");
        page.ShouldBeCalm();
    }

    private static ILocator Said(SitePage page) => page.Page.Locator("[data-said]");
}
