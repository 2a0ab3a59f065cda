using Microsoft.Playwright;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>The scripts that compute the chain's hashes in the browser, against the vectors of docs/protocol.md.</summary>
[Collection(SecondChromium.Name)]
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

    // Each says one thing that is wrong, or nearly; a signature over it would be right.
    [SkippableFact]
    public async Task An_assertion_is_right_for_the_browser_exactly_when_it_is_for_Core()
    {
        Hash256.TryParse(Printed["webauthn.challenge"], out var challenge).Should().BeTrue();
        const string Host = "tickets.example";
        const string Origin = $"https://{Host}";
        var (label, start) = (new string('a', 63), $"{{\"type\":\"webauthn.get\",\"challenge\":\"{PasskeyAssertion.ChallengeOf(challenge)}\"");
        var plain = $"{start},\"origin\":\"{Origin}\"";
        (string Client, string Party, string Tail)[] said =
        [
            .. new (string Origin, string Party)[]
            {
                (Origin, Host), (Origin, "example"), (Origin, "ickets.example"), ($"https://a.b.{Host}:8443", Host), ("https://a.example", Host), ("https://eviltickets.example", Host), ("https://example", "example"),
                ($"{Origin}:443", Host), ($"{Origin}:80", Host), ($"{Origin}:65535", Host), ($"{Origin}:65536", Host), ($"{Origin}:0", Host), ($"{Origin}:0443", Host), ($"{Origin}:", Host), ($"{Origin}/", Host), ($"http://{Host}", Host),
                ("http://localhost", "localhost"), ("http://localhost:80", "localhost"), ("http://localhost:443", "localhost"), ("https://localhost", "localhost"), ("https://Tickets.example", "Tickets.example"),
                ("https://-a.example", "-a.example"), ("https://a-.example", "a-.example"), ("https://a-b.example", "a-b.example"), ("https://a..example", "a..example"), ("https://a.1b", "a.1b"), ("https://a.b1", "a.b1"), ("https://a.-b", "a.-b"),
                ($"https://{label}.a", $"{label}.a"), ($"https://{label}a.a", $"{label}a.a"), ($"https://{Labels(16)}", Labels(16)), ($"https://{Labels(17)}", Labels(17)), ($"https://{Long(247)}", Long(247)), ($"https://{Long(248)}", Long(248)), ("", ""),
            }.Select(one => ($"{start},\"origin\":\"{one.Origin}\"}}", one.Party, "1d00000000")),
            .. new[] { "0500000000", "0100000001", "0000000000", "1100000000", "4100000000", "8100000000", "01000000", "01", "", "0100000000a0", "81000000009f", "8100000000a0", "8100000000bf", "8100000000c0", $"8100000000{string.Concat(Enumerable.Repeat("a0", 218))}", $"8100000000{string.Concat(Enumerable.Repeat("a0", 219))}" }
                .Select(tail => ($"{plain}}}", Host, tail)),
            .. new[]
            {
                plain, $"{plain}}} ", $"\uFEFF{plain}}}", $"[{plain}}}]", "null", "7", "[]", $"{plain},\"crossOrigin\":false}}", $"{plain},\"crossOrigin\":true}}", $"{plain},\"crossOrigin\":null}}", $"{plain},\"topOrigin\":null}}",
                $"{plain},\"a\":1,\"a\":1}}", $"{plain},\"a\":1.0}}", $"{plain},\"a\":[[[[[[[]]]]]]]}}", $"{plain},\"a\":[[[[[[[[]]]]]]]]}}", $"{plain},\"a\":\"\\ud800\"}}", $"{plain},\"a\":\"{new string('x', 1024 - plain.Length - 8)}\"}}", $"{plain},\"a\":\"{new string('x', 1025 - plain.Length - 8)}\"}}",
                $"{plain}}}".Replace("webauthn.get", "webauthn.create", StringComparison.Ordinal), $"{plain}}}".Replace("\"challenge\":\"T", "\"challenge\":\"U", StringComparison.Ordinal), $"{{\"origin\":\"{Origin}\"}}", $"{start},\"origin\":7}}",
            }.Select(client => (client, Host, "1d00000000")),
        ];
        string[][] assertions =
        [
            .. said.Select(one => new[] { $"{Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(one.Party))}{one.Tail}", Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(one.Client)) }),
            [$"{Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(Host))}1d00000000", $"{Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes($"{plain},\"a\":\""))}ff{Convert.ToHexStringLower("\"}"u8)}"],
        ];
        var expected = assertions.Select(one => new PasskeyAssertion([.. Convert.FromHexString(one[0])], [.. Convert.FromHexString(one[1])]).Check(challenge).IsAccepted).ToArray();
        expected.Should().Contain(true).And.Contain(false);
        var page = await OpenAsync();

        var found = await page.EvaluateAsync<bool[]>(
            "async ([said, challenge]) => { const { isAssertionOf } = await import('/web/js/assertion.js'); return Promise.all(said.map(([authenticator, client]) => isAssertionOf(bytesOf(authenticator), bytesOf(client), bytesOf(challenge)))); }",
            new object[] { assertions, Printed["webauthn.challenge"] });

        found.Select((isRight, i) => (isRight, i < said.Length ? said[i] : default)).Should().Equal(expected.Select((isRight, i) => (isRight, i < said.Length ? said[i] : default)));

        static string Labels(int count) => string.Join('.', Enumerable.Repeat("a", count));

        // A host of so many characters, in labels that are short enough.
        static string Long(int length) => string.Concat(Enumerable.Range(0, length).Select(i => i % 60 == 59 ? '.' : 'a'));
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
