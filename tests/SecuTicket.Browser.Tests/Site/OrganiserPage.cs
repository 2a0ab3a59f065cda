using System.Text.Json;
using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>The browser of somebody who organises, buys or stands at a gate: it has a wallet, and signs by the scripts of the site.</summary>
internal sealed class OrganiserPage(IPage page, string server)
{
    /// <summary>What is in it.</summary>
    public SitePage Site { get; } = new(page, server);

    /// <summary>Makes a wallet and chooses it.</summary>
    /// <returns>Its address.</returns>
    public async Task<string> CreateWalletAsync(string name)
    {
        await Site.OpenAsync("/organise");
        return await page.EvaluateAsync<string>("async (name) => (await (await import('/web/js/wallets.js')).createKept(name)).wallet.address", name);
    }

    /// <summary>Opens the form of a new event, and waits until it can be filled in.</summary>
    public static async Task OpenNewAsync(SitePage desk)
    {
        await desk.OpenAsync("/organise/new");
        await desk.Page.Locator("form.flow:not([inert])").WaitForAsync();
        await Assertions.Expect(desk.Page.Locator("#f-time-zone")).Not.ToHaveValueAsync("");
    }

    /// <summary>Types into a field of a form, and leaves it.</summary>
    public static async Task TypeAsync(IPage page, string field, string text)
    {
        var place = page.Locator($"#f-{field.Replace('_', '-')}");
        await place.FillAsync(text);
        await place.BlurAsync();
    }

    /// <summary>Signs a transaction and waits until it is in a block.</summary>
    public Task<JsonElement> WriteAsync(string route, object fields) => SignAsync("(await ledger.write(asked.route, asked.fields, signer, { wait: 20 }))", new { route, fields });

    /// <summary>Sends a request that proves who asks.</summary>
    public Task<JsonElement> AskAsync(string method, string path, object body) => SignAsync("(await ledger.askSigned(asked.method, asked.path, asked.body, signer))", new { method, path, body });

    private async Task<JsonElement> SignAsync(string call, object asked)
    {
        var script = $$"""
            async (text) => {
              const asked = JSON.parse(text);
              const [ledger, wallets] = await Promise.all([import('/web/js/ledger.js'), import('/web/js/wallets.js')]);
              const signer = wallets.signerOf(await wallets.chosen());
              return JSON.stringify({{call}});
            }
            """;
        return JsonDocument.Parse(await page.EvaluateAsync<string>(script, JsonSerializer.Serialize(asked))).RootElement;
    }
}
