using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>The scripts that compute the chain's hashes in the browser, against the vectors of docs/protocol.md.</summary>
[Collection(SharedChromium.Name)]
public sealed class ChainScriptTests(ChromiumFixture chromium, SiteFixture site)
{
    private static readonly Dictionary<string, string> Printed = Blocks(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "protocol.md"))).ToDictionary();

    [SkippableFact]
    public async Task Headers_leaves_trees_and_paths_are_those_of_the_protocol()
    {
        var page = await OpenAsync();

        for (var count = 0; count <= 8; count++) (await page.EvaluateAsync<string>("n => block.hexOf(block.rootOf(leaves(n)))", count)).Should().Be(Printed[$"merkle.{count}"]);
        foreach (var (name, steps) in Printed.Where(vector => vector.Key.StartsWith("path.", StringComparison.Ordinal)))
        {
            var (count, index) = (int.Parse(name.Split('.')[1]), int.Parse(name.Split('.')[2]));
            const string climb = "([steps, i, n]) => { const root = block.climb(leaves(n)[i], i, n, steps.split(' ').map(one => ({ side: one[0] === 'L' ? 'left' : 'right', hash: one.slice(1) }))); return root && block.hexOf(root); }";
            (await page.EvaluateAsync<string?>(climb, new object[] { steps, index, count })).Should().Be(Printed[$"merkle.{count}"], name);
            (await page.EvaluateAsync<string?>(climb, new object[] { $"{steps} {steps}", index, count })).Should().BeNull("a path with more steps leads nowhere");
            (await page.EvaluateAsync<string?>(climb, new object[] { steps.Replace('L', '?').Replace('R', 'L').Replace('?', 'R'), index, count })).Should().BeNull("a partner on the other side leads nowhere");
        }

        foreach (var header in new[] { "header", "stake.header" })
        {
            (await page.EvaluateAsync<string>("bytes => block.hexOf(block.writeHeader(block.readHeader(bytesOf(bytes))))", Printed[header == "header" ? "header.bytes" : header])).Should().Be(Printed[header == "header" ? "header.bytes" : header]);
            (await page.EvaluateAsync<string>("bytes => block.hexOf(hash.sha256(bytesOf(bytes)))", Printed[header == "header" ? "header.bytes" : header])).Should().Be(Printed[$"{header}.hash"]);
        }

        (await page.EvaluateAsync<int>("bytes => block.search(bytesOf(bytes), 16, 0, 100).nonce", Printed["header.bytes"])).Should().Be(0x2d);
        (await page.EvaluateAsync<int>("hash => block.leadingZeroBits(bytesOf(hash))", Printed["header.hash"])).Should().Be(16);
        (await page.EvaluateAsync<string>("([event]) => block.ticketOf(event, 0, 'A-1')", new object[] { Printed["id.event"] })).Should().Be(Printed["id.ticket"]);
    }

    [SkippableFact]
    public async Task Transactions_addresses_and_signatures_are_those_of_the_vectors()
    {
        var page = await OpenAsync();

        for (var key = 0; key < 3; key++) (await page.EvaluateAsync<string>("key => block.addressOf(key)", Printed[$"key.{key}.public"])).Should().Be(Printed[$"key.{key}.address"].ToLowerInvariant());

        var signature = new { scheme = "p256", public_key = Printed["signature.public_key"], signature = Printed["signature.sample"] };
        (await page.EvaluateAsync<string>("one => block.hexOf(block.signatureList([one]))", signature)).Should().Be(Printed["transaction.signature_list"]);
        (await page.EvaluateAsync<string>("([id, one]) => block.hexOf(block.leafOf(bytesOf(id), hash.sha256(block.signatureList([one]))))", new object[] { Printed["id.transaction"], signature })).Should().Be(Printed["transaction.leaf"]);
        (await IsSignedAsync(page, signature, Printed["id.payload"])).Should().BeTrue();
        (await IsSignedAsync(page, signature, Printed["id.payload"] + " ")).Should().BeFalse();
        (await IsSignedAsync(page, signature with { public_key = Printed["key.1.public"] }, Printed["id.payload"])).Should().BeFalse();
        (await IsSignedAsync(page, signature with { public_key = $"04{new string('1', 128)}" }, Printed["id.payload"])).Should().BeFalse("that is no point of the curve");
        (await IsSignedAsync(page, signature with { signature = signature.signature[..64] + HighOf(signature.signature[64..]) }, Printed["id.payload"])).Should().BeFalse("the chain takes the low s only");
    }

    [SkippableFact]
    public async Task A_passkeys_signature_is_read_as_the_protocol_says()
    {
        var page = await OpenAsync();
        var client = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(Printed["webauthn.client_data"]));
        var signature = new { scheme = "webauthn", public_key = Printed["webauthn.public_key"], signature = Printed["webauthn.sample"], authenticator_data = Printed["webauthn.authenticator_data"], client_data_json = client };

        (await page.EvaluateAsync<string>("one => block.hexOf(block.signatureList([one]))", signature)).Should().Be(Printed["webauthn.signature_list"]);
        (await page.EvaluateAsync<string>("([id, one]) => block.hexOf(block.leafOf(bytesOf(id), hash.sha256(block.signatureList([one]))))", new object[] { Printed["id.transaction"], signature })).Should().Be(Printed["webauthn.leaf"]);
        (await IsSignedAsync(page, signature, Printed["id.payload"])).Should().BeTrue();
        (await IsSignedAsync(page, signature, Printed["id.payload"] + " ")).Should().BeFalse();
        (await IsSignedAsync(page, signature with { authenticator_data = signature.authenticator_data[..^2] + "01" }, Printed["id.payload"])).Should().BeFalse("the counter is signed, too");
    }

    [SkippableFact]
    public async Task What_an_assertion_says_must_be_so()
    {
        var page = await OpenAsync();

        // Each says one thing wrong; a signature over it would be right.
        foreach (var (origin, flags, extensions, isRight) in new[]
        {
            ("https://tickets.example", "1d", "", true), ("https://a.tickets.example:8443", "01", "", true), ("https://tickets.example", "81", "a0", true),
            ("https://tickets.example", "00", "", false), ("https://tickets.example", "11", "", false), ("https://tickets.example", "41", "", false), ("https://tickets.example", "81", "", false), ("https://tickets.example", "01", "a0", false),
            ("http://tickets.example", "01", "", false), ("https://tickets.example:443", "01", "", false), ("https://tickets.example/", "01", "", false), ("https://eviltickets.example", "01", "", false), ("https://example", "01", "", false),
            ("https://tickets.example\",\"crossOrigin\":true,\"x\":\"", "01", "", false), ("https://tickets.example\",\"topOrigin\":\"https://tickets.example", "01", "", false), ("https://tickets.example\",\"type\":\"webauthn.create", "01", "", false),
        })
        {
            var client = $$"""{"type":"webauthn.get","challenge":"Tk3FPPEaySISqCj83B8ClSZlCtJxnijx5ocfvT_r70k","origin":"{{origin}}"}""";
            var read = await page.EvaluateAsync<bool>(
                "async ([authenticator, client, challenge]) => (await import('/web/js/explorer/passkey.js')).isAssertionOf(bytesOf(authenticator), block.utf8(client), bytesOf(challenge))",
                new[] { $"{Printed["webauthn.authenticator_data"][..64]}{flags}00000000{extensions}", client, Printed["webauthn.challenge"] });
            read.Should().Be(isRight, "{0} {1} {2}", origin, flags, extensions);
        }
    }

    private static Task<bool> IsSignedAsync(IPage page, object signature, string payload) => page.EvaluateAsync<bool>("([one, text]) => block.isSignedBy(one, block.utf8(text))", new[] { signature, payload });

    private static string HighOf(string s)
    {
        var order = System.Numerics.BigInteger.Parse("0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", System.Globalization.NumberStyles.HexNumber);
        return (order - System.Numerics.BigInteger.Parse("0" + s, System.Globalization.NumberStyles.HexNumber)).ToString("x64")[^64..];
    }

    private async Task<IPage> OpenAsync()
    {
        var page = await chromium.NewPageAsync();
        await page.GotoAsync($"{await site.UrlAsync()}/explorer/search");
        await page.EvaluateAsync(
            """
            async () => {
              globalThis.block = await import("/web/js/explorer/block.js");
              globalThis.hash = await import("/web/js/explorer/hash.js");
              globalThis.bytesOf = (await import("/web/js/signature.js")).bytesOf;
              globalThis.leaves = (count) => Array.from({ length: count }, (_, i) => hash.sha256(Uint8Array.of(i)));
            }
            """);
        return page;
    }

    // Lines "name = value" of the page's blocks of vectors.
    private static IEnumerable<KeyValuePair<string, string>> Blocks(string[] lines)
    {
        var isVector = false;
        foreach (var line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) isVector = line == "```vector";
            else if (isVector && line.Split(" = ", 2) is [var name, var value]) yield return KeyValuePair.Create(name, value);
        }
    }
}
