using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>How fans find an event and buy a seat of it.</summary>
[Collection(SecondChromium.Name)]
[Trait("Length", "longer")]
public sealed class SalePageTests(ChromiumFixture chromium, SiteFixture site)
{
    [SkippableFact]
    public async Task A_newcomer_with_a_passkey_buys_in_three_clicks_and_others_see_it_happen()
    {
        var (page, other) = (await PageAsync(), await AnotherAsync());
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("AB", 10));
        await page.AddAuthenticatorAsync();
        await other.OpenAsync($"/sale/{stage.EventId}");
        await page.OpenAsync($"/sale/{stage.EventId}");

        await Seat(page, "Row B, seat 3, 50.00 EUR, free").ClickAsync();
        await page.Button("Get test money").ClickAsync();
        await SitePage.ShouldSayAsync(Said(page), "200.00 EUR of test money");
        await page.Button("Buy for 50.00 EUR").ClickAsync();

        await SitePage.ShouldSayAsync(Said(page), "Confirmed in block");
        await Assertions.Expect(Seat(page, "Row B, seat 3, yours")).ToBeVisibleAsync();
        await Assertions.Expect(Seat(other, "Row B, seat 3, taken")).ToBeVisibleAsync();
        await SitePage.ShouldSayAsync(other.Page.Locator("[data-counts]"), "19 free");
        await page.ShowAsync("sale-bought");
        await page.Link("Show my ticket").ClickAsync();
        await page.Button("Make a code").ClickAsync();
        (await stage.ScanAsync((await page.Page.Locator(".code svg").GetAttributeAsync("data-text"))!)).Should().Be("valid");
        page.ShouldBeCalm();
        other.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Of_two_browsers_that_want_one_seat_one_has_it_and_the_other_reads_why_not()
    {
        var (first, second) = (await PageAsync(), await AnotherAsync());
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("AB", 6));
        foreach (var page in new[] { first, second })
        {
            await stage.EquipAsync(page);
            await page.OpenAsync($"/sale/{stage.EventId}");
            await Seat(page, "Row A, seat 2, 50.00 EUR, free").ClickAsync();
        }

        // The second one presses first; what it sends comes second.
        var (sent, mayGo) = (new TaskCompletionSource(), new TaskCompletionSource());
        await second.Page.RouteAsync("**/tickets/purchase", async route =>
        {
            sent.SetResult();
            await mayGo.Task;
            await route.ContinueAsync();
        });
        await second.Button("Buy for 50.00 EUR").ClickAsync();
        await sent.Task;
        await first.Button("Buy for 50.00 EUR").ClickAsync();
        await SitePage.ShouldSayAsync(Said(first), "Confirmed in block");
        mayGo.SetResult();

        await SitePage.ShouldSayAsync(Said(second), "Somebody was faster: Row A, seat 2 has just been sold. You paid nothing.");
        await second.ShowAsync("sale-lost");
        await second.Page.UnrouteAsync("**/tickets/purchase");
        var purchases = 0;
        second.Page.Request += (_, request) => purchases += request.Url.EndsWith("/tickets/purchase", StringComparison.Ordinal) ? 1 : 0;
        await second.Page.Locator("[data-press]").ClickAsync(new LocatorClickOptions { Force = true });
        await second.Button("Row A, seat 1 · 50.00 EUR").ClickAsync();
        purchases.Should().Be(0, "a seat that is taken is not bought, whatever is pressed");

        // Pressed twice it is bought once.
        await second.Button("Buy for 50.00 EUR").DblClickAsync();
        await SitePage.ShouldSayAsync(Said(second), "Row A, seat 1 is yours");
        purchases.Should().Be(1);
        first.ShouldBeCalm();
        second.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_seat_is_bought_without_a_mouse()
    {
        var page = await PageAsync();
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("AB", 4));
        await stage.EquipAsync(page);
        await page.OpenAsync($"/sale/{stage.EventId}");
        var keys = page.Page.Keyboard;

        for (var i = 0; i < 30 && await FocusedAsync(page) != "Row A, seat 1, 50.00 EUR, free"; i++) await keys.PressAsync("Tab");
        foreach (var key in new[] { "ArrowRight", "ArrowRight", "ArrowDown", "End", "ArrowLeft" }) await keys.PressAsync(key);
        (await FocusedAsync(page)).Should().Be("Row B, seat 3, 50.00 EUR, free");
        await keys.PressAsync("Control+ArrowLeft");
        (await FocusedAsync(page)).Should().Be("Row B, seat 3, 50.00 EUR, free", "keys with others are the browser's");
        await Assertions.Expect(page.Page.Locator("path[tabindex='0']")).ToHaveCountAsync(1);
        await keys.PressAsync("ArrowLeft");
        await keys.PressAsync("Enter");
        (await FocusedAsync(page)).Should().Be("Buy for 50.00 EUR");
        await keys.PressAsync("Escape");
        (await FocusedAsync(page)).Should().Be("Row B, seat 2, 50.00 EUR, free");
        await keys.PressAsync("ArrowRight");
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Page.Locator("[aria-selected=true]")).ToHaveCountAsync(1);
        await keys.PressAsync("Enter");

        await SitePage.ShouldSayAsync(Said(page), "Confirmed in block");
        await Assertions.Expect(Seat(page, "Row B, seat 3, yours")).ToBeVisibleAsync();
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_holders_offer_is_shown_with_where_it_comes_from_and_bought_from_the_list()
    {
        var page = await PageAsync();
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("A", 3));
        var (holder, _) = await stage.KeptAsync();
        foreach (var ticket in stage.Tickets) await stage.BuyAsync(holder, ticket);
        await stage.SendAsync(holder, "list_ticket", new { ticket_id = stage.Tickets[1], price = 5_500 });
        await stage.SendAsync(holder, "list_ticket", new { ticket_id = stage.Tickets[2], price = 5_500, buyer = stage.Gate.Id });
        await stage.EquipAsync(page);
        await page.OpenAsync($"/sale?q={Uri.EscapeDataString("les élans")}&all=1");
        await Assertions.Expect(page.Page.Locator($"article:has(a[href='/sale/{stage.EventId}'])")).ToContainTextAsync(new Regex("Sold out.*Resale offers", RegexOptions.Singleline));
        await page.OpenAsync($"/sale/{stage.EventId}");
        await Assertions.Expect(Seat(page, "Row A, seat 3, taken")).ToBeVisibleAsync();

        await page.Page.GetByText("Seats as a list").ClickAsync();
        await page.Button("Row A, seat 2, 55.00 EUR, resold by its holder").ClickAsync();

        await SitePage.ShouldSayAsync(page.Page.Locator("[data-provenance]"), "Face price 50.00 EUR. It may be resold for at most 110 % of its face price.");
        await page.ShowAsync("sale-resale");

        // It is in a block before its own page hears that it was taken: nobody tells it a second time.
        await page.Page.RouteAsync("**/tickets/purchase", async route => await route.FulfillAsync(new RouteFulfillOptions { Response = await route.FetchAsync(new RouteFetchOptions { Headers = new Dictionary<string, string>(route.Request.Headers) { ["prefer"] = "wait=30" } }) }));
        var sent = await page.Page.RunAndWaitForRequestAsync(() => page.Button("Buy for 55.00 EUR").ClickAsync(), "**/tickets/purchase");
        JsonDocument.Parse(sent.PostData!).RootElement.GetProperty("max_price").GetInt64().Should().Be(5_500, "nobody pays more than what is shown");
        await SitePage.ShouldSayAsync(Said(page), "Row A, seat 2 is yours");
        (await stage.ReadAsync($"/accounts/{holder.Id}")).GetProperty("balance").GetInt64().Should().Be(100_000 - 15_000 + 5_225);
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_map_reads_its_seats_again_after_a_sale_when_it_listens_again_and_when_it_is_seen_again()
    {
        var page = await PageAsync();
        await page.Page.Clock.InstallAsync();
        await page.Page.AddInitScriptAsync("globalThis.EventSource = class extends EventSource { constructor(path) { super(path); globalThis.source = this; } };");
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("A", 3));
        var (buyer, _) = await stage.KeptAsync();
        await page.OpenAsync($"/sale/{stage.EventId}");
        await page.Page.WaitForFunctionAsync("() => source.readyState === EventSource.OPEN");
        await SitePage.StopClockAsync(page.Page);
        await page.Page.EvaluateAsync(
            """
            () => {
              globalThis.reads = 0;
              const fetched = fetch;
              globalThis.fetch = (path, request) => {
                if (String(path).includes("/seats?")) reads++;
                return fetched(path, request);
              };
              globalThis.hide = (isHidden) => {
                Object.defineProperty(document, "hidden", { configurable: true, value: isHidden });
                dispatchEvent(new Event("visibilitychange"));
              };
            }
            """);

        await SellAsync(0);
        await page.Page.Clock.RunForAsync(1_000);
        (await ReadsAsync()).Should().Be(1);
        await Assertions.Expect(Seat(page, "Row A, seat 1, taken")).ToBeVisibleAsync();
        await page.Page.EvaluateAsync("() => hide(true)");
        await SellAsync(1);
        await page.Page.Clock.RunForAsync(1_000);
        (await ReadsAsync()).Should().Be(1, "nobody sees it");
        await page.Page.EvaluateAsync("() => hide(false)");
        await page.Page.Clock.RunForAsync(1_000);
        (await ReadsAsync()).Should().Be(2);
        await Assertions.Expect(Seat(page, "Row A, seat 2, taken")).ToBeVisibleAsync();
        await page.Page.EvaluateAsync("() => source.dispatchEvent(new Event('open'))");
        (await ReadsAsync()).Should().Be(3, "what happened while it did not listen nobody tells");
        page.ShouldBeCalm();

        // A seat is sold, and the page has heard all of it.
        async Task SellAsync(int seat)
        {
            await page.Page.EvaluateAsync("() => { globalThis.heard = new Promise((heard) => source.addEventListener('transaction', (event) => { if (JSON.parse(event.data).status === 'confirmed') heard(); })); }");
            await stage.BuyAsync(buyer, stage.Tickets[seat]);
            await page.Page.EvaluateAsync("() => heard");
        }

        Task<int> ReadsAsync() => page.Page.EvaluateAsync<int>("() => reads");
    }

    [SkippableFact]
    public async Task A_map_whose_node_has_no_place_for_a_listener_reads_its_seats_all_the_same_and_listens_when_there_is_one()
    {
        var page = await PageAsync();
        await page.Page.Clock.InstallAsync();
        await page.Page.AddInitScriptAsync("globalThis.sources = []; globalThis.EventSource = class extends EventSource { constructor(path) { super(path); sources.push(this); } };");
        await page.Page.RouteAsync("**/stream", route => route.FulfillAsync(new RouteFulfillOptions { Status = 503, ContentType = "application/problem+json", Body = """{"code":"rate_limited"}""" }));
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("A", 3));
        var (buyer, _) = await stage.KeptAsync();
        await page.OpenAsync($"/sale/{stage.EventId}");
        await GivenUpAsync();
        await SitePage.StopClockAsync(page.Page);
        await GivenUpAsync();

        await stage.BuyAsync(buyer, stage.Tickets[0]);
        await Assertions.Expect(Seat(page, "Row A, seat 1, 50.00 EUR, free")).ToBeVisibleAsync();
        await page.Page.Clock.RunForAsync(31_000);
        await Assertions.Expect(Seat(page, "Row A, seat 1, taken")).ToBeVisibleAsync();
        await GivenUpAsync();

        await page.Page.UnrouteAsync("**/stream");
        await page.Page.Clock.RunForAsync(8_000);
        await page.Page.WaitForFunctionAsync("() => sources.at(-1).readyState === EventSource.OPEN");
        await page.Page.EvaluateAsync("() => { globalThis.heard = new Promise((heard) => sources.at(-1).addEventListener('transaction', (event) => { if (JSON.parse(event.data).status === 'confirmed') heard(); })); }");
        await stage.BuyAsync(buyer, stage.Tickets[1]);
        await page.Page.EvaluateAsync("() => heard");
        await page.Page.Clock.RunForAsync(1_000);
        await Assertions.Expect(Seat(page, "Row A, seat 2, taken")).ToBeVisibleAsync();

        // A browser does not come back to an answer that is no stream.
        Task GivenUpAsync() => page.Page.WaitForFunctionAsync("() => sources.length > 0 && sources.at(-1).readyState === EventSource.CLOSED");
    }

    [SkippableFact]
    public async Task A_seat_that_became_dearer_is_not_bought_before_it_was_chosen_again()
    {
        var page = await PageAsync();
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("A", 1));
        var (holder, _) = await stage.KeptAsync();
        await stage.BuyAsync(holder, stage.Tickets[0]);
        await stage.SendAsync(holder, "list_ticket", new { ticket_id = stage.Tickets[0], price = 5_000 });
        await stage.EquipAsync(page);
        await page.OpenAsync($"/sale/{stage.EventId}");
        await Seat(page, "Row A, seat 1, 50.00 EUR, resold by its holder").ClickAsync();
        await Assertions.Expect(page.Button("Buy for 50.00 EUR")).ToBeFocusedAsync();

        await stage.SendAsync(holder, "unlist_ticket", new { ticket_id = stage.Tickets[0] });
        await stage.SendAsync(holder, "list_ticket", new { ticket_id = stage.Tickets[0], price = 5_500 });

        await SitePage.ShouldSayAsync(Said(page), "The price changed from 50.00 EUR to 55.00 EUR.");
        await Assertions.Expect(page.Button("Buy for 55.00 EUR")).ToHaveAttributeAsync("aria-disabled", "true");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-why]"), "Choose the seat again");
        await page.ShowAsync("sale-dearer");
        await page.Page.Keyboard.PressAsync("Escape");
        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Said(page)).ToHaveTextAsync("");
        var sent = await page.Page.RunAndWaitForRequestAsync(() => page.Page.Keyboard.PressAsync("Enter"), "**/tickets/purchase");
        JsonDocument.Parse(sent.PostData!).RootElement.GetProperty("max_price").GetInt64().Should().Be(5_500);
        await SitePage.ShouldSayAsync(Said(page), "Row A, seat 1 is yours");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Who_does_not_hear_the_answer_to_a_purchase_reads_that_it_is_not_known_and_then_what_became_of_it()
    {
        var page = await PageAsync();
        await page.Page.AddInitScriptAsync("globalThis.EventSource = class { addEventListener() {} };");
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("A", 3));
        await stage.EquipAsync(page);
        await page.OpenAsync($"/sale/{stage.EventId}");
        await page.Page.RouteAsync("**/tickets/purchase", async route =>
        {
            await route.FetchAsync(new RouteFetchOptions { Headers = new Dictionary<string, string>(route.Request.Headers) { ["prefer"] = "wait=30" } });
            await route.AbortAsync(RequestAbortErrorCode.InternetDisconnected);
        });
        var mayAsk = new TaskCompletionSource();
        await page.Page.RouteAsync("**/transactions/*", async route =>
        {
            await mayAsk.Task;
            await route.ContinueAsync();
        });

        await Seat(page, "Row A, seat 1, 50.00 EUR, free").ClickAsync();
        await page.Button("Buy for 50.00 EUR").ClickAsync();

        await SitePage.ShouldSayAsync(Said(page), "It is not known whether you have Row A, seat 1");
        await Assertions.Expect(page.Page.Locator("[data-press]")).ToHaveAttributeAsync("aria-disabled", "true");
        await Assertions.Expect(Seat(page, "Row A, seat 1, yours")).ToBeVisibleAsync();
        foreach (var balance in new[] { "[data-payer]", "[data-wallet-chip]" }) await SitePage.ShouldSayAsync(page.Page.Locator(balance), "950.00 EUR");
        await Assertions.Expect(page.Page.Locator("[data-near]")).ToBeHiddenAsync();
        mayAsk.SetResult();
        await SitePage.ShouldSayAsync(Said(page), "Confirmed in block");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-why]"), "This seat is yours already.");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task What_is_bought_in_one_tab_is_ones_own_in_the_other()
    {
        var page = await PageAsync();
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("A", 2));
        await stage.EquipAsync(page);
        var other = new SitePage(await page.Page.Context.NewPageAsync(), page.Server);
        foreach (var tab in new[] { page, other })
        {
            await tab.OpenAsync($"/sale/{stage.EventId}");
            await SitePage.ShouldSayAsync(tab.Page.Locator("[data-payer]"), "1,000.00 EUR");
        }

        await Seat(other, "Row A, seat 1, 50.00 EUR, free").ClickAsync();
        await other.Button("Buy for 50.00 EUR").ClickAsync();

        await Assertions.Expect(Seat(page, "Row A, seat 1, yours")).ToBeVisibleAsync();
        foreach (var balance in new[] { "[data-payer]", "[data-wallet-chip]" }) await SitePage.ShouldSayAsync(page.Page.Locator(balance), "950.00 EUR");
        page.ShouldBeCalm();
        other.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_seat_that_is_bought_in_two_tabs_is_bought_once_and_said_to_be_ones_own()
    {
        var page = await PageAsync();
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("A", 2));
        await stage.EquipAsync(page);
        var other = new SitePage(await page.Page.Context.NewPageAsync(), page.Server);
        foreach (var tab in new[] { page, other })
        {
            await tab.OpenAsync($"/sale/{stage.EventId}");
            await Seat(tab, "Row A, seat 1, 50.00 EUR, free").ClickAsync();
        }

        var (sent, mayGo) = (new TaskCompletionSource(), new TaskCompletionSource());
        await other.Page.RouteAsync("**/tickets/purchase", async route =>
        {
            sent.SetResult();
            await mayGo.Task;
            await route.ContinueAsync();
        });
        await other.Button("Buy for 50.00 EUR").ClickAsync();
        await sent.Task;
        await page.Page.BringToFrontAsync();
        await page.Button("Buy for 50.00 EUR").ClickAsync();
        await SitePage.ShouldSayAsync(Said(page), "Confirmed in block");
        mayGo.SetResult();

        await SitePage.ShouldSayAsync(Said(other), "Row A, seat 1 is yours already. Nothing was paid a second time.");
        await SitePage.ShouldSayAsync(other.Page.Locator("[data-why]"), "This seat is yours already.");
        await Assertions.Expect(other.Link("Show my ticket")).ToHaveAttributeAsync("href", $"/wallet/tickets/{stage.Tickets[0]}");
        page.ShouldBeCalm();
        other.ShouldBeCalm();
    }

    // Shapes with holes, frames and crosses: what is pressed is the square that they stand in.
    [SkippableFact]
    public async Task A_seat_is_pressed_anywhere_on_its_square_and_its_map_is_one_stop_of_the_keyboard()
    {
        var page = await PageAsync();
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("A", 3));
        foreach (var (row, price) in new[] { ("B", 4_000), ("C", 3_000) }) await stage.SendAsync(stage.Organiser, "issue_tickets", new { event_id = stage.EventId, session = 0, seats = SaleStage.Rows(row, 3), price });
        var (buyer, _) = await stage.KeptAsync();
        await stage.BuyAsync(buyer, stage.Tickets[0]);
        await stage.EquipAsync(page);
        await page.OpenAsync($"/sale/{stage.EventId}");
        await Assertions.Expect(Seat(page, "Row A, seat 1, taken")).ToBeVisibleAsync();

        (await page.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll(".drawing [role=gridcell]")].flatMap((seat) => {
              const steps = [-11, -8, -5, 0, 5, 8, 11];
              return steps.flatMap((x) => steps.map((y) => new DOMPoint(x, y))).flatMap((at) => {
                const { x, y } = at.matrixTransform(seat.getScreenCTM());
                return document.elementFromPoint(x, y)?.getAttribute("data-index") === seat.getAttribute("data-index") ? [] : [`${seat.getAttribute("aria-label")} ${at.x} ${at.y}`];
              });
            })
            """)).Should().BeEmpty();
        foreach (var (name, chosen) in new[] { ("Row C, seat 2, 30.00 EUR, free", "Row C, seat 2 · 30.00 EUR"), ("Row B, seat 1, 40.00 EUR, free", "Row B, seat 1 · 40.00 EUR"), ("Row A, seat 1, taken", "Row A, seat 1, taken") })
        {
            var box = (await Seat(page, name).BoundingBoxAsync())!;
            await page.Page.Mouse.ClickAsync(box.X + box.Width / 2 + 2, box.Y + box.Height / 2);
            await Assertions.Expect(page.Page.Locator("[data-chosen]")).ToHaveTextAsync(chosen);
        }

        // What can not be bought keeps the focus, as if its cross itself had been met.
        (await FocusedAsync(page)).Should().Be("Row A, seat 1, taken");
        await page.Button("Larger").FocusAsync();
        await page.Page.Keyboard.PressAsync("Tab");
        (await FocusedAsync(page)).Should().Be("Row A, seat 1, taken");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task On_the_narrowest_phone_the_hint_is_whole_and_in_forced_colours_what_can_not_be_pressed_looks_so()
    {
        await chromium.NewPageAsync();
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("A", 1));
        foreach (var locale in new[] { "en", "fr" })
        {
            var page = await AnotherAsync(new BrowserNewContextOptions { Locale = locale, ForcedColors = ForcedColors.Active, ViewportSize = new ViewportSize { Width = 320, Height = 600 } });
            await page.OpenAsync($"/sale/{stage.EventId}");
            await Assertions.Expect(page.Page.Locator("[data-kinds]")).ToBeVisibleAsync();

            (await page.Page.EvaluateAsync<int>("() => { const line = document.querySelector('[data-seat-line]'); return line.scrollHeight - line.clientHeight; }")).Should().Be(0);
            var (pressed, not) = (await ColourAsync("[data-money]"), await ColourAsync("[data-press]"));
            not.Should().NotBe(pressed);
            not.Should().Be(await page.Page.EvaluateAsync<string>("() => { document.body.style.color = 'GrayText'; return getComputedStyle(document.body).color; }"));
            page.ShouldBeCalm();

            Task<string> ColourAsync(string button) => page.Page.EvaluateAsync<string>("(button) => getComputedStyle(document.querySelector(button)).color", button);
        }
    }

    [SkippableFact]
    public async Task A_passkey_is_proposed_where_the_device_keeps_them_and_offered_where_it_does_not()
    {
        var page = await PageAsync();
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("A", 1));
        foreach (var isKept in new[] { false, true })
        {
            if (isKept) await page.AddAuthenticatorAsync();
            await page.OpenAsync($"/sale/{stage.EventId}");
            await Assertions.Expect(page.Page.Locator("[data-kinds]")).ToBeVisibleAsync();

            await Assertions.Expect(page.Page.Locator($"input[value={(isKept ? "passkey" : "browser")}]")).ToBeCheckedAsync();
            await Assertions.Expect(page.Page.Locator("input[value=passkey]")).ToBeEnabledAsync();
        }

        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_newcomer_with_an_account_of_the_node_sees_its_secret_once_and_a_cancelled_event_sells_nothing()
    {
        var page = await PageAsync();
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("A", 2));
        await page.OpenAsync($"/sale/{stage.EventId}");
        await Seat(page, "Row A, seat 1, 50.00 EUR, free").ClickAsync();
        await page.Page.Locator("input[value=kept]").CheckAsync();
        await page.Button("Get test money").ClickAsync();
        await Assertions.Expect(page.Page.Locator(".note.warn .hash")).ToHaveTextAsync(new Regex("^0x[0-9a-fA-F]{40} [0-9a-f]{64}$"));

        await stage.SendAsync(stage.Organiser, "cancel_event", new { event_id = stage.EventId });
        await page.OpenAsync($"/sale/{stage.EventId}");
        await Assertions.Expect(page.Page.Locator(".note.warn .hash")).ToHaveCountAsync(0);
        await page.Page.Locator("path.seat").First.ClickAsync();
        await Assertions.Expect(page.Page.Locator("[data-press]")).ToHaveAttributeAsync("aria-disabled", "true");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-why]"), "cancelled");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Who_has_too_little_money_reads_so_and_pays_nothing()
    {
        var page = await PageAsync();
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("A", 2));
        await stage.EquipAsync(page, money: 4_999);
        await page.OpenAsync($"/sale/{stage.EventId}");
        await page.Page.RouteAsync("**/top-up", route => route.FulfillAsync(new RouteFulfillOptions { Status = 403, ContentType = "application/problem+json", Body = """{"type":"/problems/admin_only","status":403,"code":"admin_only","detail":"no"}""" }));

        await Seat(page, "Row A, seat 1, 50.00 EUR, free").ClickAsync();
        await page.Button("Buy for 50.00 EUR").ClickAsync();

        await SitePage.ShouldSayAsync(Said(page), "too little money");
        await Assertions.Expect(Seat(page, "Row A, seat 1, 50.00 EUR, free")).ToBeVisibleAsync();
        await page.Button("Get test money").ClickAsync();
        await Assertions.Expect(page.Button("Get test money")).ToHaveAttributeAsync("aria-disabled", "true");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-money-why]"), "gives no test money to this browser");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Names_that_are_markup_are_words_and_who_has_no_scripts_reads_all_of_it()
    {
        await chromium.NewPageAsync();
        var stage = await SaleStage.OpenAsync(site, ["</script><b>1", "Balcony A-1", "Balcony A-2", "Balcony A-4"], new { transfer = "forbidden", resale = "forbidden" }, "<img src=x onerror=alert(1)>");
        var page = await AnotherAsync(new BrowserNewContextOptions { JavaScriptEnabled = false, Locale = "fr", ColorScheme = ColorScheme.Dark });
        var scripted = await AnotherAsync();

        await page.OpenAsync($"/sale/{stage.EventId}?area=1");

        await SitePage.ShouldSayAsync(page.Page.Locator("h1"), "<img src=x onerror=alert(1)>");
        await SitePage.ShouldSayAsync(page.Page.Locator(".rules"), "Il ne peut pas être revendu.");
        await page.Page.GetByText("Places en liste").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("tbody tr"), "1–2, 4");
        await scripted.OpenAsync($"/sale/{stage.EventId}?area=0");
        await Assertions.Expect(Seat(scripted, "Row script><b>, seat 1, 50.00 EUR, free")).ToBeVisibleAsync();
        page.ShouldBeCalm();
        scripted.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Home_and_events_are_for_everybody_in_dark_and_in_French_too()
    {
        var page = await PageAsync();
        await SaleStage.OpenAsync(site, SaleStage.Rows("A", 2));
        var dark = await AnotherAsync(new BrowserNewContextOptions { Locale = "fr", ColorScheme = ColorScheme.Dark });
        foreach (var (shown, name) in new[] { (page, "light"), (dark, "dark") })
        {
            await shown.OpenAsync("/");
            await shown.ShowAsync($"home-{name}");
            await shown.OpenAsync("/sale?all=1");
            await shown.ShowAsync($"events-{name}");
            await shown.OpenAsync("/sale?q=nothing%20has%20these%20words");
            await shown.ShowAsync($"events-none-{name}");
            shown.ShouldBeCalm();
        }

        (await page.Page.GotoAsync($"{page.Server}/sale/{new string('0', 32)}"))!.Status.Should().Be(404);
        (await page.Page.GotoAsync($"{page.Server}/sale/nonsense"))!.Status.Should().Be(404);
    }

    private static ILocator Seat(SitePage page, string name) => page.Page.GetByRole(AriaRole.Gridcell, new PageGetByRoleOptions { Name = name, Exact = true });

    private static ILocator Said(SitePage page) => page.Page.Locator("[data-said]");

    private static Task<string> FocusedAsync(SitePage page) => page.Page.EvaluateAsync<string>("""() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "" """);

    private async Task<SitePage> PageAsync() => new(await chromium.NewPageAsync(), await site.UrlAsync());

    private async Task<SitePage> AnotherAsync(BrowserNewContextOptions? options = null) => new(await chromium.AnotherPageAsync(options ?? new BrowserNewContextOptions()), await site.UrlAsync());
}
