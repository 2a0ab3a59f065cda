using System.Net;
using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What is around every page of the site.</summary>
[Collection(SharedChromium.Name)]
[Trait("Length", "longer")]
public sealed class FrameTests(ChromiumFixture chromium, SiteFixture site)
{
    [SkippableFact]
    public async Task A_person_who_goes_astray_reads_a_page_and_a_program_reads_a_problem()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());

        var answer = await page.Page.GotoAsync($"{page.Server}/no-such-page");

        answer!.Status.Should().Be((int)HttpStatusCode.NotFound);
        await SitePage.ShouldSayAsync(page.Page.Locator("h1"), "There is nothing here");
        await page.ShouldBeForEverybodyAsync();
        var program = await (await site.NodeAsync()).Client.GetAsync("/no-such-page");
        (program.StatusCode, program.Content.Headers.ContentType!.MediaType).Should().Be((HttpStatusCode.NotFound, "application/problem+json"));
    }

    [SkippableFact]
    public async Task The_language_follows_the_browser_and_then_the_person()
    {
        await chromium.NewPageAsync();
        var page = new SitePage(await chromium.AnotherPageAsync(new BrowserNewContextOptions { Locale = "fr-CH" }), await site.UrlAsync());

        await page.OpenAsync("/");
        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("lang", "fr");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Navigation, new PageGetByRoleOptions { Name = "Langue" }).GetByRole(AriaRole.Link)).ToHaveCountAsync(2);
        await page.Link("English").ClickAsync();

        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await page.Page.ReloadAsync();
        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_day_and_a_moment_are_written_by_scripts_as_pages_write_them()
    {
        await chromium.NewPageAsync();
        var found = new List<string>();
        foreach (var locale in new[] { "en-US", "fr-CH" })
        {
            var page = new SitePage(await chromium.AnotherPageAsync(new BrowserNewContextOptions { Locale = locale, TimezoneId = "Asia/Tokyo" }), await site.UrlAsync());
            await page.OpenAsync("/");
            found.AddRange(await page.Page.EvaluateAsync<string[]>("async () => { const { day, moment } = await import('/web/js/words.js'); return [day('2026-12-28'), day('2027-02-01'), moment('2026-11-27T15:05:09Z'), moment(1.7e12)]; }"));
        }

        found.Should().Equal(
            "Monday 28 December 2026", "Monday 1 February 2027", "28 November 2026, 00:05:09", "15 November 2023, 07:13:20",
            "lundi 28 décembre 2026", "lundi 1 février 2027", "28 novembre 2026, 00:05:09", "15 novembre 2023, 07:13:20");
    }

    [SkippableFact]
    public async Task A_script_that_is_not_ours_does_not_run()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.OpenAsync("/");

        var ran = await page.Page.EvaluateAsync<bool>(
            """
            async () => {
              const script = document.createElement("script");
              script.textContent = "globalThis.ran = true";
              document.body.append(script);
              return globalThis.ran === true;
            }
            """);

        ran.Should().BeFalse();
    }
}
