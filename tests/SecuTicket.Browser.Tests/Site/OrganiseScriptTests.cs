using System.Globalization;
using SecuTicket.Api.Tests.Web;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What an organiser's browser does by itself, against a node whose answers are a list.</summary>
[Collection(SecondChromium.Name)]
public sealed class OrganiseScriptTests(ChromiumFixture chromium, SiteFixture site)
{
    // What is issued is there from then on, as far as it waits; a block confirms it when the test says so.
    private const string Node =
        """
        const [{ ask, create, isSame, issue, plan, secondsOf, submit, textsOf }, { createBrowserKey }] = await Promise.all(["organise/desk", "wallets"].map((name) => import(`/web/js/${name}.js`)));
        const found = [];
        const asked = [];
        const posted = [];
        const told = [];
        const answers = [];
        const waits = [];
        const later = setTimeout;
        const rest = () => new Promise((go) => later(go));
        const until = async (isSo) => {
          for (let turns = 0; !isSo(); turns++) {
            if (turns === 10_000) throw new Error(`It did not come to that: ${told.join(", ")}`);
            await rest();
          }

          await rest();
        };
        globalThis.setTimeout = (act, wait) => { waits.push(wait); later(act); };
        let [waiting, confirmed] = [null, null];
        globalThis.fetch = async (path, { method, body }) => {
          const answer = (status, json) => new Response(JSON.stringify({ ...json, ...(status >= 400 ? { type: `/problems/${json.code}` } : {}) }), { status });
          if (path === "/info") return answer(200, { chain_id: "chain", node: "node" });
          if (method === "GET" && path.startsWith("/events/")) {
            asked.push(path);
            const items = path.includes("pending=true") ? waiting : confirmed;
            return items === null ? answer(404, { code: "not_found" }) : answer(200, { items: items.map((item) => ({ ...item, confirmations: confirmed?.includes(item) ? 1 : 0 })), next: null });
          }
          if (method === "GET" && path !== "/x") return answer(200, { balance: 0, address: `0x${"a".repeat(40)}` });
          const next = answers.shift() ?? [201, { status: "pending", event_id: "made" }];
          if (typeof next === "function") next();
          const { session, seats, price } = JSON.parse(body ?? "{}");
          posted.push(`${session} ${price} ${seats?.length} ${seats?.[0]}`);
          if (next[0] === 201) waiting = [...(waiting ?? []), ...(seats ?? []).map((seat) => ({ session, seat }))];
          return answer(...next);
        };
        const panel = { invokeMethodAsync: async (...what) => told.push(what.join(" ")) };
        const hear = () => found.push(`${told.splice(0).join(", ")} | ${posted.splice(0).join(", ")}`);
        """;

    [SkippableFact]
    public async Task Seats_are_issued_in_batches_until_all_are_there_and_the_plan_is_forgotten_when_they_are_confirmed()
    {
        (await RunAsync(
            """
            plan("e", [{ section: "", rows: ["A"], first: 1, last: 3, price: 100, sessions: [0, 1] }]);
            plan("e", [{ section: "Box", rows: ["A", "B"], first: 1, last: 600, price: 200, sessions: [0] }]);
            const isStopped = () => told.some((what) => what.startsWith("Stopped"));
            issue("e", panel, false);
            await until(isStopped);
            hear();
            issue("e", panel, true);
            await until(isStopped);
            hear();

            await createBrowserKey("Organiser", null);
            answers.push([409, { code: "ticket_exists" }], [503, { code: "not_ready" }]);
            issue("e", panel, true);
            issue("e", panel, true);
            await until(() => told.filter((what) => what === "Progress 1206 1206").length === 2);
            hear();
            found.push(waits.splice(0).join(), String(localStorage.getItem("secuticket.plan.e") !== null), String(asked.some((path) => path.includes("pending=false"))));
            confirmed = waiting;
            issue("e", panel, false);
            await until(() => localStorage.getItem("secuticket.plan.e") === null && told.length > 0);
            issue("e", panel, false);
            await rest();
            hear();

            // What others issue again and again, what is refused, and what does not pass.
            plan("f", [{ section: "", rows: ["C"], first: 1, last: 1, price: 1, sessions: [0] }]);
            for (const [refusal, times] of [[[409, { code: "ticket_exists" }], 5], [[403, { code: "not_organiser", detail: "no" }], 1], [[429, { code: "rate_limited", detail: "slower" }], 20]]) {
              answers.push(...Array(times).fill(refusal));
              issue("f", panel, true);
              await until(isStopped);
              found.push(`${told.splice(0).at(-1)} ${posted.splice(0).length} ${waits.splice(0).length}`);
            }
            return found;
            """)).Should().Equal(
            "Progress 0 1206, Stopped  | ", "Progress 0 1206, Stopped Choose or create a wallet first. | ",
            "Progress 0 1206, Progress 0 1206, Progress 3 1206, Progress 1003 1206, Progress 1203 1206, Progress 1203 1206, Progress 1206 1206, Progress 1206 1206 | 0 100 3 A-1, 1 100 3 A-1, 1 100 3 A-1, 0 200 1000 Box A-1, 0 200 200 Box B-401, 0 100 3 A-1",
            "1500", "true", "false", "Progress 1206 1206 | ", "Stopped issue.again 5 0", "Stopped no 1 0", "Stopped slower 20 19");
    }

    [SkippableFact]
    public async Task A_page_hears_how_it_went_and_an_event_that_was_taken_has_its_plan_and_no_draft()
    {
        (await RunAsync(
            """
            const said = async (act) => { try { return JSON.stringify(await act()); } catch (fault) { return fault.name; } };
            const draft = () => `${localStorage.getItem("secuticket.draft.1")} ${localStorage.getItem("secuticket.plan.made")}`;
            localStorage.setItem("secuticket.draft.1", "typed");
            let written = 0;
            addEventListener("secuticket:written", () => { written++; });
            found.push(await said(() => ask("GET", "/x", null)));
            await createBrowserKey("Organiser", null);
            answers.push([400, { code: "invalid_field", detail: "bad", errors: { name: ["empty"] } }]);
            found.push(await said(() => create({ type: "create_event" }, [])), draft());
            answers.push(() => { throw new DOMException("", "NotAllowedError"); }, () => { throw new RangeError("odd"); });
            found.push(await said(() => ask("GET", "/x", null)), await said(() => ask("GET", "/x", null)), String(written));
            found.push(await said(() => create({ type: "create_event" }, [{ section: "", rows: [], first: 1, last: 1, price: 1, sessions: [0] }])), draft(), String(written));
            const typed = ["2027-06-15T19:00", "", "never"];
            return [...found, JSON.stringify(textsOf(secondsOf(typed))), JSON.stringify(textsOf([null, 1e15, 0.5 + Date.parse("2027-01-01T00:00") / 1000]))];
            """)).Should().Equal(
            """{"ok":false,"code":"no_wallet","message":"Choose or create a wallet first."}""", """{"ok":false,"code":"invalid_field","message":"bad","errors":{"name":["empty"]}}""", "typed null",
            """{"ok":false,"code":"","message":"You did not confirm with your passkey. Nothing was sent."}""", "RangeError", "0",
            """{"ok":true,"answer":{"status":"pending","event_id":"made"}}""", """null [{"section":"","rows":[],"first":1,"last":1,"price":1,"sessions":[0]}]""", "1",
            """["2027-06-15T19:00","",""]""", """["","","2027-01-01T00:00"]""");
    }

    [SkippableFact]
    public async Task A_list_that_somebody_else_changed_while_it_was_signed_is_not_sent()
    {
        (await RunAsync(
            """
            await createBrowserKey("Organiser", null);
            const node = fetch;
            let gates = ["0x1"];
            globalThis.fetch = async (path, request) => {
              if (path !== "/events/e?pending=true") return node(path, request);
              if (gates === null) throw new TypeError("nobody");
              return new Response(JSON.stringify({ gates }));
            };
            const change = async (replaced) => {
              const { ok, code, message } = await submit("/transactions", { type: "update_event", event_id: "e", gates: ["0x1", "0x2"] }, replaced);
              found.push(`${ok} ${code ?? ""} ${(message ?? "").slice(0, 25)} ${posted.splice(0).length}`);
            };
            await change({ gates: ["0x1"] });
            gates = ["0x1", "0x3"];
            await change({ gates: ["0x1"] });
            gates = null;
            await change({ gates: ["0x1"] });
            await change(null);
            return found;
            """)).Should().Equal("true   1", "false changed refused.changed 0", "false  The node does not answer. 0", "true   1");
    }

    [SkippableFact]
    public async Task A_name_is_typed_as_it_is_read()
    {
        (await RunAsync(
            """
            const said = (typed, name) => String(isSame(typed, name));
            return [
              said("Double Space", "Double  Space"), said(" caf\u00e9 ", "cafe\u0301"), said("Tosca", "To\u200bs\ufe0fca\u202e"), said("a b", "a\u00a0\u2003b"), said("Tosca", "\uff34osca"), said("\u2068Tosca\u2069", "Tosca"), said("a b", "a \u200b b"),
              ...(({ named }) => ["\u200b", "\u202e \u2069\ufeff", "\u0301\ufe0f", "\u2800\u3164\u115f", "\u00ad", "\u200bx", "🎭"].map((name) => named(name, "id")))(await import("/web/js/words.js")),
              said("tosca", "Tosca"), said("Tosc", "Tosca"), said("", "Tosca"), said("ab", "a b"), said("\ud83c", "\ud83d"),
            ];
            """)).Should().Equal("true", "true", "true", "true", "true", "true", "true", "id", "id", "id", "id", "id", "\u200bx", "🎭", "false", "false", "false", "false", "false");
    }

    [SkippableFact]
    public async Task A_price_is_read_alike_by_who_issues_and_who_resells()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.OpenAsync("/");

        var read = await page.Page.EvaluateAsync<string[]>(
            """
            async (typed) => {
              const { priceOf, Wrong } = await import("/web/js/wallet/forms.js");
              const read = (text) => {
                try {
                  return String(priceOf(text, null, String));
                } catch (fault) {
                  if (!(fault instanceof Wrong)) throw fault;
                  return "";
                }
              };
              return typed.map(read);
            }
            """,
            PriceCases.All.Select(one => one.Typed).ToArray());

        PriceCases.All.Select((one, at) => (one.Typed, read[at])).Should().Equal(PriceCases.All.Select(one => (one.Typed, one.Price?.ToString(CultureInfo.InvariantCulture) ?? "")));
    }

    private async Task<string[]> RunAsync(string script)
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.OpenAsync("/");
        return await page.Page.EvaluateAsync<string[]>($"async () => {{ {Node} {script} }}");
    }
}
