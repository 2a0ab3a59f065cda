namespace SecuTicket.Browser.Tests.Site;

/// <summary>Proofs and copies of the chain in which one thing is another's, as whoever has keys and does work could make them.</summary>
[Collection(SecondChromium.Name)]
public sealed class ProofScriptTests(ChromiumFixture chromium, SiteFixture site)
{
    // Each is a forgery of its own: keys are there to sign with, and work is done wherever it is asked for.
    [SkippableFact]
    public async Task A_proof_of_which_any_part_is_anothers_is_none()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var scene = await ExplorerScene.PlayAsync(await site.NodeAsync());
        await scene.MineAsync();
        await page.OpenAsync("/explorer/search");

        var told = await page.Page.EvaluateAsync<string[]>(
            """
            async (ticket) => {
              const [{ check, proofOf }, block, { sha256 }, { bytesOf, canonicalise, hex }, { makeLow }] = await Promise.all(["explorer/proof", "explorer/block", "explorer/hash", "signature", "entrance/curve"].map((name) => import(`/web/js/${name}.js`)));
              const [json, spec] = await Promise.all([`/tickets/${ticket}/proof`, "/chain/spec"].map(async (path) => (await fetch(path)).json()));
              const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
              const pair = await crypto.subtle.generateKey(ecdsa, false, ["sign"]);
              const public_key = hex(await crypto.subtle.exportKey("raw", pair.publicKey));
              const signed = async (bytes) => {
                const signature = new Uint8Array(await crypto.subtle.sign(ecdsa, pair.privateKey, bytes));
                makeLow(signature);
                return { scheme: "p256", public_key, signature: hex(signature.buffer) };
              };
              const headed = (bytes) => ({ bytes, hash: block.hexOf(sha256(bytes)) });
              const remade = (bytes, change) => {
                const header = { ...block.readHeader(bytes), ...change };
                return headed(block.writeHeader({ ...header, nonce: block.search(block.writeHeader(header), header.difficulty, 0, 100_000_000).nonce }));
              };
              const other = "1".repeat(64);
              const payload = (change) => block.utf8(canonicalise({ ...json.transaction.payload, ...change }));
              const next = (proof, change) => { proof.later = [remade(proof.later[0].bytes, change)]; };
              const forgeries = {
                "nothing": () => {},
                "told as of another chain": (proof) => { proof.chain = "other"; },
                "said for another chain": (proof) => { proof.canonical = payload({ chain_id: "other" }); proof.id = block.hexOf(sha256(proof.canonical)); },
                "in a block of another chain": (proof) => { proof.block = remade(proof.block.bytes, { chain: other }); proof.later = []; },
                "of another ticket": (proof) => { proof.ticket = "1".repeat(32); },
                "another id": (proof) => { proof.id = other; },
                "no canonical form": (proof) => { proof.canonical = block.utf8(`${new TextDecoder().decode(proof.canonical)} `); proof.id = block.hexOf(sha256(proof.canonical)); },
                "signed by another": async (proof) => { proof.signatures = [await signed(proof.canonical)]; },
                "came too late": (proof) => { proof.canonical = payload({ valid_until: 1 }); proof.id = block.hexOf(sha256(proof.canonical)); },
                "too little work": (proof) => { proof.block = remade(proof.block.bytes, { difficulty: 1 }); proof.later = []; },
                "no work": (proof) => { proof.block = headed(block.writeHeader({ ...block.readHeader(proof.block.bytes), nonce: 1 })); proof.later = []; },
                "sealed by another": async (proof) => { proof.block.seal = await signed(proof.block.bytes); },
                "the next is another's next": (proof) => next(proof, { previous: other }),
                "the next but one": (proof) => next(proof, { index: block.readHeader(proof.later[0].bytes).index + 1 }),
                "the next is of another chain": (proof) => next(proof, { chain: other }),
                "the next has too little work": (proof) => next(proof, { difficulty: 1 }),
                "the next has no work": (proof) => { proof.later = [headed(block.writeHeader({ ...block.readHeader(proof.later[0].bytes), nonce: 1 }))]; },
                "the next is of another kind": async (proof) => {
                  next(proof, { version: 2, sealer: block.addressOf(public_key) });
                  proof.later[0].seal = await signed(proof.later[0].bytes);
                },
              };
              const told = [];
              for (const [name, forge] of Object.entries(forgeries)) {
                const proof = proofOf(structuredClone(json));
                await forge(proof);
                told.push(`${name}: ${(await check(proof, spec)).filter((step) => !step.ok).map((step) => step.name).join(" ")}`);
              }
              const leaf = new Uint8Array(32);
              const thrown = (() => { try { block.signatureList([{ scheme: "other", public_key, signature: "" }]); } catch (fault) { return fault.name; } })();
              return [...told, `elsewhere in the tree: ${[[-1, 1], [1, 1], [0, 0]].map(([index, count]) => block.climb(leaf, index, count, [])).join()}`, `another scheme: ${thrown}`];
            }
            """,
            scene.Ticket.ToString());

        told.Should().Equal(
            "nothing: ", "told as of another chain: chain", "said for another chain: chain signature path", "in a block of another chain: chain", "of another ticket: ticket", "another id: id",
            "no canonical form: chain id ticket signature path time", "signed by another: signature path", "came too late: signature path time", "too little work: work", "no work: work", "sealed by another: work",
            "the next is another's next: later", "the next but one: later", "the next is of another chain: later", "the next has too little work: later", "the next has no work: later", "the next is of another kind: later",
            "elsewhere in the tree: ,,", "another scheme: RangeError");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_copy_of_the_chain_says_of_each_forgery_what_a_node_would()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        var scene = await ExplorerScene.PlayAsync(await site.NodeAsync());
        await scene.MineAsync();
        var held = (await scene.ReadAsync($"/transactions/{scene.Resale}")).GetProperty("block_index").GetInt64();
        await page.OpenAsync("/explorer/search");

        var told = await page.Page.EvaluateAsync<string[]>(
            """
            async ([held, resale]) => {
              const [{ copyOf, inspect, mineAgain }, block, { sha256 }, { canonicalise, hex }, { makeLow }] = await Promise.all(["explorer/copy", "explorer/block", "explorer/hash", "signature", "entrance/curve"].map((name) => import(`/web/js/${name}.js`)));
              const get = async (path) => (await fetch(path)).json();
              const spec = await get("/chain/spec");
              const blocks = [await get(`/chain/blocks/${held}`), await get(`/chain/blocks/${Number(held) + 1}`)];
              const { headers } = await get(`/chain/headers?from=${held}&limit=2`);
              const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
              const public_key = hex(await crypto.subtle.exportKey("raw", pair.publicKey));
              const text = new TextDecoder();
              const rewrite = (one, change) => { one.canonical = block.utf8(canonicalise({ ...JSON.parse(text.decode(one.canonical)), ...change })); };
              const again = async (copy, at) => { await mineAgain(copy[at], copy[at - 1]); };
              const forgeries = {
                "nothing": () => {},
                "no canonical form": async ([one]) => { const last = one.transactions.at(-1); last.canonical = block.utf8(` ${text.decode(last.canonical)}`); await again([one], 0); },
                "signed by another": async ([one]) => {
                  const last = one.transactions.at(-1);
                  const signature = new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, last.canonical));
                  makeLow(signature);
                  last.signatures = [{ scheme: "p256", public_key, signature: hex(signature.buffer) }];
                  await again([one], 0);
                },
                "signed by nobody": async ([one]) => { one.transactions.at(-1).signatures = []; await again([one], 0); },
                "too much reward": async ([one]) => { rewrite(one.transactions[0], { amount: spec.reward + 1 }); await again([one], 0); },
                "reward of another": async ([one]) => { rewrite(one.transactions[0], { recipient: `0x${"1".repeat(40)}` }); await again([one], 0); },
                "reward of another block": async ([one]) => { rewrite(one.transactions[0], { block_index: 1 }); await again([one], 0); },
                "reward at the end": async ([one]) => { one.transactions.push(one.transactions.shift()); await again([one], 0); },
                "nothing sealed": async ([one]) => { one.header = block.writeHeader({ ...block.readHeader(one.header), version: 2 }); },
                "no work": async ([one]) => { one.header = block.writeHeader({ ...block.readHeader(one.header), nonce: 1 }); },
                "left out": ([one]) => { one.transactions.pop(); },
              };
              const told = [];
              for (const [name, forge] of Object.entries(forgeries)) {
                const copy = copyOf(structuredClone(blocks), headers);
                await forge(copy);
                told.push(`${name}: ${(await inspect(copy, spec)).map((one) => [one.state, ...one.faults.map((fault) => fault.name)].join(" ")).join(", ")}`);
              }
              return told;
            }
            """,
            new[] { $"{held}", scene.Resale });

        told.Should().Equal(
            "nothing: intact, intact", "no canonical form: broken form, broken link", "signed by another: broken signature, broken link", "signed by nobody: broken signature, broken link", "too much reward: broken reward, broken link",
            "reward of another: broken reward, broken link", "reward of another block: broken reward, broken link", "reward at the end: broken reward, broken link", "nothing sealed: broken seal, broken link", "no work: broken work, broken link", "left out: broken root, follows");
        page.ShouldBeCalm();
    }
}
