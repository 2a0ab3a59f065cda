using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>How a device becomes a gate, is set, sounds and is renewed, each by itself in the browser: what is behind it is said here.</summary>
[Collection(SecondChromium.Name)]
[Trait("Length", "longer")]
public sealed class EntranceSetupTests(ChromiumFixture chromium, SiteFixture site)
{
    private const string Parts =
        """
        const place = (name) => document.querySelector(`[data-${name}]`);
        const text = (name) => place(name).textContent;
        const { show, shown } = await from("entrance/screens");
        const until = async (holds) => { for (let turns = 0; !holds(); turns++) { if (turns === 10_000) throw new Error(`Never: ${holds}`); await new Promise((go) => setTimeout(go, 5)); } };
        const found = [];
        """;

    [SkippableFact]
    public async Task A_gate_has_a_name_of_1_to_64_characters_and_believes_the_node_that_it_asked_first()
    {
        var found = await RunAsync(
            """
            const [name, code] = [place("pair-name"), place("pair-code")];
            const send = async () => {
              place("pair").requestSubmit();
              await until(() => !place("pair").querySelector("[type=submit]").hasAttribute("aria-busy"));
              return `${document.querySelector("#pair-name-error").textContent.slice(0, 12)} · ${document.querySelector("#pair-code-error").textContent.slice(0, 20)} · ${document.activeElement.id}`;
            };
            for (const called of ["", "  ", "x".repeat(64), "x".repeat(65), "a\u0007b"]) { name.value = called; found.push(await send()); }
            name.value = " North ";
            code.value = "7K2M-Q4WD-9XTB";
            const paired = { node: pairing.node, chain_id: "chain", event_id, event_name: "Event" };
            let sent;
            const real = fetch;
            for (const told of [portal(), "{}"]) {
              globalThis.fetch = async () => new Response(told);
              found.push(await send());
            }
            globalThis.fetch = real;
            for (const [status, answer] of [[404, problem("not_found")], [0], [200, null], [200, { ...paired, node: holder }], [200, { ...paired, chain_id: "other" }]]) {
              answers.push([status, (body) => { sent = JSON.parse(body); return JSON.stringify(answer); }]);
              found.push(await send());
            }
            return [...found, `${sent.name} ${sent.code}`, asked.join(" "), String(await store.recall("pairing"))];
            """);

        found.Should().Equal(
            "A name of 1  · This is no pairing c · pair-name", "A name of 1  · This is no pairing c · pair-name", " · This is no pairing c · pair-code", "A name of 1  · This is no pairing c · pair-name", "A name of 1  · This is no pairing c · pair-name",
            " · The node does not an · pair-code", " · The node does not an · pair-code", " · There is no such cod · pair-code", " · The node does not an · pair-code", " · The node does not an · pair-code", " · Another node answers · pair-code", " · Another node answers · pair-code", "North 7K2M-Q4WD-9XTB", "/gate/pair /gate/pair /gate/pair /gate/pair /gate/pair", "undefined");
    }

    [SkippableTheory]
    [InlineData("LockManager.prototype.request = async () => refuse();", false)]
    [InlineData("IDBFactory.prototype.open = refuse;", false)]
    [InlineData("ServiceWorkerContainer.prototype.register = async () => refuse();", true)]
    [InlineData("Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined });", true)]
    public async Task A_browser_that_keeps_nothing_is_no_gate_and_one_that_keeps_no_pages_is_told_so(string refused, bool isGate)
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.Page.AddInitScriptAsync($"{{ const refuse = () => {{ throw new DOMException('denied', 'SecurityError'); }}; {refused} }}");
        await page.OpenAsync("/entrance");

        await Assertions.Expect(page.Page.Locator("h1:visible")).ToHaveTextAsync(isGate ? "Make this device a gate" : "Entrance");
        await SitePage.ShouldSayAsync(page.Page.Locator(".note:visible"), isGate ? "does not open again without a network" : "This browser keeps nothing for this site");
        page.ShouldBeCalm();
    }

    [SkippableFact]
    public async Task A_list_that_could_not_be_asked_for_is_asked_for_anew_at_the_next_try()
    {
        var found = await RunAsync(
            """
            const { Rosters } = await from("entrance/rosters");
            let path = "/entrance/missing.js";
            const made = [];
            globalThis.Worker = class extends Worker { constructor(_, options) { super(path, options); made.push(path); } };
            const rosters = new Rosters(pairing);

            // What goes wrong before anybody asks is over when somebody does.
            await new Promise((go) => setTimeout(go, 1_000));
            const sync = () => Promise.race([rosters.sync(), new Promise((go) => setTimeout(() => go("hangs"), 20_000))]);
            found.push(await sync(), await sync());
            path = "/entrance/roster.js";
            found.push(await sync(), await sync());
            return [...found, String(made.length)];
            """);

        found.Should().Equal("no_worker", "no_worker", "no_event", "no_event", "3");
    }

    [SkippableFact]
    public async Task A_gate_waits_until_the_node_and_its_list_of_tickets_name_it()
    {
        var found = await RunAsync(
            """
            const { awaitOrganiser } = await from("entrance/setup");
            const rosters = { newest: null, told: ["wrong_node", null, null], async sync() { found.push(text("waiting-state")); this.newest = rosterOf([], { gates: this.told.length > 1 ? [] : [pairing.gate] }); return this.told.shift(); } };
            const listed = [200, { gates: [holder, pairing.gate] }];
            answers.push([0], [200, portal], [200, { gates: [holder] }], listed, listed, listed);
            const later = setTimeout;
            globalThis.setTimeout = (act, wait) => { found.push(`${wait} ${text("waiting-state").slice(0, 25)}`); return later(act); };
            await awaitOrganiser(pairing, rosters);
            globalThis.setTimeout = later;
            return [...found, shown(), text("waiting-event"), String(text("waiting-address") === `0x ${pairing.gate.slice(2).match(/.{4}/g).join(" ")}`), asked.every((path) => path === `/events/${event_id}`) + ` ${asked.length}`];
            """);

        found.Should().Equal(
            "2000 The node does not answer.", "2000 The node does not answer.", "2000 The organiser has not con", "Confirmed. Fetching the list of tickets …", "2000 Another node answers than", "Confirmed. Fetching the list of tickets …",
            "2000 Confirmed. Fetching the l", "Confirmed. Fetching the list of tickets …", "waiting", "Event", "true", "true 6");
    }

    [SkippableFact]
    public async Task A_PIN_is_typed_twice_alike_and_is_the_new_one_from_then_on()
    {
        var found = await RunAsync(
            """
            const { choosePin } = await from("entrance/setup");
            const [pin, again] = [place("pin-new"), place("pin-again")];
            const errors = () => ["pin-new", "pin-again"].map((name) => document.querySelector(`#${name}-error`).textContent.slice(0, 16)).join(" · ");
            const send = async (one, other) => {
              [pin.value, again.value] = [one, other];
              place("pin").requestSubmit();
              await until(() => !place("pin").querySelector("[type=submit]").hasAttribute("aria-busy"));
              found.push(`${shown()} ${errors()}`);
            };
            const first = choosePin();
            found.push(`back hidden ${place("pin-back").hidden}`);
            await send("123", "124");
            await send("123", "123");
            await send("1234567890123", "1234567890123");
            await send("4711", "4712");
            found.push(String(await store.recall("pin")));
            await send("4711", "4711");
            await first;
            found.push(`${(await tryPin("4711")).right} "${pin.value}${again.value}"`);

            choosePin("menu");
            found.push(`back hidden ${place("pin-back").hidden}`);
            await send("5", "6");
            place("pin-back").click();
            found.push(`${shown()} ${(await tryPin("4711")).right}`);
            choosePin("menu");
            found.push(`${shown()} "${pin.value}${again.value}" ${errors()}`);
            await send("815", "0815");
            await send("0815", "0815");
            found.push(String((await tryPin("0815")).right));

            // The lock may fall while it is written.
            choosePin("menu");
            [pin.value, again.value] = ["4711", "4711"];
            place("pin").requestSubmit();
            show("lock");
            await until(() => pin.value === "");
            await new Promise((go) => setTimeout(go));
            return [...found, shown()];
            """);

        found.Should().Equal(
            "back hidden true", "pin A PIN has 4 to 1 · The two are not ", "pin A PIN has 4 to 1 · ", "pin A PIN has 4 to 1 · ", "pin  · The two are not ", "undefined", "pin  · ", "true \"\"",
            "back hidden false", "pin A PIN has 4 to 1 · The two are not ", "menu true", "pin \"\"  · ", "pin A PIN has 4 to 1 · The two are not ", "menu  · ", "true", "lock");
    }

    [SkippableFact]
    public async Task Behind_the_PIN_is_how_the_gate_is_set_and_what_keeps_it_from_being_taken_off()
    {
        var found = await RunAsync(
            """
            const { loadSettings, openMenu } = await from("entrance/menu");
            const log = { open: [] };
            const outbox = Object.assign(new EventTarget(), { conflicts: 0, refused: [], took: true, async send() { return this.took; } });
            const rosters = Object.assign(new EventTarget(), { newest: null, syncedAt: 0, async sync(anew) { found.push(`anew ${anew} ${text("menu-state")}`); return this.fault; }, fault: null });
            found.push(JSON.stringify(await loadSettings()));
            await store.keep("settings", { idle: 60 });
            const settings = await loadSettings();
            found.push(JSON.stringify(settings));
            openMenu({ pairing, log, rosters, line: null, settings, outbox });
            show("menu");
            found.push(["gate-name", "gate-event", "gate-unsent", "gate-conflicts", "menu-refused"].map(text).join(" | "), String(text("gate-address") === pairing.gate && text("gate-node") === pairing.node), text("gate-list").slice(0, 16), `${place("stays").value} ${place("idle").value}`);
            for (const [name, value] of [["stays", "10"], ["idle", "5"]]) { place(name).value = value; place(name).dispatchEvent(new Event("change")); }
            found.push(JSON.stringify(settings), JSON.stringify(await store.recall("settings")));

            const unpair = () => found.push(`${place("unpair").getAttribute("aria-disabled")} ${text("unpair-why").slice(0, 44)} | ${text("gate-unsent")} ${text("gate-conflicts")} ${text("menu-refused")}`);
            unpair();
            log.open = [1, 2];
            Object.assign(outbox, { conflicts: 3, refused: ["not_gate", "wrong_chain"] });
            outbox.dispatchEvent(new Event("change"));
            unpair();
            const press = async (name) => { place("menu-state").textContent = ""; place(name).click(); await until(() => !["", "One moment …"].includes(text("menu-state"))); found.push(text("menu-state")); };
            await press("send");
            outbox.took = false;
            await press("send");
            log.open = [];
            outbox.took = true;
            await press("send");
            unpair();
            place("unpair").click();
            found.push(String(place("unpair-sure").open));
            place("unpair-no").click();
            found.push(String(place("unpair-sure").open));

            rosters.newest = rosterOf([entry(1, "sold")], { name: "Another" });
            rosters.dispatchEvent(new Event("change"));
            found.push(`${text("gate-event")} ${text("gate-list").slice(0, 10)}`);
            await press("sync");
            rosters.fault = "roster_older";
            await press("sync-anew");
            return found;
            """);

        found.Should().Equal(
            """{"isMuted":false,"stays":-1,"idle":15}""", """{"isMuted":false,"stays":-1,"idle":60}""", "Gate | Event | 0 | 0 | ", "true", "Tickets: 0, as o", "-1 60", """{"isMuted":false,"stays":10,"idle":5}""", """{"isMuted":false,"stays":10,"idle":5}""",
            "false Deletes the key, the list and the receipts o | 0 0 ",
            "true Not possible now: receipts not sent yet: 2.  | 2 3 Not taken by the node: The organiser does not list this device any more, and can list it again for the upload. The list is of another chain. It is not used.",
            "Not everything was taken.", "The node does not answer.", "Everything is sent.", "false Deletes the key, the list and the receipts o | 0 3 Not taken by the node: The organiser does not list this device any more, and can list it again for the upload. The list is of another chain. It is not used.",
            "true", "false", "Another Tickets: 1", "anew false One moment …", "The list is up to date. Tickets: 1.", "anew true One moment …", "The node’s list is older than the one here. If the node really started anew, fetch the whole list again.");
    }

    [SkippableFact]
    public async Task Tones_follow_each_other_once_somebody_touched_the_page_and_a_muted_gate_shakes_all_the_same()
    {
        var found = await RunAsync(
            """
            const { announce, wake } = await from("entrance/sound");
            const activation = { hasBeenActive: false };
            Object.defineProperty(navigator, "userActivation", { value: activation });
            navigator.vibrate = (pattern) => found.push(`shakes ${pattern}`);
            let [made, resumed] = [0, 0];
            globalThis.AudioContext = class { constructor() { made++; } currentTime = 5; destination = "out"; resume() { resumed++; } };
            globalThis.OscillatorNode = class { constructor(_, { frequency }) { this.hertz = frequency; } connect(next) { return next; } start(at) { this.from = at; } stop(at) { found.push(`${this.hertz} ${this.from.toFixed(2)}-${at.toFixed(2)}`); } };
            const slope = [];
            globalThis.GainNode = class { gain = { setValueAtTime: (value, at) => slope.push(`${value}@${at.toFixed(2)}`), linearRampToValueAtTime: (value, at) => slope.push(`${value}/${at.toFixed(2)}`) }; connect(out) { found.push(out); } };
            announce("green", false);
            activation.hasBeenActive = true;
            announce("red", true);
            found.push(`${made} ${resumed}`);
            announce("yellow", false);
            announce("green", false);
            found.push(slope.slice(0, 4).join(" "));
            announce("red", false);
            return [...found, `${made} ${resumed}`];
            """);

        found.Should().Equal(
            "shakes 400", "0 0", "shakes 80,80,80", "out", "520 5.00-5.13", "out", "520 5.20-5.33", "shakes 80", "out", "660 5.00-5.09", "out", "990 5.09-5.25", "0@5.00 0.25/5.01 0.25@5.11 0/5.13",
            "shakes 400", "out", "330 5.00-5.18", "out", "196 5.18-5.60", "1 3");
    }

    [SkippableFact]
    public async Task A_newer_page_is_one_only_where_an_older_one_is_and_is_asked_for_once_an_hour()
    {
        var found = await RunAsync(
            """
            const { followShell } = await from("entrance/shell");
            const ticks = [];
            globalThis.setInterval = (act, wait) => ticks.push({ act, wait });
            const offered = [];
            const follow = async (controller, waiting, state = "complete") => {
              const registration = Object.assign(new EventTarget(), { waiting: waiting ? { postMessage: (words) => found.push(words) } : null, installing: null, updates: 0, async update() { this.updates++; throw new TypeError("no network"); } });
              const worker = Object.assign(new EventTarget(), { controller, async register(path, { scope }) { found.push(`${path} ${scope}`); return registration; } });
              Object.defineProperty(navigator, "serviceWorker", { configurable: true, value: worker });
              Object.defineProperty(document, "readyState", { configurable: true, value: state });
              await followShell(async () => {}, (take) => offered.push(take));
              return registration;
            };
            const chosen = async () => (await (await (await caches.open("language")).match("/entrance"))?.text());
            const { remember } = await from("language");
            await remember("fr");
            const first = await follow(null, true);
            found.push(await chosen());
            await remember("fr");
            await follow({}, true);
            found.push(await chosen());
            await follow({}, true, "interactive");
            found.push("here whole");
            dispatchEvent(new Event("load"));
            const later = await follow({}, false);
            const install = (registration, state) => {
              registration.installing = Object.assign(new EventTarget(), { state });
              registration.dispatchEvent(new Event("updatefound"));
              registration.installing.dispatchEvent(new Event("statechange"));
              found.push(`${state} ${offered.length}`);
            };
            navigator.serviceWorker.controller = null;
            install(later, "installed");
            navigator.serviceWorker.controller = {};
            install(later, "activating");
            install(later, "installed");
            later.waiting = { postMessage: (words) => found.push(`it was asked to ${words}`) };
            offered[0]();
            ticks.at(-1).act();
            Object.defineProperty(navigator, "onLine", { configurable: true, value: false });
            ticks.at(-1).act();
            found.push(`${ticks.at(-1).wait} ${later.updates}`);
            Object.defineProperty(navigator, "serviceWorker", { configurable: true, value: undefined });
            found.push(String(await said(() => followShell(async () => {}, () => {}))));
            return found;
            """);

        found.Should().Equal(
            "/entrance/worker /entrance", "en", "/entrance/worker /entrance", "take over", "fr", "/entrance/worker /entrance", "here whole", "take over", "/entrance/worker /entrance",
            "installed 0", "activating 0", "installed 1", "it was asked to take over", "3600000 1", "false");
    }

    private async Task<string[]> RunAsync(string script) => await EntranceStage.RunAsync(await chromium.NewPageAsync(), await site.UrlAsync(), Parts + script);
}
