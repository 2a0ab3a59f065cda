using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What a page costs whoever opens it for the first time. Bytes are bounded here; how long it takes is printed, as it is the machine's affair too (docs/performance.md).</summary>
[Collection(SharedChromium.Name)]
[Trait("Length", "longer")]
public sealed class FirstPageTests(ChromiumFixture chromium, SiteFixture site, ITestOutputHelper output)
{
    /// <summary>Over the wire, before images.</summary>
    private const int MostBytes = 150 * 1024;

    // What was laid out anew without anybody having done anything (W3C Layout Instability), and how much of the window.
    private const string Moves =
        """
        () => new Promise((told) => {
          const found = [];
          new PerformanceObserver((list) => {
            for (const one of list.getEntries()) if (!one.hadRecentInput) found.push(`${one.value.toFixed(4)} ${one.sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? "").join(" ")}`);
          }).observe({ type: "layout-shift", buffered: true });
          requestAnimationFrame(() => setTimeout(() => told(found)));
        })
        """;

    [SkippableFact]
    public async Task A_first_page_is_small_over_the_wire()
    {
        await chromium.NewPageAsync();
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("ABCDEFGHIJ", 50));
        foreach (var path in PathsOf(stage))
        {
            var page = new SitePage(await chromium.AnotherPageAsync(new BrowserNewContextOptions()), await site.UrlAsync());
            var (bytes, images) = (new ConcurrentDictionary<string, long>(), new ConcurrentDictionary<string, bool>());
            var session = await page.Page.Context.NewCDPSessionAsync(page.Page);
            session.Event("Network.responseReceived").OnEvent += (_, told) => { if (Text(told, "type") == "Image") images[Text(told, "requestId")] = true; };
            session.Event("Network.loadingFinished").OnEvent += (_, told) => bytes[Text(told, "requestId")] = (long)told!.Value.GetProperty("encodedDataLength").GetDouble();
            await session.SendAsync("Network.enable");

            await page.OpenAsync(path);
            var first = await PaintedAsync(page);
            var whole = bytes.Where(one => !images.ContainsKey(one.Key)).Sum(static one => one.Value);
            await page.Page.ReloadAsync();
            output.WriteLine($"{path.Replace(stage.EventId, "…", StringComparison.Ordinal).Replace(stage.Tickets[0], "…", StringComparison.Ordinal)}: {whole / 1024.0:0.0} KB, painted after {first:0} ms, opened again after {await PaintedAsync(page):0} ms");
            whole.Should().BeInRange(1, MostBytes, path);
            page.ShouldBeCalm();
        }
    }

    // A wallet's name and money come when the page is there already: the longest ones must have had room. So must what a newcomer chooses from.
    [SkippableFact]
    public async Task Nothing_moves_while_a_page_becomes_complete()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("AB", 10));
        var (sale, desk) = ($"/sale/{stage.EventId}", $"/organise/{stage.EventId}");
        foreach (var width in new[] { 360, 1440 }) await ShouldStandStillAsync(page, width, sale, page.Page.Locator("[data-kinds]"));

        var (holder, secret) = await stage.KeptAsync();
        await SaleStage.EquipAsync(page, holder, secret, "Wolfgang Amadeus and everybody else");
        await stage.BuyAsync(holder, stage.Tickets[0]);
        (int Width, string Path)[] opened = [.. PathsOf(stage).Concat(["/organise", desk]).Select(static path => (360, path)), (1440, sale), (1440, "/wallet"), (1440, desk)];
        var last = page.Page.Locator("[data-wallet-chip]", new PageLocatorOptions { HasText = "EUR" }).Or(page.Page.Locator("[data-pair]"));
        foreach (var (width, path) in opened) await ShouldStandStillAsync(page, width, path, last);
        page.ShouldBeCalm();
    }

    private static async Task ShouldStandStillAsync(SitePage page, int width, string path, ILocator last)
    {
        await page.Page.SetViewportSizeAsync(width, 740);
        await page.OpenAsync(path);
        await Assertions.Expect(last).ToBeVisibleAsync();
        (await page.Page.EvaluateAsync<string[]>(Moves)).Should().BeEmpty("{0} is {1} px wide", path, width);
    }

    private static string[] PathsOf(SaleStage stage) =>
    [
        "/", "/sale", $"/sale/{stage.EventId}", "/wallet", $"/wallet/tickets/{stage.Tickets[0]}", "/entrance", "/explorer", $"/explorer/tickets/{stage.Tickets[0]}", $"/explorer/events/{stage.EventId}"
    ];

    private static Task<double> PaintedAsync(SitePage page) => page.Page.EvaluateAsync<double>(
        """
        () => new Promise((painted) => new PerformanceObserver((list) => {
          const [entry] = list.getEntriesByName("first-contentful-paint");
          if (entry) painted(entry.startTime);
        }).observe({ type: "paint", buffered: true }))
        """);

    private static string Text(JsonElement? told, string name) => told!.Value.GetProperty(name).GetString()!;
}
