using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What is typed of a new event stays in the browser until it is sent.</summary>
[Collection(SharedChromium.Name)]
[Trait("Length", "longer")]
public sealed class OrganiseDraftTests(ChromiumFixture chromium, SiteFixture site)
{
    [SkippableFact]
    public async Task What_is_typed_is_there_after_a_reload_and_can_be_begun_anew()
    {
        var desk = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var page = desk.Page;
        await OpenAsync(desk);
        await page.ReloadAsync();
        await ReadyAsync(page);
        await Assertions.Expect(page.Locator("main [role=status] .note")).ToHaveCountAsync(0);

        await desk.Button("Add a date").ClickAsync();
        await desk.Button("Add a block").ClickAsync();
        await Assertions.Expect(page.Locator("#f-blocks-1--price")).ToBeVisibleAsync();
        await page.Locator("details.more summary").ClickAsync();
        await page.Locator("input[type=checkbox]").UncheckAsync();
        (string Field, string Typed)[] typed =
        [
            ("name", "Carmen «\u202e» <script>"), ("venue", "Opéra"), ("time-zone", "Europe/Zurich"), ("sessions-0--date", "2027-06-15"), ("sessions-1--time", "20:00"), ("blocks-1--section", "Balcony"),
            ("blocks-1--price", "49.90"), ("blocks-0--last-row", "F"), ("resale-max-price-percent", "0x"), ("resale-resellers", "nobody\nsomebody"), ("resale-opens-at", "2027-01-02T10:00"),
            ("sale-opens-at", "2027-01-01T10:00"), ("gates", "0x12"),
        ];
        foreach (var (field, text) in typed) await page.Locator($"#f-{field}").FillAsync(text);
        await page.Locator("#f-blocks-1--session").SelectOptionAsync("1");
        await page.Locator("#f-resale-resale").SelectOptionAsync("free");
        await page.ReloadAsync();
        await ReadyAsync(page);

        await SitePage.ShouldSayAsync(page.Locator("main [role=status]").First, "What you typed here before is back");
        foreach (var (field, text) in typed) await Assertions.Expect(page.Locator($"#f-{field}")).ToHaveValueAsync(text);
        await Assertions.Expect(page.Locator("#f-blocks-1--session")).ToHaveValueAsync("1");
        await Assertions.Expect(page.Locator("#f-resale-resale")).ToHaveValueAsync("free");
        await Assertions.Expect(page.Locator("input[type=checkbox]")).Not.ToBeCheckedAsync();
        await desk.ShowAsync("organise-restored");
        await desk.Button("Begin anew").ClickAsync();

        await Assertions.Expect(page.Locator("#f-name")).ToHaveValueAsync("");
        await Assertions.Expect(page.Locator("#f-sessions-1--date")).ToHaveCountAsync(0);
        (await KeptAsync(page)).Should().BeEmpty();
        desk.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Drafts_that_are_bad_old_or_too_long_do_not_break_the_page()
    {
        var desk = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var page = desk.Page;
        await OpenAsync(desk);
        (string Name, string Text, string Shown)[] kept =
        [
            ("1", "{", ""), ("1", "null", ""), ("1", "[1]", ""), ("1", "{}", ""), ("1", """{"name":7}""", ""), ("1", $$"""{"name":"{{new string('x', 100_000)}}"}""", ""),
            ("0", """{"name":"of another form"}""", ""),
            ("1", """{"name":"half \ud800","venue":7,"sessions[0].date":"never","sessions[99].date":"2027-06-15","resale.resale":"<b>","__proto__":"x","blocks[0].price":"\u0000"}""", "half \ufffd"),
        ];
        foreach (var (name, text, shown) in kept)
        {
            await page.EvaluateAsync("([name, text]) => { localStorage.clear(); localStorage.setItem(`secuticket.draft.${name}`, text); }", new[] { name, text });
            await page.ReloadAsync();
            await ReadyAsync(page);
            await Assertions.Expect(page.Locator("#f-name")).ToHaveValueAsync(shown);
            await desk.Button("Add a date").ClickAsync();
            await Assertions.Expect(page.Locator("#f-sessions-1--date")).ToBeVisibleAsync();
            if (shown.Length == 0) (await KeptAsync(page)).Should().Equal(["secuticket.draft.1"], "what is typed now is kept again");
        }

        await page.Locator("#f-sellers").EvaluateAsync("(field) => { field.value = 'x'.repeat(100_000); field.dispatchEvent(new Event('input', { bubbles: true })); }");
        await SitePage.ShouldSayAsync(page.Locator("[data-draft-said]"), "This device can not keep what you type here");
        (await KeptAsync(page)).Should().BeEmpty();
        desk.ShouldBeCalm();
    }

    private static async Task OpenAsync(SitePage desk)
    {
        await desk.OpenAsync("/organise/new");
        await ReadyAsync(desk.Page);
    }

    private static async Task ReadyAsync(IPage page)
    {
        await page.Locator("form.flow:not([inert])").WaitForAsync();
        await Assertions.Expect(page.Locator("#f-time-zone")).Not.ToHaveValueAsync("");
    }

    private static Task<string[]> KeptAsync(IPage page) => page.EvaluateAsync<string[]>("() => Object.keys(localStorage).filter((name) => name.startsWith('secuticket.draft'))");
}
