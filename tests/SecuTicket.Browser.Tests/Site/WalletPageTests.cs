using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>Wallets of a browser: made, kept, brought elsewhere, given up.</summary>
[Collection(SecondChromium.Name)]
[Trait("Length", "longer")]
public sealed class WalletPageTests(ChromiumFixture chromium, SiteFixture site)
{
    private const string Passphrase = "correct horse battery";

    [SkippableFact]
    public async Task A_browser_key_comes_back_in_another_browser_by_its_backup_and_no_other_way()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var other = new SitePage(await chromium.AnotherPageAsync(new BrowserNewContextOptions()), await site.UrlAsync());
        await page.OpenAsync("/wallet");
        var form = page.Page.Locator("form[data-create=browser]");
        await form.GetByLabel("Name").FillAsync("Anna");
        await form.GetByLabel("Passphrase").FillAsync("short");
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("#browser-error"), "8 characters or more");
        await form.GetByLabel("Passphrase").FillAsync(Passphrase);

        var download = await page.Page.RunAndWaitForDownloadAsync(() => form.GetByRole(AriaRole.Button).ClickAsync());
        var backup = await File.ReadAllTextAsync(await download.PathAsync());
        await Assertions.Expect(page.Page.Locator("[data-address]").First).ToHaveTextAsync(new Regex("^0x"));
        var address = await page.Page.Locator("[data-address]").First.InnerTextAsync();
        await Assertions.Expect(form.GetByLabel("Name")).ToHaveValueAsync("");
        var again = await page.Page.RunAndWaitForDownloadAsync(() => page.Button("Save the backup again").ClickAsync());
        (await File.ReadAllTextAsync(await again.PathAsync())).Should().Be(backup);
        await page.Button("Remove: Anna").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-remove-why]"), "Only the backup file and its passphrase bring it back.");

        await other.OpenAsync("/wallet");
        await other.Page.GetByText("I have a backup file").ClickAsync();
        await RestoreAsync(other, null, Passphrase);
        await SitePage.ShouldSayAsync(other.Page.Locator("#restore-file-error"), "Choose a file first");
        foreach (var broken in new[] { "no json", "[]", """{"format":"secuticket-wallet-1"}""", backup.Replace("\"public_key\": \"04", "\"public_key\": \"05", StringComparison.Ordinal) })
        {
            await RestoreAsync(other, broken, Passphrase);
            await SitePage.ShouldSayAsync(other.Page.Locator("#restore-file-error"), "not a backup");
        }

        await RestoreAsync(other, backup + new string(' ', 16 * 1024), Passphrase);
        await SitePage.ShouldSayAsync(other.Page.Locator("#restore-file-error"), "not a backup");
        await RestoreAsync(other, backup, "another passphrase");
        await SitePage.ShouldSayAsync(other.Page.Locator("#restore-passphrase-error"), "not the passphrase");
        await RestoreAsync(other, backup, Passphrase);
        await SitePage.ShouldSayAsync(other.Page.Locator("[data-said]"), "back");
        await Assertions.Expect(other.Page.Locator("[data-address]").First).ToHaveTextAsync(address);
        foreach (var field in new[] { "file", "passphrase" }) await Assertions.Expect(other.Page.Locator($"#restore-{field}")).ToHaveValueAsync("");

        // It signs.
        await other.Button("Allow").ClickAsync();
        await SitePage.ShouldSayAsync(other.Page.Locator("[data-said]"), "may write to you");
        await other.Button("Read messages").ClickAsync();
        await SitePage.ShouldSayAsync(other.Page.Locator("[data-said]"), "There are no messages.");
        await other.Page.RouteAsync("**/messages?*", route => route.FulfillAsync(new RouteFulfillOptions { Body = """{"items":[{"subject":"Doors","text":"At six.","event_name":"Élans","at":"2027-06-15T18:00:00.000Z"}],"next":null}""" }));
        await other.Button("Read messages").ClickAsync();
        foreach (var text in new[] { "Doors", "Élans", "At six." }) await SitePage.ShouldSayAsync(other.Page.Locator("[data-letters]"), text);
        await other.Button("Stop and erase").ClickAsync();
        await Assertions.Expect(other.Page.Locator("[data-letters] li")).ToHaveCountAsync(0);
        await SitePage.ShouldSayAsync(other.Page.Locator("[data-said]"), "Nobody writes to you any more");
        page.ShouldBeCalm();
        other.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task An_account_is_added_by_its_address_and_secret_and_each_field_says_what_is_wrong_with_it()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var stage = await SaleStage.OpenAsync(site, ["A-1"]);
        var (wallet, secret) = await stage.KeptAsync();
        await stage.EquipAsync(page);
        await page.OpenAsync("/wallet");
        await page.Page.GetByText("I have an account and its secret").ClickAsync();

        foreach (var (address, typed, field, says) in new[]
        {
            ("", secret, "address", "Type something here"),
            ("0x12", secret, "address", "0x and 40 digits"),
            (WrongChecksum(wallet.Id), secret, "address", "typing error"),
            (wallet.Id, "12ab", "secret", "64 digits"),
            (wallet.Id, new string('0', 64), "secret", "not the secret of that account"),
            (stage.Gate.Id, secret, "secret", "does not keep an account of this address"),
        })
        {
            await ImportAsync(page, address, typed);
            await SitePage.ShouldSayAsync(page.Page.Locator($"#import-{field}-error"), says);
            await Assertions.Expect(page.Page.Locator($"#import-{field}")).ToHaveAttributeAsync("aria-invalid", "true");
            await Assertions.Expect(page.Page.Locator($"#import-{field}")).ToBeFocusedAsync();
        }

        await Assertions.Expect(page.Page.Locator(".wallet")).ToHaveCountAsync(1);
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-name]"), "Anna");

        await page.ShowAsync("wallet-wrong");
        await ImportAsync(page, $" {wallet.Id} ", $" {secret.ToUpperInvariant()}");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-name]"), "Kept account");
        foreach (var field in new[] { "address", "secret" }) await Assertions.Expect(page.Page.Locator($"#import-{field}")).ToHaveValueAsync("");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-balance]"), "1,000.00 EUR");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task What_is_answered_late_about_a_wallet_says_nothing_of_the_one_that_was_chosen_since()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var stage = await SaleStage.OpenAsync(site, ["A-1"]);
        var ((rich, richSecret), (poor, poorSecret)) = (await stage.KeptAsync(), await stage.KeptAsync(money: 100));
        await stage.BuyAsync(rich, stage.Tickets[0]);
        await SaleStage.EquipAsync(page, rich, richSecret, "Rich");
        await SaleStage.EquipAsync(page, poor, poorSecret, "Poor");
        await page.OpenAsync("/wallet");
        var (name, balance) = (page.Page.Locator("[data-name]"), page.Page.Locator("[data-balance]"));
        await SitePage.ShouldSayAsync(balance, "1.00 EUR");

        var mayAnswer = new TaskCompletionSource();
        await page.Page.RouteAsync($"**/accounts/{rich.Id}**", async route =>
        {
            await mayAnswer.Task;
            await route.ContinueAsync();
        });
        await page.Button("Use: Rich").ClickAsync();
        await SitePage.ShouldSayAsync(name, "Rich");
        await page.Button("Use: Poor").ClickAsync();
        await SitePage.ShouldSayAsync(name, "Poor");
        await SitePage.ShouldSayAsync(balance, "1.00 EUR");

        // The last that is asked about the rich one is what event the ticket is of.
        await page.Page.RunAndWaitForResponseAsync(
            () =>
            {
                mayAnswer.SetResult();
                return Task.CompletedTask;
            },
            $"**/events/{stage.EventId}*");
        await page.Page.EvaluateAsync("async (id) => { await (await fetch(`/events/${id}`)).json(); }", stage.EventId);
        (await balance.InnerTextAsync()).Should().Be("1.00 EUR");
        (await page.Page.Locator("[data-tickets] > li").CountAsync()).Should().Be(0);
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Wallets_are_made_of_three_kinds_chosen_renamed_and_removed_after_a_warning()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.AddAuthenticatorAsync();
        await page.OpenAsync("/wallet");
        await page.ShowAsync("wallet-none");

        await page.Button("Create a passkey").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-name]"), "Passkey");
        await page.Button("Create a key").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-name]"), "Browser key");
        await page.Button("Open an account").ClickAsync();
        var secret = page.Page.Locator("[data-secret-text]");
        await Assertions.Expect(secret).ToHaveTextAsync(new Regex("^[0-9a-f]{64}$"));
        for (var i = 0; i < 4; i++) await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(secret).ToBeVisibleAsync();
        await page.Page.EvaluateAsync("() => document.querySelector('dialog[data-secret]').removeAttribute('closedby')");
        for (var i = 0; i < 4; i++) await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(secret).ToBeVisibleAsync();
        await Assertions.Expect(secret).ToHaveTextAsync(new Regex("^[0-9a-f]{64}$"));
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Button("Save as a file").ClickAsync());
        (await File.ReadAllTextAsync(await download.PathAsync())).Should().Contain(await secret.InnerTextAsync());
        await page.Button("I have it").ClickAsync();
        await Assertions.Expect(secret).ToHaveTextAsync("");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-name]"), "Kept account");
        await Assertions.Expect(page.Page.Locator(".wallet")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Page.Locator("[data-welcome]")).ToBeHiddenAsync();
        await page.Button("Rename: Kept account").ClickAsync();
        await Assertions.Expect(page.Field("New name")).ToBeFocusedAsync();
        await page.Field("New name").FillAsync("Evening");
        await page.Button("Save").First.ClickAsync();

        // Until then it has the first button of that name.
        await Assertions.Expect(page.Field("New name")).ToHaveCountAsync(0);
        await page.Button("Rename: Browser key").ClickAsync();
        await page.Button("Save").First.ClickAsync();
        await Assertions.Expect(page.Field("New name")).ToHaveCountAsync(0);
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-name]"), "Evening");
        await page.Button("Rename: Browser key").ClickAsync();
        await page.Field("New name").FillAsync("Half a na");
        await page.Button("Use: Passkey").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-wallet-chip]"), "Passkey");
        await SitePage.ShouldSayAsync(page.Page.Locator(".wallet:has(.badge.good)"), "Passkey");
        await Assertions.Expect(page.Page.Locator(".wallet:has(.badge.good) :focus")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Field("New name")).ToHaveValueAsync("Half a na");
        await page.Field("New name").FillAsync("Browser key");
        await page.Button("Save").ClickAsync();
        await Assertions.Expect(page.Field("New name")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Button("Save the backup again")).ToBeHiddenAsync();
        await page.ShowAsync("wallet-three");

        await page.Button("Remove: Browser key").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-remove-why]"), "lost for ever");
        await page.Button("Keep it").ClickAsync();
        await Assertions.Expect(page.Page.Locator(".wallet")).ToHaveCountAsync(3);
        await page.Button("Remove: Evening").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-remove-why]"), "Only its address and its secret");
        await page.Button("Remove it").ClickAsync();
        await Assertions.Expect(page.Page.Locator(".wallet")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Page.Locator("#all")).ToBeFocusedAsync();

        // What was answered about another wallet is no answer for this one.
        await page.Button("Remove: Passkey").ClickAsync();
        await Assertions.Expect(page.Page.Locator("dialog[data-remove]")).ToBeVisibleAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Page.Locator("dialog[data-remove]")).ToBeHiddenAsync();
        (await page.Page.EvaluateAsync<int>("async () => { await new Promise((go) => setTimeout(go)); return (await (await import('/web/js/wallets.js')).wallets()).length; }")).Should().Be(2);
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_passkeys_account_is_told_to_another_browser_by_a_link()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var other = new SitePage(await chromium.AnotherPageAsync(new BrowserNewContextOptions()), await site.UrlAsync());
        await page.AddAuthenticatorAsync();
        await page.OpenAsync("/wallet");
        await page.Button("Create a passkey").ClickAsync();
        var address = page.Page.Locator("[data-address]").First;
        await Assertions.Expect(address).ToContainTextAsync("0x");
        await page.Page.EvaluateAsync("() => { navigator.clipboard.writeText = async (text) => { globalThis.copied = text; }; }");
        await page.Button("Copy the address").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-said]"), "copied");
        (await page.Page.EvaluateAsync<string>("() => copied")).Should().Be(await address.InnerTextAsync());
        await page.Page.GetByText("Use this passkey on another device").ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Img, new PageGetByRoleOptions { Name = "Link to this passkey’s account" })).ToBeVisibleAsync();

        var link = (await page.Link("Link").GetAttributeAsync("href"))!;
        await other.OpenAsync("/wallet");
        await Assertions.Expect(other.Page.Locator(".wallet-room.known")).ToBeVisibleAsync();

        // Where the page is open already it is not loaded again.
        await other.Page.EvaluateAsync("(link) => { location.href = link; }", link);
        await Assertions.Expect(other.Button("Add it to this browser")).ToBeInViewportAsync();
        await other.Page.EvaluateAsync("() => { location.href = '/wallet#add'; }");
        await other.Button("Add it to this browser").ClickAsync();

        await Assertions.Expect(other.Page.Locator("[data-address]").First).ToHaveTextAsync(await address.InnerTextAsync());
        other.Page.Url.Should().EndWith("/wallet");
        await Assertions.Expect(other.Page.Locator("[data-offered]")).ToBeHiddenAsync();
        page.ShouldBeCalm();
        other.ShouldBeCalm();
    }

    // The first letter that is one has the other case.
    private static string WrongChecksum(string address)
    {
        var letter = address.IndexOfAny([.. "abcdefABCDEF"], 2);
        var turned = char.IsUpper(address[letter]) ? char.ToLowerInvariant(address[letter]) : char.ToUpperInvariant(address[letter]);
        return $"{address[..letter]}{turned}{address[(letter + 1)..]}";
    }

    [SkippableFact]
    public async Task What_is_in_the_browser_is_replaced_by_nothing_that_somebody_types_or_sends()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var stage = await SaleStage.OpenAsync(site, ["A-1"]);
        var (wallet, secret) = await stage.KeptAsync();
        var address = await stage.EquipAsync(page);
        await SaleStage.EquipAsync(page, wallet, secret);
        var key = await page.Page.EvaluateAsync<string>("async () => (await (await import('/web/js/wallets.js')).wallets())[0].public_key");

        // A link from another device, made by anybody who knows a public key, opened where the key is.
        await page.OpenAsync($"/wallet#passkey=AAAAAAAAAAAAAAAAAAAAAA.{key}");
        await page.Button("Add it to this browser").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-said]"), "in this browser already");

        // A wrong secret, one that can not be tried, and the right one once more.
        await page.Page.GetByText("I have an account and its secret").ClickAsync();
        await ImportAsync(page, address, new string('0', 64));
        await SitePage.ShouldSayAsync(page.Page.Locator("#import-secret-error"), "does not keep an account of this address");
        await ImportAsync(page, wallet.Id, new string('0', 64));
        await SitePage.ShouldSayAsync(page.Page.Locator("#import-secret-error"), "not the secret of that account");
        await page.Page.RouteAsync("**/messages?limit=1", route => route.AbortAsync());
        await ImportAsync(page, wallet.Id, secret);
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-said]"), "The node does not answer");
        await Assertions.Expect(page.Page.Locator("#import-secret-error")).ToHaveTextAsync("");
        await page.Page.UnrouteAllAsync();
        await ImportAsync(page, wallet.Id, secret);
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-said]"), "in this browser already");

        (await page.Page.EvaluateAsync<string>(
            """
            async () => {
              const { wallets, signerOf } = await import("/web/js/wallets.js");
              const { askSigned } = await import("/web/js/ledger.js");
              const all = await wallets();
              for (const one of all) await askSigned("GET", `/accounts/${one.address}/messages?limit=1`, undefined, signerOf(one));
              return all.map((one) => one.kind).join();
            }
            """)).Should().Be("browser,kept");
    }

    [SkippableFact]
    public async Task What_a_wallet_holds_is_not_said_to_be_nothing_where_nobody_knows()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var stage = await SaleStage.OpenAsync(site, ["A-1"]);
        var address = await stage.EquipAsync(page);
        await page.OpenAsync("/wallet");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-balance]"), "1,000.00 EUR");
        await page.Page.RouteAsync($"**/accounts/{address}?*", route => route.AbortAsync());

        await page.Button("Remove: Anna").ClickAsync();

        await SitePage.ShouldSayAsync(page.Page.Locator("[data-remove-what]"), "could not be read");
    }

    [SkippableFact]
    public async Task What_one_wallet_has_is_not_shown_under_another_whose_node_says_nothing()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var stage = await SaleStage.OpenAsync(site, ["A-1"]);
        await stage.EquipAsync(page);
        var (wallet, secret) = await stage.KeptAsync();
        await stage.BuyAsync(wallet, stage.Tickets[0]);
        await SaleStage.EquipAsync(page, wallet, secret);
        await page.OpenAsync("/wallet");
        await Assertions.Expect(page.Page.Locator("[data-tickets] li")).ToHaveCountAsync(1);
        await page.Page.RouteAsync("**/accounts/**", route => route.AbortAsync());

        await page.Button("Use: Anna").ClickAsync();

        await SitePage.ShouldSayAsync(page.Page.Locator("[data-name]"), "Anna");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-balance]"), "–");
        await Assertions.Expect(page.Page.Locator("[data-tickets] li")).ToHaveCountAsync(0);
    }

    [SkippableFact]
    public async Task Of_two_wallets_whose_removal_is_asked_for_at_once_one_goes_at_the_most()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var stage = await SaleStage.OpenAsync(site, ["A-1"]);
        var ((slow, slowSecret), (fast, fastSecret)) = (await stage.KeptAsync(), await stage.KeptAsync(money: 100));
        await SaleStage.EquipAsync(page, slow, slowSecret, "Slow");
        await SaleStage.EquipAsync(page, fast, fastSecret, "Fast");
        await page.OpenAsync("/wallet");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-balance]"), "1.00 EUR");
        var (what, dialog) = (page.Page.Locator("[data-remove-what]"), page.Page.Locator("dialog[data-remove]"));
        var mayAnswer = new TaskCompletionSource();
        await page.Page.RouteAsync($"**/accounts/{slow.Id}?*", async route =>
        {
            await mayAnswer.Task;
            await route.ContinueAsync();
        });

        await page.Button("Remove: Slow").ClickAsync();
        await page.Button("Remove: Fast").ClickAsync();
        await SitePage.ShouldSayAsync(what, "Fast");
        await page.Page.RunAndWaitForResponseAsync(
            () =>
            {
                mayAnswer.SetResult();
                return Task.CompletedTask;
            },
            $"**/accounts/{slow.Id}?*");
        await Assertions.Expect(page.Page.Locator("button", new PageLocatorOptions { HasText = "Remove" }).And(page.Page.Locator("[aria-busy]"))).ToHaveCountAsync(0);
        await SitePage.ShouldSayAsync(what, "Fast");
        await page.Button("Remove it").ClickAsync();

        await Assertions.Expect(dialog).ToBeHiddenAsync();
        await Assertions.Expect(page.Page.Locator(".wallet")).ToHaveCountAsync(1);
        await SitePage.ShouldSayAsync(page.Page.Locator(".wallet"), "Slow");
        (await page.Page.EvaluateAsync<string>("async () => (await (await import('/web/js/wallets.js')).wallets()).map((one) => one.name).join()")).Should().Be("Slow");

        // The last one leaves no list behind.
        await page.Button("Remove: Slow").ClickAsync();
        await page.Button("Remove it").ClickAsync();
        await Assertions.Expect(page.Page.Locator("[data-welcome]")).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator("#add")).ToBeFocusedAsync();
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Messages_of_one_account_are_not_shown_under_another()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var stage = await SaleStage.OpenAsync(site, ["A-1"]);
        var (wallet, secret) = await stage.KeptAsync();
        await stage.EquipAsync(page);
        await SaleStage.EquipAsync(page, wallet, secret);
        await page.OpenAsync("/wallet");
        await page.Page.RouteAsync("**/messages?*", route => route.FulfillAsync(new RouteFulfillOptions { Body = """{"items":[{"subject":"For your eyes","text":"At six.","event_name":"Élans","at":"2027-06-15T18:00:00.000Z"}],"next":null}""" }));
        await page.Button("Read messages").ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-letters]"), "For your eyes");

        await page.Button("Rename: Kept").ClickAsync();
        await page.Field("New name").FillAsync("Evening");
        await page.Button("Save").First.ClickAsync();
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-name]"), "Evening");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-letters]"), "For your eyes");
        await page.Button("Use: Anna").ClickAsync();

        await Assertions.Expect(page.Page.Locator("[data-letters] li")).ToHaveCountAsync(0);
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_browser_that_keeps_nothing_is_told_so()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.Page.AddInitScriptAsync(
            """
            const refuse = () => { throw new DOMException("denied", "SecurityError"); };
            IDBFactory.prototype.open = refuse;
            globalThis.BroadcastChannel = class { constructor() { refuse(); } };
            Object.defineProperty(globalThis, "localStorage", { get: refuse });
            """);
        await page.OpenAsync("/wallet");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-said]"), "This browser keeps nothing for this site");
        var accounts = 0;
        page.Page.Request += (_, request) => accounts += request.Method == "POST" ? 1 : 0;

        foreach (var make in new[] { "Create a key", "Open an account" })
        {
            await page.Page.EvaluateAsync("() => document.querySelector('[data-said]').replaceChildren()");
            await page.Button(make).ClickAsync();
            await SitePage.ShouldSayAsync(page.Page.Locator("[data-said]"), "This browser keeps nothing for this site");
        }

        accounts.Should().Be(0, "nobody would have the secret of an account that was made then");
        await SitePage.ShouldSayAsync(page.Page.Locator("[data-wallet-chip]"), "No wallet yet");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Under_an_address_of_numbers_no_passkey_is_offered()
    {
        var page = new SitePage(await chromium.NewPageAsync(), (await site.UrlAsync()).Replace("localhost", "127.0.0.1", StringComparison.Ordinal));

        await page.OpenAsync("/wallet");

        await Assertions.Expect(page.Button("Create a passkey")).ToHaveAttributeAsync("aria-disabled", "true");
        page.ShouldBeCalm();
    }

    private static async Task ImportAsync(SitePage page, string address, string secret)
    {
        await page.Page.Locator("#import-address").FillAsync(address);
        await page.Page.Locator("#import-secret").FillAsync(secret);
        await page.Button("Add the account").ClickAsync();
    }

    private static async Task RestoreAsync(SitePage page, string? backup, string passphrase)
    {
        if (backup is not null) await page.Page.Locator("#restore-file").SetInputFilesAsync(new FilePayload { Name = "backup.json", MimeType = "application/json", Buffer = System.Text.Encoding.UTF8.GetBytes(backup) });
        await page.Page.Locator("#restore-passphrase").FillAsync(passphrase);
        await page.Button("Restore the wallet").ClickAsync();
    }
}
