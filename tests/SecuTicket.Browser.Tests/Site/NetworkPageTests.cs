using System.Text.Json;
using Microsoft.Playwright;
using SecuTicket.Api.Tests.Processes;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>The network's page: nodes that find each other, validators, and what operators press.</summary>
[Collection(SecondChromium.Name)]
[Trait("Length", "longer")]
public sealed class NetworkPageTests(ChromiumFixture chromium, SiteFixture site) : IDisposable
{
    private const string AdminKey = "a key that only operators have";

    private readonly string _folder = Directory.CreateTempSubdirectory("secuticket-network-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public async Task A_node_is_registered_by_hand_seen_with_its_height_and_asked_for_its_chain()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await using var other = await NodeUnderTest.StartAsync(_folder);
        await page.OpenAsync("/explorer/network");

        await page.Field("Make a node known").FillAsync("http://127.0.0.1:1");
        await page.Button("Register").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-operator-said]"), "Nobody answers at that address.");
        await page.Field("Make a node known").FillAsync(other.Url["http://".Length..]);
        await page.Button("Register").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-operator-said]"), "The node is known now.");

        var row = page.Page.Locator("tbody > tr").Filter(new LocatorFilterOptions { HasText = other.Url });
        await SitePage.ShouldSayAsync(row, "Connected");
        await Assertions.Expect(row).ToContainTextAsync("same tip");
        await page.Button("Take the heaviest chain").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-operator-said]"), "Our chain is the heaviest");
        await page.ShowAsync("explorer-network");
        page.ShouldBeCalm();
        (await (await site.NodeAsync()).Client.DeleteAsync($"/nodes?node={Uri.EscapeDataString(other.Url)}")).EnsureSuccessStatusCode();
    }

    [SkippableFact]
    public async Task Validators_and_their_turns_are_shown_and_what_an_operator_may_not_do_says_why()
    {
        await chromium.NewPageAsync();
        var spec = Path.Combine(_folder, "chain.json");
        await File.WriteAllTextAsync(spec, Spec);
        await using var node = await NodeUnderTest.StartAsync(Path.Combine(_folder, "node"), $"--Node:ChainSpec={spec}", "--environment", "Production", $"--Node:AdminKey={AdminKey}");
        var page = new SitePage(await chromium.AnotherPageAsync(new BrowserNewContextOptions { Locale = "fr", ColorScheme = ColorScheme.Dark }), node.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        await page.OpenAsync("/explorer/network");

        var told = JsonDocument.Parse(await node.Client.GetStringAsync("/validators")).RootElement.GetProperty("items");
        var rows = page.Page.Locator("[data-live=validators] tbody > tr");
        (await rows.CountAsync()).Should().Be(told.GetArrayLength());
        await Assertions.Expect(rows.Nth(0).Locator("td")).ToHaveTextAsync(["7,00 EUR", "70,00 %", "70,00 %", "0", "0", "0,00 EUR"]);
        await Assertions.Expect(page.Page.Locator("[data-live=slots] > li")).ToHaveCountAsync(8);
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-live=slots]"), "Si aucun bloc ne vient avant");
        await page.ShowAsync("explorer-validators");

        var mine = page.Button("Faire un bloc maintenant");
        await Assertions.Expect(mine).ToHaveAttributeAsync("aria-disabled", "true");
        await SitePage.ShouldSayAsync(page.Page.Locator("#mine-why"), "n’a pas de clé de forge");
        var resolve = page.Button("Prendre la chaîne la plus lourde");
        await Assertions.Expect(resolve).ToHaveAttributeAsync("aria-disabled", "true");
        var asked = 0;
        page.Page.Request += (_, request) => asked += request.Url.EndsWith("/nodes/resolve", StringComparison.Ordinal) ? 1 : 0;
        await resolve.ClickAsync(new LocatorClickOptions { Force = true });
        await page.Field("Clé d’administration").FillAsync("wrong");
        (await resolve.GetAttributeAsync("aria-disabled")).Should().BeNull("whether the key is right the node says");
        asked.Should().Be(0, "what is disabled asks nothing");
        await resolve.ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-operator-said]"), "manque ou est fausse");
        await page.Field("Clé d’administration").FillAsync(AdminKey);

        // As where the page looked at itself meanwhile: the node writes the button without knowing of the key.
        await page.Page.EvaluateAsync("() => { document.querySelector('[data-resolve]').setAttribute('aria-disabled', 'true'); document.dispatchEvent(new Event('secuticket:live')); }");
        await resolve.ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-operator-said]"), "Notre chaîne est la plus lourde");
        page.ShouldBeCalm();
    }

    // Three validators whose keys nobody here has; addresses and commitments are those of docs/protocol.md.
    private const string Spec =
        """
        {"chain_id":"secuticket-stake","currency":"EUR","engine":"proof-of-stake","genesis_time":1767225600000,"reward":0,"stake":{"slot_time":2000,"validators":[
        {"address":"0x3f4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD","amount":100,"commitment":"3d17e3f459abe7d3dc49ab6c1dba4ce917823e6aafe218f5435bed42a35476c5"},
        {"address":"0x3f1c1D3983d4E3A3B1c0b2939AF2373D6A528572","amount":200,"commitment":"72c26b67e83c1b836547105a03bda70b527679a5624f59606fbfd373547a0717"},
        {"address":"0x32334cF9322CdfcDA7dcA7828c5907919A1bB2be","amount":700,"commitment":"cc2f123ff5595e90b5ac5c376149286aab2b6bb146ce4d1da7af84477a27e5f1"}]}}
        """;
}
