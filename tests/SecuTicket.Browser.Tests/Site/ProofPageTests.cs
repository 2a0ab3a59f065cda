using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What a browser checks by itself: a ticket's proof, an event's resales, and a copy of the chain to cheat with.</summary>
[Collection(SecondChromium.Name)]
[Trait("Length", "longer")]
public sealed class ProofPageTests(ChromiumFixture chromium, SiteFixture site)
{
    [SkippableFact]
    public async Task A_tickets_life_is_shown_and_its_proof_is_right_until_any_byte_is_another()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var scene = await ExplorerScene.PlayAsync(await site.NodeAsync());
        await scene.MineAsync();
        await page.OpenAsync($"/explorer/tickets/{scene.Ticket}");
        (await page.Page.Locator(".timeline > li strong").AllInnerTextsAsync()).Should().Equal("Issue", "Purchase", "Offer", "Purchase");
        await SitePage.ShouldSayAsync(page.Page.Locator(".timeline > li").Last, "55.00 EUR");

        await page.Button("Check the proof").ClickAsync();

        var (said, steps) = (page.Page.Locator("[data-proof-said]"), page.Page.Locator("[data-proof-steps] > li"));
        await SitePage.ShouldSayAsync(said, "All 9 steps are right");
        (await steps.CountAsync()).Should().Be(9);
        await page.ShowAsync("explorer-ticket");
        await page.Field("Change one byte").CheckAsync();
        foreach (var (where, wrong) in new[]
        {
            ("in the transaction", "The transaction has this id|Its sender signed it|It is in the block"), ("in the signature", "Its sender signed it|It is in the block"), ("in the Merkle path", "It is in the block"),
            ("in the header", "The header has this hash|Work was done for it|What follows stands on it"), ("in the next header", "What follows stands on it"),
        })
        {
            await page.Field("Where").SelectOptionAsync(new SelectOptionValue { Label = where });
            await Assertions.Expect(page.Page.Locator("[data-proof-steps] > li.bad > strong")).ToHaveTextAsync(wrong.Split('|'));
            await SitePage.ShouldSayAsync(said, "this is no proof");
        }

        await page.ShowAsync("explorer-ticket-changed");
        await page.Field("Change one byte").UncheckAsync();
        await SitePage.ShouldSayAsync(said, "All 9 steps are right");

        // Where there is nothing to change, nothing stands there as if it had been checked.
        await page.Page.RouteAsync("**/tickets/*/proof", async route =>
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new RouteFulfillOptions { Response = answer, Body = Regex.Replace(await answer.TextAsync(), "\"headers_to_tip\":\\[[^\\]]*\\]", "\"headers_to_tip\":[]") });
        });
        await page.Page.EvaluateAsync("() => document.dispatchEvent(new Event('secuticket:live'))");
        await page.Field("Change one byte").CheckAsync();
        await SitePage.ShouldSayAsync(said, "nothing was changed");
        await Assertions.Expect(steps).ToHaveCountAsync(0);
        await page.Page.UnrouteAllAsync();
        await page.Field("Change one byte").UncheckAsync();

        // The proof is another one when something happened; and it may say that it does not hold all of it.
        await page.Page.RouteAsync("**/tickets/*/proof", async route =>
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new RouteFulfillOptions { Response = answer, Body = (await answer.TextAsync()).Replace("\"headers_complete\":true", "\"headers_complete\":false", StringComparison.Ordinal) });
        });
        await page.Page.EvaluateAsync("() => document.dispatchEvent(new Event('secuticket:live'))");
        await page.Button("Check the proof").ClickAsync();
        await SitePage.ShouldSayAsync(said, "More blocks follow than a proof carries.");
        await page.Page.EvaluateAsync("() => Object.defineProperty(crypto, 'subtle', { value: undefined })");
        await page.Button("Check the proof").ClickAsync();
        await SitePage.ShouldSayAsync(said, "only on https pages");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task The_public_page_of_an_event_has_the_contracts_numbers_and_names_nobody()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var scene = await ExplorerScene.PlayAsync(await site.NodeAsync());
        var told = await scene.ReadAsync($"/events/{scene.Event}/public");

        await page.OpenAsync($"/explorer/events/{scene.Event}");

        foreach (var (fact, value) in new[]
        {
            ("supply", told.GetProperty("supply").ToString()), ("sold", told.GetProperty("sold").ToString()), ("revoked", told.GetProperty("revoked").ToString()),
            ("cap", $"{told.GetProperty("cap").GetProperty("max_price_percent")} %"), ("commission", $"{told.GetProperty("commission_percent")} %"),
        })
            await Assertions.Expect(page.Page.Locator($"[data-fact={fact}]")).ToHaveTextAsync(value);
        await Assertions.Expect(page.Page.Locator("table").First.Locator("tbody td")).ToHaveTextAsync([Money(told.GetProperty("face_prices")[0], "price"), "2", "55.00 EUR"]);
        var resale = told.GetProperty("resales").GetProperty("items").EnumerateArray().Should().ContainSingle().Subject;
        var row = page.Page.Locator($"[data-resale=\"{resale.GetProperty("transaction_id").GetString()}\"]");
        await Assertions.Expect(row.Locator("td.number")).ToHaveTextAsync([Money(resale, "price"), Money(resale, "face_price"), Money(resale, "premium"), "110.00 %"]);
        (await page.Page.Locator("main").InnerHTMLAsync()).Should().NotMatchRegex("0x[0-9a-fA-F]{40}").And.NotContain(scene.Seat);

        await page.Button("Check all proofs on this page").ClickAsync();

        await SitePage.ShouldSayAsync(row.Locator("[data-proven]"), "✓");
        await page.ShowAsync("explorer-event");
        var signatures = resale.GetProperty("proof").GetProperty("signatures_hash").GetString()!;
        await page.Page.RouteAsync("**/events/*/public?*", async route =>
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new RouteFulfillOptions { Response = answer, Body = (await answer.TextAsync()).Replace(signatures, new string('0', 64), StringComparison.Ordinal) });
        });
        await page.Button("Check all proofs on this page").ClickAsync();
        await SitePage.ShouldSayAsync(row.Locator("[data-proven]"), "✗");
        await page.Page.UnrouteAllAsync();

        // A header of another block, the same one with other work, and one without any, each with its own hash.
        foreach (var forgery in new[] { "another", "again", "idle" })
        {
            await page.Page.ReloadAsync();
            await page.Page.EvaluateAsync(
                """
                async ([hash, forgery]) => {
                  const [{ hexOf, readHeader, search, writeHeader }, { sha256 }, { bytesOf }] = await Promise.all(["explorer/block", "explorer/hash", "signature"].map((name) => import(`/web/js/${name}.js`)));
                  const read = fetch;
                  const right = bytesOf((await (await read(`/chain/headers/${hash}`)).json()).header);
                  const header = readHeader(right);
                  const other = bytesOf((await (await read("/chain/headers/1")).json()).header);
                  const again = writeHeader({ ...header, nonce: search(right, header.difficulty, header.nonce + 1, 100_000_000).nonce });
                  const bytes = { another: other, again, idle: writeHeader({ ...header, nonce: header.nonce + 1 }) }[forgery];
                  globalThis.fetch = async (path, request) => {
                    const answer = await read(path, request);
                    if (path.startsWith("/chain/headers/")) return new Response(JSON.stringify({ ...await answer.json(), header: hexOf(bytes), hash: forgery === "again" ? hash : hexOf(sha256(bytes)) }));
                    if (!path.includes("/public?") || forgery === "again") return answer;
                    return new Response((await answer.text()).replaceAll(hash, hexOf(sha256(bytes))));
                  };
                }
                """,
                new[] { resale.GetProperty("proof").GetProperty("block_hash").GetString()!, forgery });
            await page.Button("Check all proofs on this page").ClickAsync();
            await SitePage.ShouldSayAsync(row.Locator("[data-proven]"), "✗");
        }

        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_copy_that_could_not_be_read_is_said_to_be_missing_and_read_again_by_whatever_is_pressed()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.Page.RouteAsync("**/chain?limit=*", static route => route.AbortAsync("internetdisconnected"));
        await page.OpenAsync("/explorer/tamper");
        var said = page.Page.Locator("[data-tamper-said]");
        await SitePage.ShouldSayAsync(said, "The node does not answer.");

        foreach (var name in new[] { "Change it", "Mine this block again" })
        {
            await page.Page.RunAndWaitForRequestAsync(() => page.Button(name).ClickAsync(), "**/chain?limit=*");
            await SitePage.ShouldSayAsync(said, "The node does not answer.");
            await Assertions.Expect(page.Button("Mine this block again")).Not.ToHaveAttributeAsync("aria-busy", "true");
        }

        await page.Page.UnrouteAllAsync();
        await page.Button("Change it").ClickAsync();
        await SitePage.ShouldSayAsync(said, "every block is as it should be");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Whoever_cheats_on_a_copy_sees_which_block_breaks_and_the_nodes_chain_stays_as_it_is()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var scene = await ExplorerScene.PlayAsync(await site.NodeAsync());
        await scene.MineAsync();
        await scene.MineAsync();
        var tip = (await scene.ReadAsync("/info")).GetProperty("tip").GetString()!;
        var held = (await scene.ReadAsync($"/transactions/{scene.Resale}")).GetProperty("block_index").GetInt64();
        await page.OpenAsync("/explorer/tamper");
        var (said, blocks) = (page.Page.Locator("[data-tamper-said]"), page.Page.Locator("[data-tamper-copy] > li"));
        await SitePage.ShouldSayAsync(said, "every block is as it should be");
        var index = await blocks.Locator("strong").AllInnerTextsAsync() is var names ? names.ToList().IndexOf($"Block {held.ToString("#,0", CultureInfo.InvariantCulture)}") : -1;

        await ChangeAsync("a price or an amount");
        await SitePage.ShouldSayAsync(said, "instead of");
        await SitePage.ShouldSayAsync(said, "own chain is untouched");
        await SitePage.ShouldSayAsync(blocks.Nth(index), "is not signed by");
        await SitePage.ShouldSayAsync(blocks.Nth(index), "give the root");
        await Assertions.Expect(blocks.Nth(index + 1)).ToHaveClassAsync("follows");
        await page.ShowAsync("explorer-tamper");
        await page.Button("Mine this block again").ClickAsync();
        await SitePage.ShouldSayAsync(said, "was mined again");
        await SitePage.ShouldSayAsync(blocks.Nth(index), "is not signed by");
        await Assertions.Expect(blocks.Nth(index)).Not.ToContainTextAsync("give the root");
        await SitePage.ShouldSayAsync(blocks.Nth(index + 1), "The block before is called");

        await ChangeAsync("one byte of a signature");
        await SitePage.ShouldSayAsync(blocks.Nth(index), "is not signed by");
        await ChangeAsync("the hash of the block before");
        await SitePage.ShouldSayAsync(blocks.Nth(index), "The block before is called");
        await SitePage.ShouldSayAsync(blocks.Nth(index), "zero bits that are due");

        // Work can be done again, block after block; what comes of it is another chain.
        await ChangeAsync("leave out a transaction");
        for (var i = index; i < names.Count; i++)
        {
            await Assertions.Expect(blocks.Nth(i)).ToHaveClassAsync("broken");
            await page.Field("Block").SelectOptionAsync(i.ToString(CultureInfo.InvariantCulture));
            await page.Button("Mine this block again").ClickAsync();
            await Assertions.Expect(blocks.Nth(i)).ToHaveClassAsync("intact");

            // The block is drawn before the node was asked again what its own is; until then a press is none.
            await Assertions.Expect(page.Button("Mine this block again")).Not.ToHaveAttributeAsync("aria-busy", "true");
        }

        await SitePage.ShouldSayAsync(said, "it is another chain");
        (await scene.ReadAsync("/info")).GetProperty("tip").GetString().Should().Be(tip);

        // Where a browser could not do it, it says so and does not begin.
        foreach (var (name, value, why) in new[] { ("max-difficulty", "1", "would keep your browser busy for too long"), ("engine", "proof-of-stake", "only the forger’s key could sign this block") })
        {
            await page.Page.RouteAsync("**/explorer/tamper", async route =>
            {
                var answer = await route.FetchAsync();
                await route.FulfillAsync(new RouteFulfillOptions { Response = answer, Body = Regex.Replace(await answer.TextAsync(), $"data-{name}=\"[^\"]*\"", $"data-{name}=\"{value}\"") });
            });
            await page.OpenAsync("/explorer/tamper");
            await SitePage.ShouldSayAsync(said, "every block is as it should be");
            await SitePage.ShouldSayAsync(page.Page.Locator("[data-tamper-mine-why]"), why);
            await page.Button("Mine this block again").ClickAsync(new LocatorClickOptions { Force = true });
            await SitePage.ShouldSayAsync(said, "every block is as it should be");
            await page.Page.UnrouteAllAsync();
        }

        page.ShouldBeCalm();

        async Task ChangeAsync(string what)
        {
            await page.Button("Take a new copy").ClickAsync();
            await SitePage.ShouldSayAsync(said, "every block is as it should be");
            await page.Field("Block").SelectOptionAsync(index.ToString(CultureInfo.InvariantCulture));
            await page.Field("What to change").SelectOptionAsync(new SelectOptionValue { Label = what });
            await page.Button("Change it").ClickAsync();
            await Assertions.Expect(blocks.Nth(index)).ToHaveClassAsync("broken");
        }
    }

    private static string Money(JsonElement owner, string field) => $"{owner.GetProperty(field).GetInt64() / 100m:0.00} EUR";
}
