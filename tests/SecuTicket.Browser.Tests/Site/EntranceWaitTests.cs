namespace SecuTicket.Browser.Tests.Site;

/// <summary>How long a gate waits: for a node, for somebody to do something, after a wrong PIN. Timers are fired by the test.</summary>
[Collection(SecondChromium.Name)]
[Trait("Length", "longer")]
public sealed class EntranceWaitTests(ChromiumFixture chromium, SiteFixture site)
{
    [SkippableFact]
    public async Task Each_wrong_PIN_doubles_the_wait_up_to_a_quarter_of_an_hour_and_the_right_one_forgets_them()
    {
        (await RunAsync(
            """
            await setPin("4711");
            const rounds = (await store.recall("pin")).rounds;
            const salt = new Uint8Array(16);
            const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode("4711"), "PBKDF2", false, ["deriveBits"]);
            const hash = new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: 1 }, typed, 256));
            await store.keep("pin", { salt, rounds: 1, hash, wrong: 0, notBefore: 0 });
            const found = [String(rounds)];
            let clock = Date.now();
            Date.now = () => clock;
            const wrong = async () => { const { right, wait } = await tryPin("0000"); clock += wait; return right ? "right" : wait / 1000; };
            const waits = [];
            for (let i = 0; i < 12; i++) waits.push(await wrong());
            found.push(waits.join(" "));
            clock -= 1;
            found.push(JSON.stringify(await tryPin("4711")));
            clock -= 900_000;
            found.push(`clock set back ${(await tryPin("4711")).right}`);
            found.push(String(await wrong()), String(await wrong()), String(await wrong()));
            return found;
            """)).Should().Equal("600000", "0 0 5 10 20 40 80 160 320 640 900 900", """{"right":false,"wait":1}""", "clock set back true", "0", "0", "5");
    }

    [SkippableFact]
    public async Task A_gate_waits_two_seconds_for_the_node_and_asks_again_every_five()
    {
        (await RunAsync(
            """
            const { Line } = await from("entrance/line");
            let isOnline = false;
            Object.defineProperty(navigator, "onLine", { get: () => isOnline });
            let timers = [];
            const [later, forget] = [setTimeout, clearTimeout];
            globalThis.setTimeout = (act, wait) => { timers.push({ act, wait }); return timers.at(-1); };
            globalThis.clearTimeout = (timer) => { timers = timers.filter((one) => one !== timer); };
            // A question under way has its own timer of two seconds.
            const turn = async () => { do await new Promise((go) => later(go, 0)); while (timers.some((one) => one.wait === 2_000)); };
            const fire = async (wait) => { const timer = timers.find((one) => one.wait === wait); clearTimeout(timer); timer.act(); await turn(); };
            let status = 200;
            let body = JSON.stringify({ chain_id: "chain" });
            globalThis.fetch = async () => { if (status === 0) throw new TypeError("nobody"); return new Response(body, { status }); };
            const line = new Line();
            const turns = [];
            line.addEventListener("change", () => turns.push(line.isUp ? "up" : "down"));
            const found = [];
            const note = (what) => found.push(`${what} ${line.isUp} ${timers.map((one) => one.wait).join()}`);
            note("opened offline");
            await fire(5_000);
            note("still offline");
            isOnline = true;
            status = 503;
            await fire(5_000);
            note("busy");
            const told = body;
            for ([status, body] of [[403, portal()], [200, portal()], [200, "{}"], [404, JSON.stringify(problem("no_route"))]]) {
              await fire(5_000);
              note(`${status} ${body.slice(0, 2)}`);
              if (line.isUp) dispatchEvent(new Event("offline"));
            }
            body = told;
            status = 200;
            await fire(5_000);
            note("answers");
            const waited = line.within(() => new Promise(() => {})).catch((fault) => found.push(fault.constructor.name));
            note("waits");
            await fire(2_000);
            await waited;
            note("too long");
            await fire(5_000);
            dispatchEvent(new Event("offline"));
            note("network went");
            dispatchEvent(new Event("online"));
            await turn();
            note("network came");
            status = 0;
            await line.within(() => fetch().catch(silent)).catch((fault) => found.push(fault.constructor.name));
            note("nobody");
            Object.assign(globalThis, { setTimeout: later, clearTimeout: forget });
            return [...found, turns.join(" ")];
            """)).Should().Equal(
            "opened offline false 5000", "still offline false 5000", "busy false 5000", "403 <! false 5000", "200 <! false 5000", "200 {} false 5000", "404 {\" true ", "answers true ", "waits true 2000", "Silence", "too long false 5000", "network went false 5000", "network came true ", "Silence", "nobody false 5000",
            "up down up down up down up down");
    }

    [SkippableFact]
    public async Task A_lock_falls_when_nobody_did_anything_and_opens_for_the_PIN_alone()
    {
        (await RunAsync(
            """
            const { Lock } = await from("entrance/lock");
            await setPin("4711");
            let minutes = 1;
            let timers = [];
            const [later, forget] = [setTimeout, clearTimeout];
            globalThis.setTimeout = (act, wait) => { timers.push({ act, wait }); return timers.at(-1); };
            globalThis.clearTimeout = (timer) => { timers = timers.filter((one) => one !== timer); };
            const lock = new Lock(() => minutes);
            const shown = () => document.querySelector("[data-screen]:not([hidden])").dataset.screen;
            const pin = document.querySelector("[data-pin-typed]");
            const back = document.querySelector("[data-lock-back]");
            const send = (typed) => new Promise((done) => {
              pin.value = typed;
              const seen = new MutationObserver(() => { if (!pin.form.querySelector("[type=submit]").hasAttribute("aria-busy")) { seen.disconnect(); done(); } });
              seen.observe(pin.form, { attributes: true, subtree: true, attributeFilter: ["aria-busy"] });
              pin.form.requestSubmit();
            });
            const found = [];
            const note = async (what) => found.push(`${what} ${shown()} ${await store.recall("locked")} ${timers.map((one) => one.wait).join()} ${back.hidden}`);
            lock.stir();
            const [first] = timers;
            dispatchEvent(new Event("pointerdown"));
            dispatchEvent(new Event("keydown"));
            found.push(`stirred ${timers.length} ${timers[0] !== first}`);
            timers[0].act();
            await lock.close();
            await note("idle");
            dispatchEvent(new Event("keydown"));
            await note("a key");
            await send("0000");
            await note(`wrong "${pin.value}"`);
            await send("4711");
            await note(`right "${pin.value}"`);
            lock.askFor("menu");
            await note("menu");
            back.click();
            await note("back");
            minutes = 0;
            lock.stir();
            await note("never");
            Object.assign(globalThis, { setTimeout: later, clearTimeout: forget });
            return found;
            """)).Should().Equal(
            "stirred 1 true", "idle lock true  true", "a key lock true  true", "wrong \"\" lock true  true", "right \"\" scan false 60000 true", "menu lock false 60000 false", "back scan false 60000 false",
            "never scan false  false");
    }

    private async Task<string[]> RunAsync(string script) => await EntranceStage.RunAsync(await chromium.NewPageAsync(), await site.UrlAsync(), script);
}
