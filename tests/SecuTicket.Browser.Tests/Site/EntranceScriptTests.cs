using System.Text.Json;
using Microsoft.Playwright;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What a gate works out by itself in the browser, against vectors and against Core.</summary>
[Collection(SecondChromium.Name)]
public sealed class EntranceScriptTests(ChromiumFixture chromium, SiteFixture site)
{
    private static JsonElement Vectors { get; } = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors.json"))).RootElement;

    [SkippableFact]
    public async Task Hashes_points_addresses_and_codes_agree_with_the_vectors()
    {
        var page = await OpenAsync();

        var wrong = await page.EvaluateAsync<string[]>(
            """
            async (vectors) => {
              const from = (name) => import(`/web/js/entrance/${name}.js`);
              const [{ keccak256, accountOf, addressText }, { decompress, makeLow }, { isSigned, parseCode }, { fromBase45, toBase45 }, { messageOf }, { bytesOf, hex }] =
                await Promise.all([import("/web/js/keccak.js"), from("curve"), from("code"), import("/web/js/base45.js"), import("/web/js/gatecode.js"), import("/web/js/signature.js")]);
              const { keccak256: hashes, eip55, keys, base45: texts, gate_code: code } = JSON.parse(vectors);
              const wrong = [];
              const same = (what, found, expected) => { if (found !== expected) wrong.push(`${what}: ${found}, expected ${expected}`); };
              for (const [text, hash] of hashes) same("keccak", hex(keccak256(new TextEncoder().encode(text)).buffer), hash);
              for (const address of eip55) same("eip55", addressText(bytesOf(address.slice(2))), address);
              for (const key of keys) {
                same("point", hex(decompress(bytesOf(key.compressed)).buffer), key.public_key);
                same("address", addressText(accountOf(bytesOf(key.public_key))), key.address);
              }
              for (const [text, encoded] of texts) {
                same("base45", new TextDecoder().decode(fromBase45(encoded)), text);
                same("base45 written", toBase45(new TextEncoder().encode(text)), encoded);
              }
              for (const text of ["GGW", ":::", "::::", "A", "a00", "::"]) same("no base45", fromBase45(text), null);
              same("no point", decompress(bytesOf(`02${"ff".repeat(32)}`)), null);
              same("no curve", decompress(bytesOf(`04${keys[0].compressed.slice(2)}`)), null);
              const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
              const pair = (r, s) => bytesOf(`${r.toString(16).padStart(64, "0")}${s.toString(16).padStart(64, "0")}`);
              for (const [r, s, right] of [[1n, 1n, true], [order - 1n, order / 2n, true], [0n, 1n, false], [order, 1n, false], [1n, 0n, false], [1n, order, false]]) same(`range ${r} ${s}`, makeLow(pair(r, s)), right);
              const high = pair(1n, order - 1n);
              same("high s", makeLow(high), true);
              same("made low", hex(high.buffer), hex(pair(1n, 1n).buffer));
              same("message", hex(messageOf(code.chain_id, code.ticket_id, code.at).buffer), code.message_hex);
              const read = parseCode(code.code_sample);
              same("code", `${read.ticket} ${read.at} ${hex(read.point.buffer)}`, `${code.ticket_id} ${code.at} ${code.public_key}`);
              same("signed", await isSigned(read, code.chain_id), true);
              same("of another chain", await isSigned(read, "other"), false);
              return wrong;
            }
            """,
            Vectors.GetRawText());

        wrong.Should().BeEmpty();
    }

    // Whether a text is a code in form decides what is in its receipt, so both sides must say the same of every text.
    [SkippableFact]
    public async Task What_is_no_code_in_form_is_none_for_both_sides()
    {
        var good = Vectors.GetProperty("gate_code").GetProperty("code_sample").GetString()!;
        var texts = new List<string> { "", "ST1:", good[..^1], good + "0", good + "000", good.ToLowerInvariant(), " " + good, new string('S', 600) };
        for (var at = 0; at < good.Length; at += 3) foreach (var other in "0:A ") texts.Add(good[..at] + other + good[(at + 1)..]);
        var expected = texts.Select(static text => GateCode.Parse(text).TryGet(out var code, out _) ? code.Ticket.ToString() : "").ToArray();
        expected.Should().Contain("").And.Contain(static id => id.Length > 0);
        var page = await OpenAsync();

        var found = await page.EvaluateAsync<string[]>("async (texts) => { const { parseCode } = await import('/web/js/entrance/code.js'); return texts.map((text) => parseCode(text)?.ticket ?? ''); }", texts);

        found.Should().Equal(expected);
    }

    // Bytes that no wallet writes, as the texts that they make.
    [SkippableFact]
    public async Task Bytes_that_are_no_code_in_form_are_none_for_both_sides()
    {
        var plain = Vectors.GetProperty("gate_code").GetProperty("code_sample").GetString()!;
        GateCode.Parse(plain).TryGet(out var code, out _).Should().BeTrue();
        WebOrigin.TryParse("https://tickets.example", out var origin).Should().BeTrue();
        string Of(params byte[] rest) => (code! with { Passkey = new CodeAssertion(0x1d, 1, 15, origin, [.. rest]) }).Format();
        const string Order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
        var one = $"{1:x64}";

        // What is put at which byte; behind the last one it is added, and -1 leaves the last byte out. Of the numbers from the field's size on about half would be points, were they taken modulo it.
        (string Text, int At, string Hex)[] changes =
        [
            (plain, 0, "01"), (plain, 0, "02"), (plain, 0, "03"), (plain, 118, "00"), (plain, -1, ""), .. Enumerable.Range(0, 9).Select(i => (plain, 22, $"ffffffff00000001000000000000000000000001{"".PadLeft(22, '0')}{i:x2}")),
            .. Enumerable.Range(0, 9).Select(i => (plain, 22, (System.Numerics.BigInteger.Parse("0ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", System.Globalization.NumberStyles.HexNumber) + i).ToString("x64")[^64..])),
            (plain, 54, Order + one), (plain, 54, new string('0', 64) + one), (plain, 54, one + Order), (plain, 54, one + new string('0', 64)), (plain, 54, one + one),
            (Of(), 123, "10"), (Of(), 123, "00"), (Of(), 124, "ff"), (Of(), 124, "16"), (Of(), 124, "18"), (Of(), -1, ""), (Of(), 125, "48"), (Of(), 148, Convert.ToHexStringLower(",\"crossOrigin\":false}"u8)), (Of(), 148, "7d"), (plain, 0, "02"),
            (Of(new byte[189]), 0, "02"), (Of(new byte[190]), 0, "02"), (Of(new byte[191]), 0, "02"), (Of(new byte[192]), 0, "02"),
        ];
        var page = await OpenAsync();

        var told = await page.EvaluateAsync<string[][]>(
            """
            async (changes) => {
              const [{ parseCode }, { fromBase45, toBase45 }, { bytesOf }] = await Promise.all(["entrance/code", "base45", "signature"].map((name) => import(`/web/js/${name}.js`)));
              return changes.map(([text, at, digits]) => {
                const bytes = [...fromBase45(text.slice(4))];
                if (at === "-1") bytes.pop();
                else bytesOf(digits).forEach((byte, i) => { bytes[Number(at) + i] = byte; });
                const changed = `ST1:${toBase45(bytes)}`;
                return [changed, parseCode(changed)?.ticket ?? ""];
              });
            }
            """,
            changes.Select(static change => new[] { change.Text, $"{change.At}", change.Hex }).ToArray());

        var expected = told.Select(static one => GateCode.Parse(one[0]).TryGet(out var read, out _) ? read.Ticket.ToString() : "").ToArray();
        expected.Should().Contain("").And.Contain(static id => id.Length > 0);
        told.Select(static one => one[1]).Should().Equal(expected);
    }

    [SkippableFact]
    public async Task A_passkey_s_code_is_signed_for_the_browser_exactly_when_it_is_for_the_node()
    {
        using var key = P256PrivateKey.Generate();
        using var curve = new P256Verifier(8);
        var judge = new GateJudge("secuticket-dev", new TransactionVerifier(curve));
        var point = new byte[PublicKey.Size];
        key.CopyPublicKey(point);
        TicketId.TryParse(new string('7', 32), out var ticket).Should().BeTrue();
        const string Usual = "";
        (string Origin, string Party, byte Flags, string End)[] assertions =
        [
            ("https://tickets.example", "tickets.example", 0x1d, Usual), ("https://www.tickets.example:8443", "tickets.example", 0x05, Usual), ("http://localhost:5000", "localhost", 0x01, "}"),
            ("https://tickets.example", "tickets.example", 0x1d, ",\"crossOrigin\":false,\"x\":[1,{\"e\":\"é\\\"\"}]}"), ("https://tickets.example", "example", 0x1d, Usual), ("https://tickets.example", "ickets.example", 0x1d, Usual),
            ("https://tickets.example", "", 0x1d, Usual), ("https://tickets.example", "tickets.example", 0x00, Usual), ("https://tickets.example", "tickets.example", 0x11, Usual), ("https://tickets.example", "tickets.example", 0x41, Usual),
            ("https://tickets.example", "tickets.example", 0x81, Usual), .. new[]
            {
                ",\"crossOrigin\":true}", ",\"crossOrigin\":null}", ",\"topOrigin\":\"x\"}", ",\"type\":\"webauthn.get\"}", ",\"a\":1,\"a\":1}", ",\"a\":1,\"\\u0061\":1}", ",\"a\":1.0}", ",\"a\":1e3}", ",\"a\":-0}", ",\"a\":9007199254740992}", "", "}}", " }",
                ",\"a\":[[[[[[[[]]]]]]]]}", ",\"a\":[[[[[[[]]]]]]]}", ",\"a\":\"\\ud800\"}", ",\"a\":\"\u0001\"}", ",\"e\":true,\"E\":\"1.5\"}", ",\"a\":\"b:\",\"b\":{}}", $",\"a\":\"{new string('x', 400)}\"}}",
            }.Select(static rest => ("https://tickets.example", "tickets.example", (byte)0x1d, rest)),
        ];
        var codes = assertions.Select(one =>
        {
            WebOrigin.TryParse(one.Origin, out var origin).Should().BeTrue();
            var passkey = new CodeAssertion(one.Flags, 1, (byte)one.Party.Length, origin, [.. System.Text.Encoding.UTF8.GetBytes(one.End)]);
            var signature = new byte[Signature.Size];
            key.Sign(passkey.For(GateCode.Digest("secuticket-dev", ticket, 7)).Digest.Span, signature);
            return new GateCode(ticket, 7, new PublicKey(point), new Signature(signature), passkey).Format();
        }).ToArray();
        var expected = codes.Select(text => GateCode.Parse(text).TryGet(out var code, out _) && judge.IsSigned(code)).ToArray();
        expected.Should().StartWith([true, true, true, true, false]);
        var page = await OpenAsync();

        var found = await page.EvaluateAsync<bool[]>(
            """
            async (codes) => {
              const { isSigned, parseCode } = await import("/web/js/entrance/code.js");
              return Promise.all(codes.map(async (text) => { const code = parseCode(text); return code !== null && await isSigned(code, "secuticket-dev"); }));
            }
            """,
            codes);

        found.Should().Equal(expected);
    }

    [SkippableFact]
    public async Task Receipts_are_the_bytes_that_Core_signs()
    {
        EventId.TryParse(Vectors.GetProperty("event_id").GetProperty("event_id").GetString()!, out var id).Should().BeTrue();
        TicketId.TryParse(Vectors.GetProperty("gate_code").GetProperty("ticket_id").GetString()!, out var ticket).Should().BeTrue();
        Address.TryParse(Vectors.GetProperty("keys")[0].GetProperty("address").GetString()!, out var gate).Should().BeTrue();
        var scope = new GateScope("secuticket-dev", gate, id);
        var page = await OpenAsync();
        foreach (var scanned in new[] { Vectors.GetProperty("gate_code").GetProperty("code_sample").GetString()!, "Ticket {n°}|~ 1\u00e9\u0000\n😀\"\\", new string('x', 600) })
        {
            var isCode = GateCode.Parse(scanned).IsAccepted;
            var core = new GateReceipt(scope, isCode ? ticket : null, 1_812_999_995, isCode ? GateResult.Valid : GateResult.Invalid, GateReceipt.CodeOf(scanned), Hash256.Zero);

            var canonical = await page.EvaluateAsync<string>(
                """
                async ([scanned, chain_id, gate, event_id, ticket_id, result]) => {
                  const { canonicalOf, codeOf } = await import("/web/js/entrance/receipts.js");
                  return canonicalOf({ chain_id, gate, event_id }, { ticket_id, at: 1812999995, result, code: codeOf(scanned), previous: "0".repeat(64) });
                }
                """,
                new[] { scanned, scope.ChainId, gate.ToString(), id.ToString(), isCode ? ticket.ToString() : null, isCode ? "valid" : "invalid" });

            canonical.Should().Be(System.Text.Encoding.UTF8.GetString(core.ToCanonical()));
        }
    }

    [SkippableFact]
    public async Task A_roster_is_believed_only_whole_unchanged_and_of_the_node_that_is_trusted()
    {
        using var world = await EntranceWorld.MakeAsync((await site.NodeAsync()).Client);
        var client = (await site.NodeAsync()).Client;
        var before = await client.GetStringAsync($"/gate/roster?event_id={world.Event}");
        await world.RevokeAsync(world.Tickets[2]);
        var told = JsonDocument.Parse(before).RootElement;
        var changes = await client.GetStringAsync($"/gate/roster?event_id={world.Event}&since={told.GetProperty("version").GetInt64()}&tip={told.GetProperty("tip").GetString()}");
        JsonDocument.Parse(changes).RootElement.GetProperty("full").GetBoolean().Should().BeFalse();
        var page = await OpenAsync();

        var found = await page.EvaluateAsync<string[]>(
            """
            async ([before, changes, ticket]) => {
              const { find, readRoster, totals, withAnswer } = await import("/web/js/entrance/roster.js");
              const { createKey, sign } = await import("/web/js/entrance/key.js");
              const { chain_id, event_id, node } = JSON.parse(before);
              const source = { chain_id, event_id, node };
              const other = `0x${"1".repeat(40)}`;
              const codeOf = (text, of = source) => readRoster(text, of).then(() => "believed", (fault) => fault.code ?? fault.message);
              const kept = withAnswer(await readRoster(before, source), null);
              const next = withAnswer(await readRoster(changes, source), structuredClone(kept));
              const told = await readRoster(changes, source);
              const mismatch = (from) => { try { withAnswer(told, from); return "taken"; } catch (fault) { return fault.code; } };

              // What another key signed, and what a node that is trusted would have to be mad to sign.
              const key = await createKey();
              const start = before.lastIndexOf(',"signature":{');
              const text = before.slice(0, start) + before.slice(before.indexOf("}", start) + 1);
              const signedBy = async (whole) => {
                const { public_key, signature } = await sign(key, whole);
                const at = whole.lastIndexOf(',"tip"');
                return `${whole.slice(0, at)},"signature":{"public_key":"${public_key}","scheme":"p256","signature":"${signature}"}${whole.slice(at)}`;
              };
              const own = text.replaceAll(node, key.address);
              const trusted = { ...source, node: key.address };
              const many = own.replace(/"entries":\[.*?\]/s, `"entries":[${"0,".repeat(1_000_000)}0]`);

              // Changes with a ticket that was issued since, and one whose holder is in.
              const entry = (id, status, more = {}) => ({ ticket_id: id, owner: other, session: 0, seat: `seat ${id.slice(0, 2)}`, status, ...more });
              const issued = withAnswer({ ...told, entries: [entry("ff".repeat(16), "sold"), entry(ticket, "redeemed", { redeemed_at: "2027-06-15T17:00:00.000Z" })] }, structuredClone(kept));
              return [
                await codeOf(before), await codeOf(before.slice(0, -1)), await codeOf(""), await codeOf(before.replace('"sold"', '"unsold"')), await codeOf(before.replace('"seat":"A-1"', '"seat" :"A-1"')),
                await codeOf(before, { ...source, chain_id: "x" }), await codeOf(before, { ...source, event_id: "x" }), await codeOf(before, { ...source, node: other }),
                await codeOf(before.replaceAll(node, other), { ...source, node: other }), mismatch({ ...kept, tip: "0".repeat(64) }), mismatch({ ...kept, version: kept.version + 1 }), mismatch(null),
                await codeOf(await signedBy(text)), await codeOf(await signedBy(own), trusted), await codeOf(await signedBy(own.replace("gate_roster", "gate_rooster")), trusted), await codeOf(await signedBy(many), trusted),
                `${issued.count} ${find(issued, "ff".repeat(16)).seat} ${find(issued, ticket).status} ${new Date(find(issued, ticket).redeemedAt).toISOString()} ${find(issued, ticket).seat} ${JSON.stringify(totals(issued))}`,
                find(kept, ticket).status, find(next, ticket).status, find(next, ticket).seat, JSON.stringify(totals(next)), String(find(next, "0".repeat(32))),
              ];
            }
            """,
            new[] { before, changes, world.Tickets[2] });

        found.Should().Equal(
            "believed", "roster_malformed", "roster_malformed", "signature_invalid", "signature_invalid", "wrong_chain", "wrong_event", "wrong_node", "signature_invalid", "roster_mismatch", "roster_mismatch", "roster_mismatch",
            "signature_invalid", "believed", "roster_malformed", "roster_malformed", $"7 seat ff redeemed 2027-06-15T17:00:00.000Z seat {world.Tickets[2][..2]} {{\"held\":6,\"redeemed\":1}}",
            "sold", "revoked", "A-3", """{"held":4,"redeemed":0}""", "null");
    }

    [SkippableFact]
    public async Task What_a_device_keeps_of_the_page_is_what_the_node_serves()
    {
        var page = await OpenAsync();

        var wrong = await page.EvaluateAsync<string[]>(
            """
            async () => {
              const worker = await (await fetch("/entrance/worker")).text();
              const { files, version, page } = JSON.parse(worker.slice(worker.indexOf("{"), worker.indexOf(";\n")));
              const wrong = [];
              for (const [path, integrity] of Object.entries(files)) await fetch(path, { integrity }).catch(() => wrong.push(path));
              if (!(await (await fetch(page)).text()).includes(version)) wrong.push("the page is of another version");
              const names = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname.replace(/\.[a-z0-9]{10}(?=\.[a-z]+$)/, ""));
              return [...wrong, ...names.filter((name) => !(name in files) && name !== page && name !== "/entrance/worker")];
            }
            """);

        wrong.Should().BeEmpty();
    }

    private async Task<IPage> OpenAsync()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.OpenAsync("/entrance");
        return page.Page;
    }
}
