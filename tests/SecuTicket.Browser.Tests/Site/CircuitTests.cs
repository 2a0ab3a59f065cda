using Microsoft.Playwright;
using SecuTicket.Api.Tests.Processes;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What a person reads when there are too many interactive pages, and when the node goes away and comes back: on a node of its own that has one such page at a time.</summary>
[Collection(SharedChromium.Name)]
[Trait("Length", "longer")]
public sealed class CircuitTests(ChromiumFixture chromium) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secuticket-circuit-").FullName;
    private readonly string _url = $"http://127.0.0.1:{NodeUnderTest.FreePort()}";
    private NodeUnderTest? _node;

    [SkippableFact]
    public async Task A_page_too_many_says_so_and_the_node_may_go_away_and_come_back_without_loss()
    {
        var page = await chromium.NewPageAsync();
        await StartAsync();
        var first = new SitePage(page, _url);
        await first.OpenAsync("/organise/new");
        await page.Locator("form.flow:not([inert])").WaitForAsync();
        await Assertions.Expect(page.Locator("#f-time-zone")).Not.ToHaveValueAsync("");
        await page.Locator("#f-name").FillAsync("Carmen");

        var second = new SitePage(await chromium.AnotherPageAsync(new BrowserNewContextOptions()), _url);
        await second.OpenAsync("/organise");
        await SitePage.ShouldSayAsync(second.Page.Locator("#blazor-error-ui"), "The connection to the node ended");
        await Assertions.Expect(second.Page.Locator("#blazor-error-ui")).ToBeVisibleAsync();
        await second.ShowAsync("organise-too-many");

        await _node!.DisposeAsync();
        await Assertions.Expect(page.Locator(".reconnect .lost")).ToBeVisibleAsync();
        await page.Locator("#f-venue").FillAsync("Opera");
        await first.ShowAsync("organise-lost");
        await StartAsync();

        await Assertions.Expect(page.Locator(".reconnect .gone")).ToBeVisibleAsync();
        await first.Link("Load the page again").First.ClickAsync();
        await SitePage.ShouldSayAsync(page.Locator("main"), "What you typed here before is back");
        await Assertions.Expect(page.Locator("#f-venue")).ToHaveValueAsync("Opera");
        await Assertions.Expect(page.Locator("#f-name")).ToHaveValueAsync("Carmen");
    }

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync() => _node = await NodeUnderTest.StartAsync(_folder, "--urls", _url, "--Limits:InteractivePages=1", "--Mining:Enabled=false");
}
