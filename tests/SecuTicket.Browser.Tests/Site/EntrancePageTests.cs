using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SecuTicket.Core.Cryptography;
using Xunit.Abstractions;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>The gate's page, as staff use it: paired by clicks, with a network and without.</summary>
[Collection(SecondChromium.Name)]
[Trait("Length", "longer")]
public sealed class EntrancePageTests(ChromiumFixture chromium, SiteFixture site, ITestOutputHelper output) : GateTests(chromium, site)
{
    // Tones are played as they are; which, is noted beside it.
    private const string Ears =
        """
        globalThis.heard = [];
        globalThis.felt = [];
        globalThis.OscillatorNode = class extends OscillatorNode {
          start(at) {
            heard.push(this.frequency.value);
            super.start(at);
          }
        };
        globalThis.woken = 0;
        AudioContext.prototype.resume = function () { woken++; return this.state; };
        navigator.vibrate = (pattern) => felt.push(...pattern);
        """;

    // Only what hangs takes longer.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [SkippableFact]
    public async Task A_device_is_paired_by_clicks_and_lets_each_ticket_in_once()
    {
        var page = await Chromium.NewPageAsync();
        await page.AddInitScriptAsync(Ears);
        var gate = await OpenAsync(page);
        await gate.Site.Button("Pair this device").ClickAsync();
        await gate.ShouldComplainAsync("1 to 64 characters", "twelve letters and digits");
        await gate.Site.Field("Name of this gate").FillAsync("Gate North");
        await gate.Site.Field("Pairing code").FillAsync("0000-0000-0000");
        await gate.Site.Button("Pair this device").ClickAsync();
        await gate.ShouldComplainAsync("older than ten minutes");
        await gate.Site.ShowAsync("entrance-pair");
        await page.RouteAsync("**/gate/pair", route => route.FulfillAsync(new RouteFulfillOptions { Body = $$"""{"node":"0x{{new string('1', 40)}}","chain_id":"secuticket-dev","event_id":"{{World.Event}}","event_name":"Another"}""" }));
        await gate.Site.Button("Pair this device").ClickAsync();
        await gate.ShouldComplainAsync("Another node answers");
        await page.UnrouteAllAsync();
        await gate.PairAsync();
        await Assertions.Expect(gate.Line).ToHaveTextAsync("Online");
        (await page.EvaluateAsync<int>("() => woken")).Should().Be(1, "a browser lets a page sound from the first touch on");
        await SitePage.ShouldSayAsync(page.Locator("[data-camera-state]"), "This browser reads no codes by camera");
        await gate.Site.ShowAsync("entrance-scan");

        (await gate.ScanAsync(World.Code(World.Tickets[0]))).Should().Be("valid");
        foreach (var text in new[] { "Let in", "The ticket is good", "A-1", "15 June 2027, 19:00" }) await SitePage.ShouldSayAsync(gate.Verdict, text);
        await SitePage.ShouldSayAsync(gate.Page.Locator("[aria-live=assertive]"), "Let in. The ticket is good. Seat A-1");
        await ShouldHaveHeardAsync(page, [660, 990], [80]);
        await gate.Site.ShowAsync("entrance-green");
        await ShouldBeInAsync(gate, World.Tickets[0]);

        (await gate.ScanAsync(World.Code(World.Tickets[0]))).Should().Be("already_redeemed");
        foreach (var text in new[] { "Look closer", "Somebody went in with it", "at this gate" }) await SitePage.ShouldSayAsync(gate.Verdict, text);
        await ShouldHaveHeardAsync(page, [520, 520], [80, 80, 80]);
        await gate.Site.ShowAsync("entrance-yellow");
        (await gate.ScanAsync("not a code")).Should().Be("invalid");
        foreach (var text in new[] { "Stop", "Not a valid code" }) await SitePage.ShouldSayAsync(gate.Verdict, text);
        await ShouldHaveHeardAsync(page, [330, 196], [400]);
        await gate.Site.ShowAsync("entrance-red");
        await gate.Site.Button("Next").ClickAsync();
        await Assertions.Expect(gate.Verdict).ToBeHiddenAsync();
        await SitePage.ShouldSayAsync(gate.Page.Locator("[data-inside]"), "1 of 5");

        // A gate without sound is one still when its page is opened again, and shakes all the same.
        await gate.Site.Button("Sound").ClickAsync();
        await Assertions.Expect(gate.Site.Button("Sound")).ToHaveAttributeAsync("aria-pressed", "false");
        await page.RunAndWaitForRequestAsync(() => page.ReloadAsync(), "**/gate/roster?*");
        await gate.ShouldShowAsync(EntranceWorld.Name);
        await Assertions.Expect(gate.Site.Button("Sound")).ToHaveAttributeAsync("aria-pressed", "false");
        (await gate.ScanAsync("not a code")).Should().Be("invalid");
        await ShouldHaveHeardAsync(page, [], [400]);

        // A receipt that can not be kept is no admission; and receipts that this gate did not write are not gone on with.
        await page.EvaluateAsync(
            """
            async () => {
              const { addReceipt, receipts } = await import("/web/js/entrance/store.js");
              const last = (await receipts()).at(-1);
              await addReceipt({ ...last, number: last.number + 1 });
            }
            """);
        (await gate.ScanAsync(World.Code(World.Tickets[1]))).Should().Be("fault");
        await SitePage.ShouldSayAsync(gate.Verdict, "Stop");
        await page.ReloadAsync();
        await SitePage.ShouldSayAsync(page.Locator("[data-screen=gap]"), "one is missing");
        await Assertions.Expect(page.Locator("[data-scan]")).ToBeHiddenAsync();
        gate.Site.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Without_a_network_codes_are_judged_as_by_the_node_and_told_to_it_afterwards()
    {
        var gate = await OpenAsync();
        await gate.PairAsync();
        await World.RevokeAsync(World.Tickets[3]);
        await gate.SyncAsync();
        await gate.ShouldBeKeptAsync();
        using var stranger = P256PrivateKey.Generate();
        var tampered = World.Code(World.Tickets[1]);
        tampered = tampered[..^1] + (tampered[^1] == '0' ? '1' : '0');
        (string Code, string Result)[] codes =
        [
            (World.Code(World.Tickets[1], age: 120), "expired"), (World.Code(World.Tickets[1], age: -120), "expired"), (World.Code(World.Tickets[1], by: stranger), "not_owner"),
            (World.Code(World.Tickets[5]), "not_owner"), (World.Code(World.Tickets[3]), "revoked"), (World.Code(new string('0', 32)), "unknown"), (tampered, "invalid"), ("ST1:", "invalid"),
        ];
        foreach (var (code, result) in codes) (await World.JudgeAsync(code, gate.Address)).Should().Be(result);

        var asked = new ConcurrentQueue<string>();
        await gate.Page.Context.SetOfflineAsync(true);
        gate.Page.Request += (_, request) => asked.Enqueue(request.Url);
        await gate.Page.ReloadAsync();
        await gate.ShouldShowAsync(EntranceWorld.Name);
        await Assertions.Expect(gate.Line).ToHaveTextAsync("Offline");
        (await gate.ScanAsync(World.Code(World.Tickets[1]))).Should().Be("valid");
        output.WriteLine($"verdict offline after {await gate.Page.EvaluateAsync<double>("() => performance.getEntriesByName('verdict')[0].duration"):0.0} ms");
        await SitePage.ShouldSayAsync(gate.Verdict, "Judged by the list on this device");
        foreach (var (code, result) in codes) (await gate.ScanAsync(code)).Should().Be(result == "expired" ? "already_redeemed" : result, "the order of reasons is the node's");
        await gate.Page.ReloadAsync();
        await gate.ShouldShowAsync(EntranceWorld.Name);
        (await gate.ScanAsync(World.Code(World.Tickets[1]))).Should().Be("already_redeemed");
        (await gate.ScanAsync(World.Code(World.Tickets[2], age: 31))).Should().Be("expired");
        await SitePage.ShouldSayAsync(gate.Unsent, "11 to send");
        asked.Should().NotContain(static url => url.Contains("/gate/", StringComparison.Ordinal), "nobody would answer");
        await gate.Page.Keyboard.PressAsync("Escape");
        await gate.Site.ShowAsync("entrance-offline");

        await gate.Page.Context.SetOfflineAsync(false);
        await Assertions.Expect(gate.Line).ToHaveTextAsync("Online");
        await ShouldBeInAsync(gate, World.Tickets[1]);
        var report = await World.ReportAsync();
        (report.GetProperty("admitted").GetInt32(), report.GetProperty("refused").GetInt32(), report.GetProperty("conflicts").GetArrayLength()).Should().Be((1, 10, 0));
        var tally = report.GetProperty("gates").EnumerateArray().Should().ContainSingle().Subject;
        (tally.GetProperty("gate").GetString(), tally.GetProperty("gaps").GetInt32(), tally.GetProperty("forks").GetInt32(), tally.GetProperty("flagged").GetInt32()).Should().Be((gate.Address, 0, 0, 0));
        gate.Site.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_node_that_does_not_answer_for_two_seconds_is_gone_on_without_and_asked_again()
    {
        var page = await Chromium.NewPageAsync();
        await page.Clock.InstallAsync();
        var gate = await OpenAsync(page);
        await gate.PairAsync();
        var asked = new TaskCompletionSource();
        await gate.Page.Context.RouteAsync("**/gate/scan", _ => asked.TrySetResult());
        await gate.Page.Context.RouteAsync("**/info", static _ => { });
        await SitePage.StopClockAsync(page);

        await gate.TypeAsync(await CodeAsync());
        await asked.Task.WaitAsync(Patience);
        await Assertions.Expect(gate.Line).ToHaveTextAsync("Online");
        await page.Clock.RunForAsync(2_000);

        await Assertions.Expect(gate.Verdict.Locator("h2")).ToHaveTextAsync("Let in");
        await Assertions.Expect(gate.Line).ToHaveTextAsync("Offline");
        await SitePage.ShouldSayAsync(gate.Page.Locator("[data-note-offline]"), "The node does not answer.");
        (await gate.ScanAsync(await CodeAsync())).Should().Be("already_redeemed", "a gate that is offline does not wait for the node");
        await gate.Page.Context.UnrouteAllAsync();
        await page.Clock.RunForAsync(8_000);
        await page.Clock.ResumeAsync();
        await Assertions.Expect(gate.Line).ToHaveTextAsync("Online");
        await ShouldBeInAsync(gate, World.Tickets[0]);
        gate.Site.ShouldBeCalm();

        // As old as none by the page's clock.
        async Task<string> CodeAsync() => World.Code(World.Tickets[0], age: (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - await page.EvaluateAsync<long>("() => Math.floor(Date.now() / 1000)")));
    }

    [SkippableFact]
    public async Task A_device_that_is_listed_no_more_lets_nobody_in_and_says_so()
    {
        var gate = await OpenAsync();
        await gate.PairAsync();
        var older = await (await Site.NodeAsync()).Client.GetStringAsync($"/gate/roster?event_id={World.Event}");
        await World.ListAsync();
        await gate.SyncAsync();

        await SitePage.ShouldSayAsync(gate.Page.Locator("[data-note-event]"), "does not list this device");
        (await gate.ScanAsync(World.Code(World.Tickets[0]))).Should().Be("wrong_event");
        await gate.Page.Keyboard.PressAsync("Escape");

        // The list before is signed, too, but older: a person may insist. The moment that a node names is what its clock is compared with.
        await gate.Page.RouteAsync("**/gate/roster?*", route => route.FulfillAsync(new RouteFulfillOptions { Body = older, Headers = new Dictionary<string, string> { ["Date"] = DateTimeOffset.UtcNow.AddMinutes(2).ToString("R") } }));
        await gate.OpenSettingsAsync();
        await gate.Site.Button("Update the list").ClickAsync();
        await SitePage.ShouldSayAsync(gate.Page.Locator("[data-menu-state]"), "older than the one here");
        await gate.Page.Context.SetOfflineAsync(true);
        await gate.Page.Context.SetOfflineAsync(false);
        await Assertions.Expect(gate.Page.Locator("[data-note-list]")).ToContainTextAsync("older than the one here");
        await gate.Site.Button("Fetch the whole list again").ClickAsync();
        await SitePage.ShouldSayAsync(gate.Page.Locator("[data-menu-state]"), "The list is up to date");
        await gate.CloseSettingsAsync();
        await Assertions.Expect(gate.Page.Locator("[data-note-event]")).ToHaveTextAsync("");
        await Assertions.Expect(gate.Page.Locator("[data-note-clock]")).ToContainTextAsync(new Regex("1[12][0-9] s behind"));
        await gate.Page.UnrouteAllAsync();
        await World.CancelAsync();
        await gate.SyncAsync();
        await SitePage.ShouldSayAsync(gate.Page.Locator("[data-note-event]"), "The organiser cancelled the event");
        (await gate.ScanAsync(World.Code(World.Tickets[0]))).Should().Be("wrong_event");
        await gate.Page.Context.SetOfflineAsync(true);
        (await gate.ScanAsync(World.Code(World.Tickets[0]))).Should().Be("wrong_event");
        gate.Site.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task In_the_dark_and_in_French_it_is_all_the_same()
    {
        await Chromium.NewPageAsync();
        var page = new SitePage(await Chromium.AnotherPageAsync(new BrowserNewContextOptions { Locale = "fr-CH", ColorScheme = ColorScheme.Dark }), await Site.UrlAsync());
        await page.OpenAsync("/entrance?pair=7k2m-q4wd-9xtb");
        await SitePage.ShouldSayAsync(page.Page.Locator("h1:visible"), "Faire de cet appareil un contrôle");
        await Assertions.Expect(page.Field("Code d’appairage")).ToHaveValueAsync("7K2M-Q4WD-9XTB");
        page.Page.Url.Should().EndWith("/entrance", "a code is no address to keep");
        await page.ShowAsync("entrance-fr-dark");
        await page.Page.EvaluateAsync("async () => { await navigator.serviceWorker.ready; }");

        // The language is chosen without a network too.
        await page.Page.Context.SetOfflineAsync(true);
        await page.Link("English").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("h1:visible"), "Make this device a gate");

        // What is chosen here holds for the other pages, and what is chosen there for the one that is kept.
        await page.Page.Context.SetOfflineAsync(false);
        await page.Link("Français").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("h1:visible"), "Faire de cet appareil un contrôle");
        await page.Link("English").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("h1:visible"), "Make this device a gate");
        await page.OpenAsync("/sale");
        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await page.Link("Français").ClickAsync();
        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("lang", "fr");
        await page.Page.Context.SetOfflineAsync(true);
        await page.Page.GotoAsync($"{page.Server}/entrance");
        await SitePage.ShouldSayAsync(page.Page.Locator("h1:visible"), "Faire de cet appareil un contrôle");
        page.ShouldBeCalm();
    }

    private static async Task ShouldHaveHeardAsync(IPage page, double[] tones, int[] shakes)
    {
        (await page.EvaluateAsync<double[]>("() => heard.splice(0)")).Should().Equal(tones);
        (await page.EvaluateAsync<int[]>("() => felt.splice(0)")).Should().Equal(shakes);
    }

    // The node counts what waits for a block. Where it took more than two seconds to answer the gate went on without it, and tells it afterwards.
    private async Task ShouldBeInAsync(EntranceGate gate, string ticket)
    {
        await Assertions.Expect(gate.Unsent).ToBeHiddenAsync();
        (await World.JudgeAsync(World.Code(ticket), gate.Address)).Should().Be("already_redeemed");
    }
}
