namespace SecuTicket.Browser.Tests.Site;

/// <summary>The rules by which a gate judges, remembers and reports, each by itself in the browser: what a node would answer is said here.</summary>
[Collection(SecondChromium.Name)]
[Trait("Length", "longer")]
public sealed class EntranceRuleTests(ChromiumFixture chromium, SiteFixture site)
{
    [SkippableFact]
    public async Task Without_a_node_the_first_reason_in_the_order_of_the_node_is_the_result()
    {
        (await RunAsync(
            """
            const roster = rosterOf([entry(1, "sold"), entry(2, "revoked"), entry(3, "unsold"), entry(4, "sold", { owner: `0x${"1".repeat(40)}` }), entry(5, "redeemed", { redeemed_at: "2027-06-15T17:00:00.000Z" }), entry(6, "listed")]);
            const result = async (n, { at = now, list = roster, gate = pairing.gate, admitted = () => null } = {}) => {
              const { result, first, ticket } = await judge(await codeOf(id(n), at), gate, now, list, admitted);
              return `${n} ${result}${first ? ` ${first.at} ${first.gate}` : ""}${ticket && ticket.owner.toLowerCase() !== holder.toLowerCase() ? " of another" : ""}`;
            };
            const elsewhere = rosterOf([entry(1, "sold"), entry(2, "revoked")], { gates: [], cancelled: true });
            const cancelled = rosterOf([entry(1, "sold"), entry(2, "revoked"), entry(5, "redeemed", { redeemed_at: "2027-06-15T17:00:00.000Z" })], { cancelled: true });
            const here = { at: 7, gate: pairing.gate };
            return [
              await result(1), await result(2), await result(3), await result(4), await result(5), await result(6), await result(9),
              await result(1, { at: now - 30 }), await result(1, { at: now - 31 }), await result(1, { at: now + 30 }), await result(1, { at: now + 31 }),
              await result(1, { list: elsewhere }), await result(1, { list: cancelled }), await result(2, { list: cancelled }), await result(5, { list: cancelled }),
              await result(1, { admitted: () => here }), await result(5, { admitted: () => here }), await result(1, { at: now - 99, admitted: () => here }), await result(3, { admitted: () => here }), await result(4, { at: now - 99 }),
              (await judge(await codeOf(id(1)), pairing.gate, now, { ...roster, chain_id: "other" }, () => null)).result, (await judge("ST1:", pairing.gate, now, roster, () => null)).result,
            ].map((one) => one.replaceAll(pairing.gate, "here"));
            """)).Should().Equal(
            "1 valid", "2 revoked", "3 not_owner", "4 not_owner of another", "5 already_redeemed 1813078800000 null", "6 valid", "9 unknown",
            "1 valid", "1 expired", "1 valid", "1 expired", "1 wrong_event", "1 event_cancelled", "2 event_cancelled", "5 event_cancelled",
            "1 already_redeemed 7 here", "5 already_redeemed 7 here", "1 already_redeemed 7 here", "3 not_owner", "4 not_owner of another", "invalid", "invalid");
    }

    [SkippableFact]
    public async Task Whatever_a_node_answers_nobody_is_let_in_twice_and_nothing_is_shown_before_it_is_kept()
    {
        (await RunAsync(
            """
            const line = { isUp: true, within: (ask) => ask().catch((fault) => { if (fault instanceof Silence) line.isUp = false; throw fault; }) };
            const log = new ReceiptLog(pairing);
            const turnstile = new Turnstile(line, log, () => rosterOf(Array.from({ length: 17 }, (_, i) => entry(i + 1, "sold"))));
            const valid = (n, event = event_id) => [200, { result: "valid", ticket: { event_id: event, seat: `A-${n}`, owner: holder } }];
            const scan = async (n, ...told) => {
              answers.splice(0, answers.length, ...told);
              asked.length = 0;
              line.isUp = true;
              const { result, first, online } = await turnstile.scan(n === 0 ? "no code" : await codeOf(id(n)));
              return `${result} ${online}${first ? ` ${first.gate === pairing.gate ? "here" : first.gate}` : ""} ${asked.map((path) => path.split("/").at(-1)).join(" ")} ${log.open.at(-1)?.redeemed}`.trim();
            };
            const found = [
              await scan(1, valid(1), [201, { transaction_id: "x", status: "pending" }]),
              await scan(1, valid(1)),
              await scan(2, valid(2), [409, problem("already_redeemed")], [200, { result: "already_redeemed", ticket: { event_id }, first: { at: "2027-06-15T17:00:00Z", gate: "other" } }]),
              await scan(3, valid(3), [503, problem("not_ready")]),
              await scan(4, valid(4), [429, problem("rate_limited")]),
              await scan(5, valid(5), [0]),
              await scan(6, valid(6, "f".repeat(32))),
              await scan(6, [200, { result: "revoked", ticket: { event_id } }]),
              await scan(0),
              await scan(9, [403, portal]),
              await scan(10, [200, portal]),
              await scan(11, [200, { result: "ok" }]),
              await scan(12, [200, () => "null"]),
              await scan(13, valid(13), [403, portal]),
              await scan(14, valid(14), [200, portal]),
              await scan(15, valid(15), [502, portal]),
              await scan(16, valid(16), [403, { code: "not_gate" }]),
              await said(() => scan(17, [403, problem("not_gate")])),
              `${line.isUp} ${log.admission(id(17))}`,
            ];
            line.isUp = true;
            answers.splice(0, answers.length, valid(7), [201, { status: "pending" }], valid(7));
            const code = await codeOf(id(7));
            found.push((await Promise.all([turnstile.scan(code), turnstile.scan(code)])).map((one) => one.result).join(" "));

            // Another page wrote a receipt of this number: then nothing is known of the scan, and the next one goes on.
            const other = new ReceiptLog(pairing);
            await store.forget();
            await other.add("x", { result: "invalid", code: null }, now, false);
            log.count = 0;
            answers.splice(0, answers.length, valid(8), [201, { status: "pending" }]);
            found.push(await said(async () => (await turnstile.scan(await codeOf(id(8)))).result), `${log.admission(id(8))} ${log.admitted}`);
            const isSilent = (fault) => { try { silent(fault); } catch (thrown) { return `${fault.problem.status} ${thrown instanceof Silence}`; } };
            found.push(...[404, 429, 499, 500, 503].map((status) => isSilent(new Refused({ status, ...problem("x") }))), isSilent(new Unanswered()));
            return found;
            """)).Should().Equal(
            "valid true scan redeem true", "already_redeemed true here scan true", "already_redeemed true other scan redeem scan true", "valid true scan redeem false", "valid true scan redeem false",
            "valid false scan redeem false", "wrong_event true scan true", "revoked true scan true", "invalid true  true",
            "valid false scan false", "valid false scan false", "valid false scan false", "valid false scan false", "valid false scan redeem false", "valid false scan redeem false", "valid false scan redeem false", "valid false scan redeem false", "Refused not_gate", "true null",
            "valid already_redeemed", "DOMException 0", "null 13", "404 false", "429 true", "499 false", "500 true", "503 true", "undefined true");
    }

    [SkippableFact]
    public async Task What_a_gate_did_is_told_in_bounded_pieces_until_the_node_has_all_of_it()
    {
        (await RunAsync(
            """
            const kept = (n, more = {}) => ({ number: n, hash: "", receipt: { ticket_id: id(n), at: now, result: "valid", code: "", previous: "" }, uploaded: false, redeemed: false, ...more });
            const logOf = (open) => ({ pairing, open, async note(changed) { for (const one of changed) this.open = this.open.map((old) => (old.number === one.number ? one : old)).filter((old) => !(old.uploaded && old.redeemed)); } });
            const lines = (status) => (body) => body.trim().split("\n").map(() => JSON.stringify(status)).join("\n");
            const log = logOf(Array.from({ length: 1_001 }, (_, i) => kept(i + 1)));
            const stored = (body) => JSON.stringify({ verdicts: JSON.parse(body).receipts.map(() => ({ verdict: "stored" })) });
            answers.push([200, stored], [200, stored], [200, lines({ status: "pending" })], [200, lines({ status: "confirmed" })]);
            const found = [JSON.stringify(await report(log)), asked.join(" "), String(log.open.length)];

            // Refused, let in elsewhere too, redeemed by somebody before, and answers that can not be told apart.
            const odd = logOf([kept(1), kept(2), kept(3, { redeemed: true }), kept(4, { uploaded: true })]);
            answers.push([200, { verdicts: [{ verdict: "invalid", code: "unknown_gate" }, { verdict: "stored", first: { gate: "other" } }, { verdict: "stored", first: { gate: pairing.gate } }] }],
              [200, () => [{ status: "rejected", code: "wrong_gate" }, { status: "rejected", code: "already_redeemed" }, { status: "pending" }].map((one) => JSON.stringify(one)).join("\n")]);
            found.push(JSON.stringify(await report(odd)), odd.open.map(({ number, uploaded, redeemed }) => `${number} ${uploaded} ${redeemed}`).join());
            answers.push([200, { verdicts: [{ verdict: "stored" }] }], [200, () => ""]);
            found.push(JSON.stringify(await report(odd)), odd.open.map(({ number, uploaded, redeemed }) => `${number} ${uploaded} ${redeemed}`).join());
            answers.push([200, portal]);
            found.push(JSON.stringify(await report(odd)));
            answers.push([503, {}]);
            found.push(await said(() => report(odd)).then((one) => one.split(" ")[0]));

            // What comes while something is sent goes after it; where nobody answers nothing is sent.
            asked.length = 0;
            const line = { isUp: true };
            const outbox = new Outbox(logOf([kept(1, { redeemed: true })]), line);
            answers.push([200, stored], [200, stored]);
            const first = outbox.nudge();
            outbox.log.open.push(kept(2, { redeemed: true }));
            outbox.nudge();
            await first;
            for (let i = 0; i < 10_000 && outbox.log.open.length > 0; i++) await new Promise((go) => setTimeout(go));
            found.push(`${asked.length} ${outbox.log.open.length}`);
            asked.length = 0;
            line.isUp = false;
            outbox.log.open.push(kept(3));
            await outbox.nudge();
            found.push(String(asked.length));
            answers.push([0]);
            found.push(String(await outbox.send()));

            // A report that is never answered gives way to the next one after a minute.
            const later = setTimeout;
            globalThis.setTimeout = (act, wait) => { if (wait === 60_000) act(); };
            globalThis.fetch = () => new Promise(() => {});
            found.push(String(await outbox.send()));
            globalThis.setTimeout = later;

            const { pairingCode } = await from("entrance/setup");
            for (const typed of ["7k2m-q4wd-9xtb", " https://x.example/entrance?pair=7K2MQ4WD9XTB", "oil0 1o1l 0000", "7K2M-Q4WD-9XT", "7K2M-Q4WD-9XTU", ""]) found.push(String(pairingCode(typed)));
            return found;
            """)).Should().Equal(
            """{"conflicts":0,"refused":[]}""", "/gate/receipts /gate/receipts /transactions/batch /transactions/batch", "0",
            """{"conflicts":1,"refused":["unknown_gate","wrong_gate"]}""", "1 false false", """{"conflicts":0,"refused":["unreadable"]}""", "1 true false", """{"conflicts":0,"refused":["unreadable"]}""", "Unanswered", "2 0", "0", "false", "false",
            "7K2M-Q4WD-9XTB", "7K2M-Q4WD-9XTB", "0110-1011-0000", "null", "null", "null");
    }

    [SkippableFact]
    public async Task Receipts_that_are_not_all_there_are_found_and_so_is_what_they_let_in()
    {
        (await RunAsync(
            """
            await store.forget();
            const log = await ReceiptLog.open(pairing);
            for (const [n, after] of [[1, 1], [2, 2], [1, 3]]) await log.add(await codeOf(id(n)), { result: "valid", code: { ticket: id(n) } }, now + after, n === 2);
            await log.add("x", { result: "invalid", code: null }, now, false);
            const [first, , third] = await store.receipts();
            const again = async () => said(async () => { const one = await ReceiptLog.open(pairing); return `${one.count} ${one.admitted} ${one.open.map((kept) => kept.redeemed).join(" ")} ${one.admission(id(1)).at - now * 1000} ${[...one.tickets()].length}`; });
            const found = [await again()];
            await log.note([{ ...first, uploaded: true }, { ...(await store.receipts())[1], uploaded: true }]);
            found.push(String(log.open.length), await again());
            await store.updateReceipts([{ ...third, receipt: { ...third.receipt, previous: first.hash } }]);
            found.push(await again());
            await store.forget();
            await store.addReceipt({ ...third, number: 2, receipt: { ...third.receipt, previous: "0".repeat(64) } });
            found.push(await again());
            log.count = 50_000;
            found.push(await said(() => log.add("x", { result: "invalid", code: null }, now, false)));
            return found;
            """)).Should().Equal("4 3 false true false true 1000 2", "3", "4 3 false false true 1000 2", "ReceiptFault receipt_gap", "ReceiptFault receipt_gap", "ReceiptFault receipts_full");
    }

    private async Task<string[]> RunAsync(string script) => await EntranceStage.RunAsync(await chromium.NewPageAsync(), await site.UrlAsync(), script);
}
