using System.Globalization;
using System.Net;
using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>The chain, and everything in it, as anyone may look at it.</summary>
[Collection(SecondChromium.Name)]
[Trait("Length", "longer")]
public sealed class ExplorerPageTests(ChromiumFixture chromium, SiteFixture site)
{
    [SkippableFact]
    public async Task A_block_made_elsewhere_appears_while_one_looks_and_one_is_made_by_pressing()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var scene = await ExplorerScene.PlayAsync(await site.NodeAsync());
        await page.OpenAsync("/explorer");
        await page.Page.EvaluateAsync("() => { globalThis.opened = true; }");
        var height = await HeightAsync(scene);
        await page.Page.EvaluateAsync("() => { const [first] = document.querySelectorAll('.blocks > li'); first.stays = true; first.querySelector('a').focus(); }");

        await scene.MineAsync();

        var newest = page.Page.Locator(".blocks > li").First;
        await SitePage.ShouldSayAsync(newest.Locator(".index"), Text(height + 1));
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-fact=height]"), Text(height + 1));
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-live-said]"), $"New block {Text(height + 1)}");
        (await page.Page.Locator(".blocks > li").CountAsync()).Should().BeLessThanOrEqualTo(10);
        (await page.Page.EvaluateAsync<bool>("() => document.querySelectorAll('.blocks > li')[1].stays === true && document.activeElement?.closest('.blocks') !== null")).Should().BeTrue("what did not change is where it was, with what has the focus");

        await page.Button("Make a block now").ClickAsync();

        await SitePage.ShouldSayAsync(page.Page.Locator("[data-operator-said]"), $"Block {Text(height + 2)} was found after");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-fact=hash-rate]"), "million/s");
        await SitePage.ShouldSayAsync(newest.Locator(".index"), Text(height + 2));
        (await page.Page.EvaluateAsync<bool>("() => globalThis.opened")).Should().BeTrue("nothing was loaded anew");
        await page.ShowAsync("explorer-chain");
        await page.OpenAsync("/explorer?before=2");
        await SitePage.ShouldSayAsync(page.Page.Locator(".blocks > li").Last, "Final");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Whoever_presses_where_the_node_is_away_is_told_so()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.OpenAsync("/explorer");
        await page.Page.Context.SetOfflineAsync(true);

        await page.Button("Make a block now").ClickAsync();

        await SitePage.ShouldSayAsync(page.Page.Locator("[data-operator-said]"), "The node does not answer.");
        await page.Page.Context.SetOfflineAsync(false);
        await page.Button("Make a block now").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-operator-said]"), "was found after");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_page_looks_at_itself_every_two_seconds_at_most_and_not_while_nobody_sees_it()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.Page.Clock.InstallAsync();
        await page.Page.AddInitScriptAsync("globalThis.EventSource = class extends EventSource { constructor(path) { super(path); globalThis.source = this; } };");
        var scene = await ExplorerScene.PlayAsync(await site.NodeAsync());
        await page.OpenAsync("/explorer");
        await page.Page.EvaluateAsync(
            """
            () => {
              [globalThis.looks, globalThis.looking] = [0, 0];
              const fetched = fetch;
              globalThis.fetch = (path, request) => {
                if (path === location.href) [looks, looking] = [looks + 1, looking + 1];
                return fetched(path, request);
              };
              document.addEventListener("secuticket:live", () => { looking = Math.max(0, looking - 1); });
              globalThis.hide = (isHidden) => {
                Object.defineProperty(document, "hidden", { configurable: true, value: isHidden });
                document.dispatchEvent(new Event("visibilitychange"));
              };
            }
            """);
        await page.Page.WaitForFunctionAsync("() => source.readyState === EventSource.OPEN");
        await SitePage.StopClockAsync(page.Page);
        await page.Page.Clock.RunForAsync(5_000);

        // While it looks nothing makes it look.
        await page.Page.WaitForFunctionAsync("() => looking === 0");

        // It was hidden meanwhile: what happened is looked at when it is seen again.
        await page.Page.EvaluateAsync("() => { looks = 0; hide(true); }");
        (await page.Page.EvaluateAsync<bool>("() => source.readyState === EventSource.CLOSED")).Should().BeTrue("nobody looks");
        await scene.MineAsync();
        await page.Page.Clock.RunForAsync(5_000);
        (await LooksAsync()).Should().Be(0);
        await page.Page.EvaluateAsync("() => hide(false)");
        await page.Page.Clock.RunForAsync(300);
        (await LooksAsync()).Should().Be(1);

        await page.Page.WaitForFunctionAsync("() => source.readyState === EventSource.OPEN");
        await page.Page.WaitForFunctionAsync("height => document.querySelector('.blocks .index').textContent.includes(height)", Text(await HeightAsync(scene)));
        await HearAsync();
        await page.Page.Clock.RunForAsync(1_000);
        (await LooksAsync()).Should().Be(1);
        await page.Page.Clock.RunForAsync(2_000);
        (await LooksAsync()).Should().Be(2);
        page.ShouldBeCalm();

        // A block, and that this page heard of it.
        async Task HearAsync()
        {
            await page.Page.EvaluateAsync("() => { globalThis.heard = new Promise((heard) => source.addEventListener('block', heard, { once: true })); }");
            await scene.MineAsync();
            await page.Page.EvaluateAsync("() => heard");
        }

        Task<int> LooksAsync() => page.Page.EvaluateAsync<int>("() => looks");
    }

    [SkippableFact]
    public async Task Whatever_has_a_name_is_found_by_it_without_scripts_and_nonsense_is_told_what_was_looked_for()
    {
        await chromium.NewPageAsync();
        var page = new SitePage(await chromium.AnotherPageAsync(new BrowserNewContextOptions { JavaScriptEnabled = false }), await site.UrlAsync());
        var scene = await ExplorerScene.PlayAsync(await site.NodeAsync());
        var (hash, ticket, account) = ((await scene.ReadAsync("/chain/blocks/1")).GetProperty("hash").GetString()!, $"/explorer/tickets/{scene.Ticket}", $"/explorer/accounts/{scene.Buyer.Id}");
        var resale = scene.Resale;

        foreach (var (typed, found) in new[]
        {
            (hash, $"/explorer/blocks/{hash}"), (hash.ToUpperInvariant(), $"/explorer/blocks/{hash}"), (resale, $"/explorer/transactions/{resale}"),
            (scene.Ticket.ToString(), ticket), (scene.Event.ToString(), $"/explorer/events/{scene.Event}"), (scene.Buyer.Id, account), (scene.Buyer.Id.ToLowerInvariant(), account),
            (scene.Buyer.Id.ToUpperInvariant(), account), (scene.Buyer.Id[2..], account), (scene.Name[..16].ToLowerInvariant(), $"/explorer/events/{scene.Event}"), (scene.Seat, ticket), ($" {scene.Seat.ToLowerInvariant()} ", ticket),
        })
        {
            await page.OpenAsync($"/explorer/search?q={Uri.EscapeDataString(typed)}");
            new Uri(page.Page.Url).AbsolutePath.Should().Be(found, typed);
        }

        // A number may be in the name of an event, too: then it is one of several.
        await page.OpenAsync("/explorer/search?q=1");
        if (!page.Page.Url.EndsWith("/explorer/blocks/1", StringComparison.Ordinal)) await Assertions.Expect(page.Page.Locator("a[href='/explorer/blocks/1']")).ToBeVisibleAsync();
        await page.Field("Search the chain").FillAsync(scene.Seat);
        await page.Button("Search").ClickAsync();
        await Assertions.Expect(page.Page).ToHaveURLAsync($"{page.Server}{ticket}");

        await ExplorerScene.PlayAsync(await site.NodeAsync());
        await page.OpenAsync($"/explorer/search?q={scene.Name[..8]}");
        await SitePage.ShouldSayAsync(page.Page.Locator("main"), "Which one?");
        await page.Link(scene.Name).First.ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("h1"), scene.Name);

        foreach (var (typed, said) in new[]
        {
            ("", "Type a block’s number"), (new string('x', 5_000), "200 characters at most"), ("<script>alert(1)</script>", "“<script>alert(1)</script>”"), ("a\0b\u0007c", "“a\uFFFDb\uFFFDc”"),
            ("999999999999", "from 0 to"), ("-1", "It was looked for as"), (hash[..63], "64 hex digits"), ("0x" + new string('g', 40), "40 hex digits"),
        })
        {
            await page.OpenAsync($"/explorer/search?q={Uri.EscapeDataString(typed)}");
            await SitePage.ShouldSayAsync(page.Page.Locator("main"), said);
        }

        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_block_a_transaction_and_an_account_say_what_the_contract_says()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var scene = await ExplorerScene.PlayAsync(await site.NodeAsync());
        var transaction = await scene.ReadAsync($"/transactions/{scene.Resale}");
        var block = await scene.ReadAsync($"/chain/blocks/{transaction.GetProperty("block_index").GetInt64()}");

        await page.OpenAsync($"/explorer/transactions/{scene.Resale}");
        await SitePage.ShouldSayAsync(page.Page.Locator(".lead"), $"buys Seat {scene.Seat} for 55.00 EUR at most");
        await SitePage.ShouldSayAsync(page.Page.Locator("pre.json"), "\"max_price\": 5500");
        await SitePage.ShouldSayAsync(page.Page.Locator("main"), transaction.GetProperty("signatures")[0].GetProperty("signature").GetString()!);
        await page.ShowAsync("explorer-transaction");

        await page.Page.Locator(".facts a").First.ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("h1"), $"Block {Text(block.GetProperty("index").GetInt64())}");
        foreach (var field in new[] { "hash", "previous_hash", "transactions_root", "sealer", "timestamp" }) await SitePage.ShouldSayAsync(page.Page.Locator("main"), block.GetProperty(field).GetString()!);
        await Assertions.Expect(page.Page.Locator(".lines > li")).ToHaveCountAsync(block.GetProperty("transactions").GetArrayLength());
        await page.ShowAsync("explorer-block");

        await page.OpenAsync($"/explorer/accounts/{scene.Buyer.Id}");
        await SitePage.ShouldSayAsync(page.Page.Locator(".facts"), "45.00 EUR");
        await SitePage.ShouldSayAsync(page.Page.Locator("main"), $"Seat {scene.Seat}");
        (await page.Page.Locator("ol.lines > li").CountAsync()).Should().Be((await scene.ReadAsync($"/accounts/{scene.Buyer.Id}/transactions")).GetProperty("items").GetArrayLength());
        await page.ShowAsync("explorer-account");
        page.ShouldBeCalm();
    }

    [Theory]
    [InlineData("blocks/-1")]
    [InlineData("blocks/01")]
    [InlineData("blocks/99999999")]
    [InlineData("blocks/9999999999999999999999")]
    [InlineData("blocks/1?after=99999999999")]
    [InlineData("transactions/0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("transactions/%3Cscript%3E")]
    [InlineData("accounts/0x3F4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD")]
    [InlineData("accounts/0x3f4d672bcdf5a8ec4e93d073ecd782d9e8d6b3ad?after=x")]
    [InlineData("accounts/0x3f4d672bcdf5a8ec4e93d073ecd782d9e8d6b3ad?tickets=AAAA")]
    [InlineData("tickets/00000000000000000000000000000000")]
    [InlineData("tickets/A-1")]
    [InlineData("events/00000000000000000000000000000000")]
    [InlineData("events/ABCDEF00000000000000000000000000")]
    [InlineData("network?after=x")]
    [InlineData("?before=0")]
    [InlineData("?before=-1")]
    [InlineData("?before=99999999")]
    public async Task What_is_malformed_or_not_there_is_a_page_that_says_so(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path[0] == '?' ? $"/explorer{path}" : $"/explorer/{path}");
        request.Headers.Accept.ParseAdd("text/html");

        var answer = await (await site.NodeAsync()).Client.SendAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("There is nothing here");
    }

    private static async Task<long> HeightAsync(ExplorerScene scene) => (await scene.ReadAsync("/info")).GetProperty("height").GetInt64();

    private static string Text(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
