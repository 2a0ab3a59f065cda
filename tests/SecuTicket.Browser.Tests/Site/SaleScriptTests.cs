namespace SecuTicket.Browser.Tests.Site;

/// <summary>What the scripts of fans' pages work out by themselves: where seats are, what prices say, which wallet a file or a link is.</summary>
[Collection(SecondChromium.Name)]
public sealed class SaleScriptTests(ChromiumFixture chromium, SiteFixture site)
{
    private const string Unreadable = "SigningError  Gates can not read what this passkey signs. Give the ticket to a key of this browser and show that one.";

    [SkippableFact]
    public async Task Seats_are_near_beside_and_priced_as_they_are_drawn()
    {
        (await RunAsync(
            """
            const { Plan } = await import("/web/js/sale/plan.js");
            const names = (seats) => seats.map((seat) => seat?.name ?? "none").join(" ");
            const lines = [{ row: "A", seats: ["A-1", "A-2", "A-3", "A-4"], prices: [300, 4] }, { row: "B", seats: ["B-1", "B-2", "B-3", "B-4"], prices: [200, 4] }, { row: "C", seats: ["C-3", "C-4"], columns: [2, 3], prices: [100, 2] }];
            const plan = new Plan({ lines, now: { states: "fttfffffop", offers: [[8, 150], [9, 160, "0xb"]] } }, "EUR");
            const seat = (name) => plan.seats.find((one) => one.name === name);
            const found = [names(plan.near(seat("A-3"), 3)), names(plan.near(seat("B-1"), 2)), plan.seats.map((one) => one.state).join(" "), `${seat("C-3").price} ${seat("C-3").face} ${seat("C-4").price}`];
            for (const key of ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown", "a"]) found.push(`${key} ${names(["B-2", "C-4", "B-4"].map((name) => plan.beside(seat(name), key)))}`);
            found.push(plan.lines.map((line) => plan.level(line[0])).join(), String(plan.isAligned), String(plan.columns));
            plan.address = "0xb";
            plan.mine = new Set(["A-1"]);
            found.push(names(plan.take()), `${seat("C-4").state} ${seat("A-1").state}`, names(plan.take()));
            const many = new Plan({ lines: [{ row: "", seats: ["1", "2", "3", "x"], prices: [4, 1, 3, 1, 2, 1, 1, 1] }], now: { states: "ffff", offers: [] } }, "EUR");
            return [...found, many.seats.map(many.level).join(), String(many.isAligned)];
            """)).Should().Equal(
            "A-4 A-1 B-3", "B-2 A-1", "free taken taken free free free free free offered taken", "150 100 160",
            "ArrowRight B-3 none none", "ArrowLeft B-1 C-3 B-3", "ArrowUp A-2 B-4 A-4", "ArrowDown C-3 none C-4", "Home B-1 C-3 B-1", "End B-4 C-4 B-4", "PageUp A-2 A-4 A-4", "PageDown C-3 C-4 C-4", "a none none none",
            "0,1,2", "true", "4", "A-1 C-4", "offered mine", "", "0,0,0,0", "false");
    }

    [SkippableFact]
    public async Task A_price_is_read_as_people_write_it_or_not_at_all()
    {
        (await RunAsync(
            """
            const { priceOf } = await import("/web/js/wallet/forms.js");
            const read = (typed, cap = null) => { try { return String(priceOf(typed, cap, String)); } catch (fault) { return fault.message; } };
            return [
              ...["50", " 50.00 ", "5.5", "0,05", "1 250,50", "1,250.50", "1'250", "1\u202f250,5", "1250", "1.250.000", "5.555,5", "90071992547409.91", "0.50", "0,5"].map((typed) => read(typed)),
              ...["", " ", "-1", "1e3", "1.2345", "12,34,56", ".5", "0", "0.00", "90071992547409.92", "99999999999999999999", "0.500", "0,001", "01.250", "1.250.50", "1,250.500"].map((typed) => read(typed).slice(0, 12)), read("55.01", 5500).slice(0, 12), read("55.00", 5500),
            ];
            """)).Should().Equal(
            "5000", "5000", "550", "5", "125050", "125050", "125000", "125050", "125000", "125000000", "555550", "9007199254740991", "50", "50",
            "wrong.empty", "wrong.empty", "wrong.price", "wrong.price", "wrong.price", "wrong.price", "wrong.price", "wrong.price.", "wrong.price.", "wrong.price.", "wrong.price.", "wrong.price", "wrong.price", "wrong.price", "wrong.price", "wrong.price", "wrong.price.", "5500");
    }

    [SkippableFact]
    public async Task A_wallet_is_taken_from_a_file_or_a_link_only_when_it_is_whole_and_its_key_is_given_to_nobody()
    {
        (await RunAsync(
            """
            const [{ createBrowserKey, remove, restoreBrowserKey, wallets, chosen }, { linkOf, offered }, { rawSignature }] = await Promise.all(["wallets", "wallet/elsewhere", "passkeys"].map((name) => import(`/web/js/${name}.js`)));
            const said = async (act) => { try { await act(); return "taken"; } catch (fault) { return fault.message; } };
            const passphrase = "\u212bngstr\u00f6m sieben";
            const plain = await createBrowserKey("Plain", null);
            const kept = await createBrowserKey("Kept", passphrase);
            const { backup } = kept;
            const found = [
              `${plain.key.extractable} ${kept.key.extractable} ${JSON.stringify(Object.keys(plain).sort())}`, (await chosen()).name,
              await said(() => restoreBrowserKey({ ...backup, format: "other" }, passphrase)), await said(() => restoreBrowserKey({ ...backup, rounds: 99_999 }, passphrase)), await said(() => restoreBrowserKey({ ...backup, rounds: 10_000_001 }, passphrase)),
              await said(() => restoreBrowserKey({ ...backup, public_key: plain.public_key }, passphrase)), await said(() => restoreBrowserKey(backup, "another one")), await said(() => restoreBrowserKey(backup, passphrase)), await remove(kept.address).then(() => said(() => restoreBrowserKey(backup, passphrase.normalize("NFD")))),
            ];
            const restored = (await wallets()).find((one) => one.address === kept.address);
            found.push(`${restored.key.extractable} ${restored.key.usages}`);
            const link = linkOf({ credential_id: "AA-_", public_key: plain.public_key });
            const hash = new URL(link).hash;
            found.push(JSON.stringify(offered(hash)?.credential_id), ...[hash.slice(0, -1), `${hash}0`, hash.replace("AA-_", ""), hash.replace("AA-_", "AA="), hash.replace(".04", ".05"), ""].map((one) => JSON.stringify(offered(one))));

            // Integers in DER: short, full, and with the zero before a high first bit.
            const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
            const short = hex(rawSignature(`302702207f${"11".repeat(31)}02030a0b0c`));
            const long = hex(rawSignature(`3046022100ff${"11".repeat(31)}022100ee${"22".repeat(31)}`));
            return [...found, String(short === `7f${"11".repeat(31)}${"00".repeat(29)}0a0b0c`), String(long === `ff${"11".repeat(31)}ee${"22".repeat(31)}`)];
            """)).Should().Equal(
            """false false ["address","created","key","kind","name","public_key"]""", "Kept", "backup_unknown", "backup_unknown", "backup_unknown", "backup_unknown", "backup_passphrase", "This account is in this browser already: nothing was changed.", "taken", "false sign",
            "\"AA-_\"", "null", "null", "null", "null", "null", "null", "true", "true");
    }

    [SkippableFact]
    public async Task A_form_and_a_button_do_one_thing_at_a_time_and_say_where_something_is_wrong()
    {
        (await RunAsync(
            """
            const [{ onSubmit, Wrong }, { onPress }] = await Promise.all(["forms", "room"].map((name) => import(`/web/js/wallet/${name}.js`)));
            document.body.innerHTML = '<form novalidate><input name="a" value="1"><span data-error="a"></span><input name="b"><button type="submit"></button></form><p data-said></p>';
            const [form, said] = [document.querySelector("form"), document.querySelector("[data-said]")];
            const [a, b, button] = form.elements;
            const found = [];
            let [acts, failed, act] = [[], "", undefined];
            const note = () => found.push(`${acts.length} ${button.getAttribute("aria-busy")} "${form.querySelector("span").textContent}" ${a.getAttribute("aria-invalid")} ${b.getAttribute("aria-invalid")} ${document.activeElement.name ?? "-"} "${failed}${said.textContent}"`);
            onSubmit(form, (fields) => { acts.push(JSON.stringify(fields)); return act(); }, (message) => { failed = message; });
            const rest = () => new Promise((go) => setTimeout(go));
            const submit = async (does) => { act = does; form.requestSubmit(); await rest(); note(); };
            const wait = () => new Promise((done) => { act.done = done; });
            await submit(wait);
            form.requestSubmit();
            act.done();
            await rest();
            await submit(async () => { throw new Wrong("b", "bad b"); });
            await submit(async () => { throw new Wrong("a", "bad a"); });
            await submit(async () => { throw new Error("odd"); });
            await submit(async () => {});
            button.setAttribute("aria-disabled", "true");
            await submit(async () => {});
            found.push(acts[0]);

            acts = [];
            failed = "";
            button.type = "button";
            button.removeAttribute("aria-disabled");
            onPress(button, () => { acts.push(""); return act(); });
            const press = async (does) => { act = does; button.click(); await rest(); note(); };
            await press(wait);
            button.click();
            act.done();
            await rest();
            await press(async () => { throw new Error("odd"); });
            button.setAttribute("aria-disabled", "true");
            await press(async () => {});
            return found;
            """)).Should().Equal(
            "1 true \"\" null null - \"\"", "2 null \"bad b\" null true b \"\"", "3 null \"bad a\" true null a \"\"", "4 null \"\" null null a \"odd\"", "5 null \"\" null null a \"odd\"", "5 null \"\" null null a \"odd\"", """{"a":"1","b":""}""",
            "1 true \"\" null null a \"\"", "2 null \"\" null null a \"odd\"", "2 null \"\" null null a \"odd\"");
    }

    [SkippableFact]
    public async Task Tickets_are_listed_in_the_order_in_which_they_are_needed_and_again_only_when_they_changed()
    {
        (await RunAsync(
            """
            const { TicketList } = await import("/web/js/wallet/tickets.js");
            Date.now = () => Date.parse("2027-06-16T13:00:00Z");
            const asked = [];
            let held = [];
            const sessions = ["2027-06-15T18:59", "2027-06-15T19:00", "2027-06-14T19:00", "2027-07-01T19:00"].map((at) => ({ date: at.slice(0, 10), time: at.slice(11) }));
            globalThis.fetch = async (path) => {
              asked.push(path.split("?")[0]);
              return new Response(JSON.stringify(path.startsWith("/events/") ? { name: path.slice(8, 9), venue: "Hall", sessions, cancelled: path[8] === "c" } : { items: held, next: null }));
            };
            const [list, none, rest] = [document.createElement("ul"), document.createElement("p"), document.createElement("p")];
            const tickets = new TicketList(list, none, rest);
            const show = async (...what) => {
              held = what.map(([event_id, session, seat, status, confirmations = 1]) => ({ id: `${event_id}${seat}`, event_id, session, seat, status, confirmations }));
              const before = list.firstChild;
              await tickets.show("0xa");
              const cards = [...list.children].map((one) => `${one.querySelector("a").textContent} ${one.querySelector("a").pathname.slice(16)} ${[...one.querySelectorAll(".badge")].map((badge) => badge.textContent.slice(6)).join("+")}${one.className.includes("over") ? " over" : ""}`);
              return `${cards.join(" | ")}${none.hidden ? "" : " none"}${before === list.firstChild ? " as before" : ""}`;
            };
            const all = [["a", 3, "A-10", "sold"], ["a", 3, "A-9", "listed", 0], ["a", 0, "A-1", "sold"], ["a", 1, "A-2", "sold"], ["a", 2, "A-3", "redeemed"], ["c", 3, "A-4", "sold"], ["b", 3, "A-5", "unsold"]];
            const found = [await show(), await show(...all), await show(...all), asked.filter((path) => path.startsWith("/events/")).join()];
            found.push(await show(["a", 3, "A-10", "sold"]), await show(["a", 3, "A-10", "listed"]), await show(["a", 3, "A-10", "listed", 0]), await show(["a", 2, "A-3", "sold"], ["a", 3, "A-10", "sold"]));
            const many = Array.from({ length: 300 }, (_, i) => ["a", 3, `B-${i}`, "sold"]);
            const cut = async (...what) => { await show(...what); found.push(`${list.children.length} ${list.querySelector("a")?.pathname.slice(16)} "${rest.textContent}" ${rest.hidden}`); };
            await cut(...many.slice(0, 200));
            await cut(...many, ["a", 1, "A-2", "sold"]);
            const unsold = Array.from({ length: 4_999 }, (_, i) => ["a", 3, `C-${i}`, "unsold"]);
            await cut(...unsold, ["a", 3, "D-1", "sold"]);
            await cut(...unsold, ["a", 3, "D-1", "sold"], ["a", 3, "D-2", "sold"]);
            await cut(...many, ...unsold);
            return found;
            """)).Should().Equal(
            " none as before", "a aA-2 sold | c cA-4 cancelled | a aA-9 listed+waits | a aA-10 sold | a aA-1 over over | a aA-3 redeemed over",
            "a aA-2 sold | c cA-4 cancelled | a aA-9 listed+waits | a aA-10 sold | a aA-1 over over | a aA-3 redeemed over as before", "/events/a,/events/c", "a aA-10 sold", "a aA-10 listed", "a aA-10 listed+waits",
            "a aA-10 sold | a aA-3 over over", "200 aB-0 \"\" true", "200 aA-2 \"tickets.left\" false", "1 aD-1 \"\" true", "1 aD-1 \"tickets.unread\" false", "200 aB-0 \"tickets.left tickets.unread\" false");
    }

    [SkippableFact]
    public async Task A_seat_costs_what_was_read_at_the_press_and_a_purchase_whose_answer_was_lost_is_asked_for_until_the_node_knows()
    {
        (await RunAsync(
            """
            const [{ BuyPanel }, { Plan }, { createBrowserKey }] = await Promise.all(["sale/buy", "sale/plan", "wallets"].map((name) => import(`/web/js/${name}.js`)));
            const room = document.createElement("div");
            room.dataset.session = "0";
            room.innerHTML = ["buy", "chosen", "provenance", "payer", "kinds", "money", "money-why", "why", "said", "near", "near-seats"].map((name) => `<p data-${name}></p>`).join("") + "<button data-press></button>";
            document.body.append(room);
            const of = (name) => room.querySelector(`[data-${name}]`);
            const sent = [];
            let purchase, known, ticket;
            globalThis.fetch = async (path, request) => {
              const answer = (body, status = 200) => new Response(JSON.stringify({ ...body, ...(body.code && status >= 400 ? { type: `/problems/${body.code}` } : {}) }), { status });
              if (path === "/info") return answer({ chain_id: "chain", node: "node" });
              if (path.startsWith("/accounts/")) return answer({ address: "0xa", balance: 1 });
              if (path.startsWith("/tickets/") && request.method === "GET") return ticket ? answer(ticket) : answer({ code: "not_found" }, 404);
              if (path.startsWith("/transactions/")) return known === null ? answer({ code: "not_found" }, 404) : answer(known);
              sent.push(JSON.parse(request.body).max_price);
              return purchase(answer);
            };
            await createBrowserKey("Anna", null);
            const [later, timers] = [setTimeout, []];
            globalThis.setTimeout = (act, time) => timers.push({ act, time });
            let [now, written] = [1_000_000, 0];
            Date.now = () => now;
            addEventListener("secuticket:written", () => { written++; });
            const until = async (is) => {
              for (let turn = 0; !is(); turn++) {
                if (turn > 2_000) throw new Error(`${is}: ${of("said").textContent} ${found.join()}`);
                await new Promise((go) => later(go));
              }
            };
            const plan = new Plan({ lines: [{ row: "A", seats: ["A-1", "A-2"], prices: [50, 2] }], now: { states: "ff", offers: [] } }, "EUR");
            const [seat] = plan.seats;
            const panel = new BuyPanel(room, plan, { choose: () => {}, back: () => {}, reread: async () => {} });
            const found = [];
            const note = (what) => found.push(`${what}: ${of("said").textContent} | ${of("why").textContent} ${of("press").getAttribute("aria-disabled")} | ${sent.join()} ${timers.length} ${written}`);
            const press = async (says) => {
              of("press").click();
              await until(() => of("said").textContent.startsWith(says) && !of("press").hasAttribute("aria-busy"));
            };
            const stand = (states, offers = []) => panel.refresh(plan.take({ states, offers }));
            const lost = () => { throw new TypeError("reset"); };

            // It never came to the node; that is known when it can not be on its way any more.
            [purchase, known] = [lost, null];
            panel.choose(seat);
            note("chosen");
            await press("unknown");
            note("lost");
            panel.choose(seat);
            note("chosen again");
            await panel.ask();
            note("asked again");
            now += 5_000;
            timers.shift().act();
            await until(() => of("said").textContent === "unknown.unsent" && of("press").getAttribute("aria-disabled") === "false");
            note("not there");

            // It did come.
            await press("unknown");
            known = { status: "pending" };
            timers.shift().act();
            await until(() => of("said").textContent.startsWith("unknown.taken"));
            stand("tf");
            note("there");
            known = { status: "confirmed", block_index: 3 };
            await panel.ask();
            await until(() => of("said").textContent.startsWith("confirmed"));
            note("confirmed");

            // A gateway that gave up says nothing of the node; and what was heard before the answer was lost is not said otherwise.
            stand("ff");
            [purchase, known] = [(answer) => answer({}, 504), { status: "rejected", code: "ticket_not_available" }];
            await press("lost");
            note("rejected");
            [purchase, known] = [async (answer) => { await panel.ask(); return lost(); }, { status: "confirmed", block_index: 4 }];
            await press("confirmed");
            note("heard before");

            // Another tab of the same wallet was faster; and a block may say no while the way to the ticket is worked out.
            ticket = { owner: "0xa", status: "sold" };
            [purchase, known] = [(answer) => answer({ code: "ticket_not_available" }, 409), null];
            await press("lost.own");
            note("one's own");
            const digest = crypto.subtle.digest.bind(crypto.subtle);
            [purchase, known] = [(answer) => {
              crypto.subtle.digest = async (...what) => {
                crypto.subtle.digest = digest;
                await panel.ask();
                return digest(...what);
              };
              return answer({ status: "pending" });
            }, { status: "rejected", code: "odd", detail: "poor" }];
            await press("poor");
            note("heard meanwhile");

            // While a passkey is asked for, somebody relists.
            panel.choose(seat);
            purchase = (answer) => answer({ code: "price_above_max", detail: "dearer" }, 409);
            of("press").click();
            stand("of", [[0, 90]]);
            await until(() => of("said").textContent === "why.dearer");
            note("dearer");
            stand("tf");
            note("taken");
            stand("of", [[0, 90]]);
            stand("of", [[0, 40]]);
            note("cheaper");
            stand("of", [[0, 50]]);
            note("dearer than seen");
            of("press").click();
            panel.choose(seat);
            note("accepted");
            return found;
            """)).Should().Equal(
            "chosen:  | why.price false |  0 0", "lost: unknown | why.waits true | 50 1 1", "chosen again:  | why.waits true | 50 1 1", "asked again:  | why.waits true | 50 1 1", "not there: unknown.unsent | why.price false | 50 0 1",
            "there: unknown.taken to_ticket | why.waits true | 50,50 0 3", "confirmed: confirmed to_ticket | why.taken true | 50,50 0 4",
            "rejected: lost | why.price false | 50,50,50 0 5", "heard before: confirmed to_ticket | why.price false | 50,50,50,50 0 6",
            "one's own: lost.own to_ticket | why.price false | 50,50,50,50,50 0 6", "heard meanwhile: poor | why.price false | 50,50,50,50,50,50 0 6",
            "dearer: why.dearer | why.dearer true | 50,50,50,50,50,50,50 0 6", "taken: why.dearer | why.taken true | 50,50,50,50,50,50,50 0 6", "cheaper: why.dearer | why.price false | 50,50,50,50,50,50,50 0 6",
            "dearer than seen: why.dearer | why.dearer true | 50,50,50,50,50,50,50 0 6", "accepted:  | why.price false | 50,50,50,50,50,50,50 0 6");
    }

    [SkippableFact]
    public async Task Answers_are_read_to_their_end_and_whatever_is_no_answer_is_thrown()
    {
        (await RunAsync(
            """
            const [{ items, read, write }, { gateCode }, { money, number }, { canonicalise, sha256Hex }] = await Promise.all(["ledger", "codes", "words", "signature"].map((name) => import(`/web/js/${name}.js`)));
            const said = async (act) => { try { return String(await act()); } catch (fault) { return `${fault.constructor.name} ${fault.code ?? ""} ${fault.message}`; } };
            const asked = [];
            let answers = [];
            let posted = "";
            globalThis.fetch = async (path, { body }) => {
              if (path === "/info") return new Response(JSON.stringify({ chain_id: "chain", node: "node" }));
              asked.push(path);
              posted = body;
              const answer = answers.shift();
              if (answer === undefined) return new Response(new ReadableStream({ start: (half) => half.error(new TypeError("broken off")) }));
              if (answer === null) throw new TypeError("nobody");
              return new Response(JSON.stringify(answer), { status: answer.status >= 400 ? answer.status : 200 });
            };
            const all = async (path) => { const found = []; for await (const item of items(path)) found.push(item); return found; };
            answers = [{ items: [1, 2], next: "a b" }, { items: [3], next: null }];
            const found = [await said(() => all("/things?x=1")), asked.splice(0).join(" ")];
            answers = [{ status: "rejected", code: "ticket_not_available", detail: "gone" }];
            found.push(await said(() => write("/tickets/purchase", { type: "purchase_ticket" }, { address: "0x", sign: async () => ({ hmac: "" }) })));
            answers = [null, { status: 409, type: "/problems/c", code: "c", detail: "d" }, { status: 409, code: "c", detail: "d" }];
            found.push(await said(() => read("/x")), await said(() => read("/x")), await said(() => read("/x")), await said(() => read("/x")));

            // Whoever sends knows the id before there is an answer.
            let id = "";
            answers = [null];
            await said(() => write("/tickets/purchase", { type: "purchase_ticket" }, { address: "0x", sign: async () => ({ hmac: "" }) }, { sending: (sent) => { id = sent; } }));
            const { hmac: _, ...payload } = JSON.parse(posted);
            found.push(String(id === await sha256Hex(canonicalise(payload))));

            // An authenticator that says more than a code has room for, and a browser that begins otherwise than it should.
            const assertion = (authenticator, begin) => {
              navigator.credentials.get = async ({ publicKey }) => {
                const challenge = btoa(String.fromCharCode(...new Uint8Array(publicKey.challenge))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
                const client = `${begin}"type":"webauthn.get","challenge":"${challenge}","origin":"http://localhost:1","crossOrigin":false}`;
                return { response: { authenticatorData: new Uint8Array(authenticator).buffer, clientDataJSON: new TextEncoder().encode(client).buffer, signature: Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1).buffer } };
              };
              return said(async () => (await gateCode({ kind: "passkey", public_key: `04${"1".repeat(128)}`, credential_id: "AA" }, "0".repeat(32))).text.slice(0, 4));
            };
            found.push(await assertion(37, "{"), await assertion(38, "{"), await assertion(37, '{"a":1,'));
            return [...found, number(-1234567), number(999), money(-5, "EUR"), money(123456789, "EUR")];
            """)).Should().Equal(
            "1,2,3", "/things?x=1&limit=1000 /things?x=1&limit=1000&after=a%20b", "Refused ticket_not_available gone", "Unanswered  The node does not answer. Check your connection and try again.", "Refused c d", "Unanswered  The node does not answer. Check your connection and try again.", "Unanswered  The node does not answer. Check your connection and try again.", "true", "ST1:", Unreadable, Unreadable,
            "−1,234,567", "999", "−0.05 EUR", "1,234,567.89 EUR");
    }

    [SkippableFact]
    public async Task Who_listens_knocks_again_where_the_browser_gives_up_and_is_told_as_long_as_nobody_tells_anything()
    {
        (await RunAsync(
            """
            const { listen } = await import("/web/js/ledger.js");
            const [sources, timers, said, found] = [[], new Map(), [], []];
            let last = 0;
            globalThis.setTimeout = (act, time) => { timers.set(++last, { act, time }); return last; };
            globalThis.clearTimeout = (timer) => timers.delete(timer);
            globalThis.EventSource = class extends EventTarget {
              static CLOSED = 2;
              readyState = 0;
              constructor(path) { super(); sources.push(this); said.push(path); }
              close() { this.readyState = 2; said.push("closed"); }
              says(name, readyState, data) { this.readyState = readyState; this.dispatchEvent(new MessageEvent(name, { data })); }
            };
            const note = (what) => found.push(`${what}: ${said.splice(0).join()} ${[...timers.values()].map((timer) => timer.time).join()}`.trim());
            const pass = (time) => {
              const [id, { act }] = [...timers].find(([, timer]) => timer.time === time);
              timers.delete(id);
              act();
            };
            Math.random = () => 0;
            const stop = listen({ block: (block) => said.push(`block ${block.index}`) }, () => said.push("opened"), () => said.push("untold"));
            note("begun");
            sources[0].says("open", 1);
            note("open");
            sources[0].says("error", 0);
            Math.random = () => 0.5;
            pass(15_000);
            note("broken off");
            sources[0].says("open", 1);
            note("connected by the browser");
            sources[0].says("error", 2);
            note("refused");
            pass(5_500);
            sources[1].says("error", 2);
            note("refused again");
            pass(22_500);
            note("still");
            pass(5_500);
            sources[2].says("open", 1);
            sources[2].says("block", 1, '{"index":7}');
            note("taken");
            let hidden = true;
            Object.defineProperty(document, "hidden", { get: () => hidden });
            document.dispatchEvent(new Event("visibilitychange"));
            note("out of sight");
            hidden = false;
            document.dispatchEvent(new Event("visibilitychange"));
            document.dispatchEvent(new Event("visibilitychange"));
            sources[3].says("open", 1);
            note("seen again");
            sources[3].says("error", 2);
            stop();
            document.dispatchEvent(new Event("visibilitychange"));
            note("stopped");
            return found;
            """)).Should().Equal(
            "begun: /stream 15000", "open: opened", "broken off: untold 22500", "connected by the browser: opened", "refused:  22500,5500", "refused again: /stream 22500,5500", "still: untold 5500,22500",
            "taken: /stream,opened,block 7", "out of sight: closed", "seen again: /stream,opened", "stopped: closed");
    }

    [SkippableFact]
    public async Task The_same_wish_twice_within_a_second_is_two_whoever_signs_it()
    {
        (await RunAsync(
            """
            const [{ askSigned }, { createBrowserKey, createKept, signerOf }] = await Promise.all(["ledger", "wallets"].map((name) => import(`/web/js/${name}.js`)));
            const now = Date.now();
            Date.now = () => now;
            const found = [];
            for (const wallet of [(await createKept("Kept")).wallet, await createBrowserKey("Own", null)])
              for (let time = 0; time < 2; time++)
                found.push(await askSigned("PUT", `/accounts/${wallet.address}/contact`, { opt_in: true }, signerOf(wallet)).then(() => "taken", (fault) => `${fault.code} ${fault.message}`));
            return found;
            """)).Should().Equal("taken", "taken", "taken", "taken");
    }

    private async Task<string[]> RunAsync(string script)
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.OpenAsync("/");
        return await page.Page.EvaluateAsync<string[]>($"async () => {{ {script} }}");
    }
}
