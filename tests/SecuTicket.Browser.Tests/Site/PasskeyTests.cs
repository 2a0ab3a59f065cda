using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What Chromium and its authenticator write is what the node takes: transactions, signed requests and gate codes.</summary>
[Collection(SecondChromium.Name)]
[Trait("Length", "longer")]
public sealed class PasskeyTests(ChromiumFixture chromium, SiteFixture site)
{
    private const string NoTicket = "000102030405060708090a0b0c0d0e0f";

    [SkippableFact]
    public async Task A_passkey_of_a_browser_signs_transactions_requests_and_codes()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.OpenAsync("/");
        await page.AddAuthenticatorAsync();

        var told = await page.Page.EvaluateAsync<string[]>(
            $$"""
            async () => {
              const { createPasskeyWallet, remove, signerOf } = await import("/web/js/wallets.js");
              const { askSigned, post, read, write } = await import("/web/js/ledger.js");
              const { gateCode } = await import("/web/js/codes.js");
              const wallet = await createPasskeyWallet("Phone");
              const signer = signerOf(wallet);

              const written = await write("/transactions", { type: "record", data: { said: "by a touch" } }, signer, { wait: 30 });
              const kept = (await read(`/transactions/${written.transaction_id}`)).signatures[0];
              const { commitment } = await askSigned("PUT", `/accounts/${wallet.address}/identity`, { name: "Anna" }, signer);

              // Chromium adds a member now and then. Of a right code the node goes on to say that it knows no such ticket.
              const results = new Set();
              for (let i = 0; i < 12; i++) {
                const { text } = await gateCode(wallet, "{{NoTicket}}");
                results.add((await post("/gate/scan", { code: text, gate: wallet.address })).result);
              }

              const { text } = await gateCode(wallet, "{{NoTicket}}");
              const changed = text.slice(0, 60) + (text[60] === "0" ? "1" : "0") + text.slice(61);
              const forged = (await post("/gate/scan", { code: changed, gate: wallet.address })).result;
              await remove(wallet.address);
              return [written.status, kept.scheme, String(commitment.length), [...results].join(), forged, String((await read("/chain/validate")).valid)];
            }
            """);

        told.Should().Equal("confirmed", "webauthn", "64", "unknown", "invalid", "true");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task Who_does_not_touch_sends_nothing()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.OpenAsync("/");

        var told = await page.Page.EvaluateAsync<string>(
            """
            async () => {
              const { signWithPasskey } = await import("/web/js/passkeys.js");
              navigator.credentials.get = () => Promise.reject(new DOMException("no", "NotAllowedError"));
              return signWithPasskey({ public_key: "04", credential_id: "AA" }, new Uint8Array(32)).then(() => "signed", (fault) => fault.message);
            }
            """);

        told.Should().Contain("did not confirm");
    }

    [SkippableFact]
    public async Task Where_a_page_is_not_secure_no_passkey_is_offered_and_the_reason_is_said()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.Page.AddInitScriptAsync("Object.defineProperty(globalThis, 'isSecureContext', { value: false });");
        await page.OpenAsync("/wallet");
        await Assertions.Expect(page.Page.Locator(".wallet-room.known")).ToBeVisibleAsync();

        await page.Button("Create a passkey").ClickAsync(new LocatorClickOptions { Force = true });

        await Assertions.Expect(page.Button("Create a passkey")).ToHaveAttributeAsync("aria-disabled", "true");
        await SitePage.ShouldSayAsync(page.Page.Locator("form[data-create=passkey] [data-why]"), "Passkeys need https");
        (await page.Page.EvaluateAsync<string>("async () => (await import('/web/js/passkeys.js')).signWithPasskey({ credential_id: 'AA' }, new Uint8Array(32)).then(() => 'signed', (fault) => fault.constructor.name)")).Should().Be("SigningError");
        await Assertions.Expect(page.Page.Locator("[data-said]")).ToHaveTextAsync("");
        page.ShouldBeCalm();
    }
}
