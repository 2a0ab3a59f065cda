using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What a gate's screens show and take, each by itself: what is behind them is said here.</summary>
[Collection(SecondChromium.Name)]
[Trait("Length", "longer")]
public sealed class EntranceScreenTests(ChromiumFixture chromium, SiteFixture site)
{
    // A gate whose node, receipts and lists are what a test says, with its scanning screen shown.
    private const string Gate =
        """
        const [{ Scanning }, { Verdict }, { show, shown }] = await Promise.all(["scanning", "verdict", "screens"].map((name) => from(`entrance/${name}`)));
        const place = (name) => document.querySelector(`[data-${name}]`);
        const text = (name) => place(name).textContent;
        const settings = { isMuted: true, stays: 0, idle: 0 };
        const verdict = new Verdict(settings);
        const lock = { stirred: 0, stir() { this.stirred++; } };
        const line = Object.assign(new EventTarget(), { isUp: true });
        const log = { count: 0, admitted: 0, open: [], let: [], tickets() { return this.let; } };
        const rosters = Object.assign(new EventTarget(), { newest: rosterOf([entry(1, "sold"), entry(2, "redeemed", { redeemed_at: "2027-06-15T17:00:00.000Z" }), entry(3, "unsold"), entry(4, "sold")]), syncedAt: Date.now(), ahead: 0 });
        let judged = { result: "invalid", code: null, online: true };
        const turnstile = { asked: [], async scan(text) { this.asked.push(text); if (judged instanceof Error) throw judged; return judged; } };
        let told = 0;
        const ticks = [];
        globalThis.setInterval = (act, wait) => ticks.push({ act, wait });
        const scanning = new Scanning({ pairing, log, rosters, line, turnstile, verdict, lock }, () => { told++; });
        show("scan");
        """;

    [SkippableFact]
    public async Task The_same_code_is_one_scan_as_long_as_it_is_seen_and_another_one_is_another()
    {
        var found = await RunAsync(
            """
            const { ReceiptFault } = await from("entrance/receipts");
            let clock = 0;
            performance.now = () => clock;
            const found = [];
            const offer = async (what, after = 0) => { clock += after; await scanning.offer(what); found.push(`${what} ${after} ${turnstile.asked.length}`); };
            await offer("a");
            await offer("a", 2_999);
            await offer("a", 2_999);
            await offer("a", 3_000);
            await offer("b", 1);
            await offer("a", 1);
            for (const other of ["lock", "menu", "newer"]) { show(other); await offer("c", 1); }
            show("scan");
            await offer("c");
            found.push(`stirred ${lock.stirred} told ${told}`);

            // By hand: what is typed goes from the field, and Enter alone takes the result away.
            const field = place("scan");
            const enter = async (typed) => { field.value = typed; place("scan-form").requestSubmit(); await new Promise((go) => setTimeout(go)); };
            judged = { ...judged, result: "valid" };
            await enter("d");
            found.push(`typed ${turnstile.asked.at(-1)} "${field.value}" ${verdict.isShown}`);
            await enter("");
            found.push(`empty ${turnstile.asked.length} ${verdict.isShown}`);

            // Nobody is let in by a scan that failed, and the next one goes on.
            for (const fault of [new ReceiptFault("receipts_full"), new DOMException("full", "QuotaExceededError"), new Refused({ status: 403, ...problem("not_gate") }), new RangeError("odd")]) {
              judged = fault;
              found.push(await said(async () => { await scanning.offer(fault.message); return `${place("verdict").dataset.result} ${text("verdict-advice").slice(0, 27)} ${told}`; }));
              verdict.hide();
            }
            judged = { result: "invalid", code: null, online: true };
            await offer("e", 1);
            return found;
            """);

        found.Should().Equal(
            "a 0 1", "a 2999 1", "a 2999 1", "a 3000 2", "b 1 3", "a 1 4", "c 1 4", "c 1 4", "c 1 4", "c 0 5", "stirred 5 told 5", "typed d \"\" true", "empty 6 false",
            "fault This device holds as many r 7", "fault The receipt could not be wr 8", "fault The organiser does not list 9", "RangeError odd", "e 1 11");
    }

    [SkippableFact]
    public async Task What_a_hand_scanner_types_comes_to_the_field_and_a_button_keeps_the_keys_that_press_it()
    {
        var found = await RunAsync(
            """
            const field = place("scan");
            const button = place("lock-now");
            const found = [];
            const note = (what) => { found.push(`${what} ${document.activeElement === field}`); button.focus(); };
            const key = (target, key, more = {}) => target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
            note("shown");
            verdict.hide();
            note("a result went");
            dispatchEvent(new Event("focus"));
            note("the window came");
            place("admitted").click();
            note("a finger beside it");
            place("sound").click();
            note("a finger on a button");
            key(button, "a");
            note("a letter");
            key(button, "Enter");
            note("Enter on a button");
            key(button, " ");
            note("a space on a button");
            key(document.body, " ");
            note("a space elsewhere");
            for (const held of ["ctrlKey", "metaKey", "altKey"]) { key(button, "a", { [held]: true }); note(held); }
            found.push(field.inputMode);
            field.dispatchEvent(new Event("pointerdown"));
            found.push(field.inputMode);
            field.focus();
            button.focus();
            found.push(field.inputMode);

            // Also after a camera did not start, which says why.
            let fault;
            globalThis.BarcodeDetector = class { static async getSupportedFormats() { return ["qr_code"]; } };
            Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => { throw new DOMException("", fault); } } });
            await scanning.look();
            for (fault of ["NotAllowedError", "NotFoundError", "OverconstrainedError", "NotReadableError"]) {
              place("camera").click();
              await new Promise((go) => setTimeout(go));
              note(`${text("camera-state").slice(0, 25)} ${place("camera").getAttribute("aria-pressed")}`);
            }
            return found;
            """);

        found.Should().Equal(
            "shown true", "a result went true", "the window came true", "a finger beside it true", "a finger on a button false", "a letter true", "Enter on a button false", "a space on a button false", "a space elsewhere true",
            "ctrlKey false", "metaKey false", "altKey false", "none", "text", "none",
            "The camera may not be use false true", "This device has no camera false true", "This device has no camera false true", "The camera does not start false true");
    }

    [SkippableFact]
    public async Task How_a_gate_stands_is_told_when_it_changes_and_every_quarter_of_a_minute()
    {
        var found = await RunAsync(
            """
            const found = [];
            const clock = Date.now();
            Date.now = () => clock;
            // Let in by this gate: one the list knows as sold, one it knows as redeemed, one it does not know.
            Object.assign(log, { count: 7, admitted: 3, let: [id(1), id(2), id(9)] });
            rosters.dispatchEvent(new Event("change"));
            found.push(`${text("admitted")} ${text("refused")} ${text("inside")} ${text("event")}`);
            judged = { ...judged, result: "valid" };
            await scanning.offer("a");
            judged = { ...judged, result: "expired" };
            await scanning.offer("b");
            found.push(text("inside"));

            const stands = () => ["line", "age", "waiting"].map((name) => (place(name).hidden ? "-" : `${place(name).className} ${text(name)}`)).join(" · ");
            rosters.syncedAt = clock - 15 * 60_000;
            ticks[0].act();
            found.push(`${ticks[0].wait} ${stands()}`);
            rosters.syncedAt--;
            [line.isUp, log.open] = [false, [1, 2]];
            line.dispatchEvent(new Event("change"));
            found.push(stands(), text("note-offline").slice(0, 25));
            line.isUp = true;
            for (const minutes of [0, 59, 60, 48 * 60 - 30, 48 * 60]) {
              rosters.syncedAt = clock - minutes * 60_000;
              scanning.tell();
              found.push(text("age"));
            }
            found.push(`"${text("note-offline")}"`);

            for (const [ahead, event] of [[5_499, {}], [5_500, {}], [-5_500, { gates: [] }], [0, { gates: [], cancelled: true }]]) {
              Object.assign(rosters, { ahead, newest: rosterOf([], event) });
              scanning.tell();
              found.push(`${text("note-clock").slice(0, 33)} · ${text("note-event").slice(0, 28)}`);
            }

            for (const code of ["wrong_chain", "unreachable", "wrong_chain", "not_ready", "wrong_chain", null]) { scanning.sayList(code); found.push(`${text("note-list").slice(0, 30)}`); }
            return found;
            """);

        found.Should().Equal(
            "3 4 2 of 3 Event", "3 of 3", "15000 badge good Online · badge  List: 15 minutes ago · -", "badge warn Offline · badge warn Old list: 15 minutes ago · badge  2 to send", "The node does not answer.",
            "List: this minute", "Old list: 59 minutes ago", "Old list: 1 hour ago", "Old list: 48 hours ago", "Old list: 2 days ago", "\"\"",
            " · ", "This device’s clock is 6 s ahead. · ", "This device’s clock is 6 s behind · The organiser does not list ", " · The organiser cancelled the ",
            "The list is of another chain. ", "", "The list is of another chain. ", "", "The list is of another chain. ", "");
    }

    [SkippableFact]
    public async Task A_result_says_by_sign_word_and_reason_what_is_to_do_and_stays_as_long_as_it_must_be_read()
    {
        await chromium.NewPageAsync();
        var west = await chromium.AnotherPageAsync(new BrowserNewContextOptions { TimezoneId = "America/Los_Angeles", ViewportSize = new ViewportSize { Width = 320, Height = 480 } });
        var found = await EntranceStage.RunAsync(
            west,
            await site.UrlAsync(),
            Gate + """
            const found = [];
            let timers = [];
            const [later, forget] = [setTimeout, clearTimeout];
            globalThis.setTimeout = (act, wait) => { timers.push({ act, wait }); return timers.at(-1); };
            globalThis.clearTimeout = (timer) => { timers = timers.filter((one) => one !== timer); };
            const ticket = { seat: "A-1", session: 0, date: "2027-06-15", time: "19:00", owner: holder, event_name: "Event" };
            const code = { ticket: id(1) };
            const note = () => found.push(`${verdict.isShown ? place("verdict").dataset.colour : "gone"} ${timers.map((one) => one.wait).join()}`);
            const results = ["valid", "already_redeemed", "expired", "invalid", "unknown", "wrong_event", "event_cancelled", "revoked", "not_owner"];
            settings.stays = -1;
            for (const result of results) { verdict.show({ result, code, ticket, online: true }, pairing.gate); note(); }
            verdict.hide();
            note();
            for (const stays of [10, 0]) { settings.stays = stays; verdict.show({ result: "valid", code, ticket, online: true }, pairing.gate); note(); }
            const key = (key) => { dispatchEvent(new KeyboardEvent("keydown", { key })); note(); };
            key("a");
            key("Escape");
            settings.stays = 1;
            verdict.show({ result: "valid", code, ticket, online: true }, pairing.gate);
            timers[0].act();
            note();
            Object.assign(globalThis, { setTimeout: later, clearTimeout: forget });

            settings.stays = 0;
            const says = () => `${["word", "reason", "advice", "lines"].map((name) => text(`verdict-${name}`)).join(" | ")} | ${place("verdict-ticket").hidden ? "-" : ["seat", "session", "holder", "event"].map((name) => text(`verdict-${name}`)).join(" ")}`.replace(holder.slice(0, 8), "holder");
            verdict.show({ result: "valid", code, ticket, online: false }, pairing.gate);
            found.push(says(), text("said"));
            for (const gate of [null, pairing.gate, `0x${"1".repeat(40)}`]) { verdict.show({ result: "already_redeemed", code, ticket, first: { at: 0, gate }, online: true }, pairing.gate); found.push(text("verdict-lines")); }
            verdict.show({ result: "invalid", code: null, online: false }, pairing.gate);
            found.push(says(), text("said"));
            verdict.showFault("full");
            found.push(`${place("verdict").dataset.result} ${place("verdict").dataset.colour} ${says()}`);
            place("verdict-next").click();
            found.push(String(verdict.isShown));

            // On the smallest phone what does not fit is scrolled, and nothing lies on anything.
            verdict.show({ result: "already_redeemed", code, ticket, first: { at: 0, gate: null }, online: false }, pairing.gate);
            const lower = [...place("verdict").children].map((one) => one.getBoundingClientRect()).filter((box) => box.height > 0);
            found.push(String(lower.every((box, at) => at === 0 || box.top >= lower[at - 1].bottom)));
            return found.map((one) => one.replace(holder.slice(-4), "1234"));
            """);

        found.Should().Equal(
            "green 2500", "yellow 6000", "yellow 6000", "red 5000", "red 5000", "red 5000", "red 5000", "red 5000", "red 5000", "gone ", "green 10000", "green ", "green ", "gone ", "gone ",
            "Let in | The ticket is good |  | Judged by the list on this device. | A-1 Tuesday 15 June 2027, 19:00 holder…1234 Event", "Let in. The ticket is good. Seat A-1. Judged by the list on this device.",
            "First let in 31 December 1969, 16:00:00.", "First let in 31 December 1969, 16:00:00, at this gate.", "First let in 31 December 1969, 16:00:00, at gate 0x111111…1111.",
            "Stop | Not a valid code | Scan again. It may be cut short or changed. |  | -", "Stop. Not a valid code", "fault red Stop | Nothing was recorded | full |  | -", "false", "true");
    }

    private async Task<string[]> RunAsync(string script) => await EntranceStage.RunAsync(await chromium.NewPageAsync(), await site.UrlAsync(), Gate + script);
}
