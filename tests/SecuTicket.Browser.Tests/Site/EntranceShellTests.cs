using System.Text.Json;
using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What keeps the gate's page on its device, and its list of tickets: the service worker, the language it opens in, and the worker that fetches lists.</summary>
[Collection(SecondChromium.Name)]
[Trait("Length", "longer")]
public sealed class EntranceShellTests(ChromiumFixture chromium, SiteFixture site)
{
    // The service worker in a world of its own: its caches, its network and its reader's languages are what a test says.
    private const string World =
        """
        const found = [];
        const listeners = {};
        const stored = new Map([["entrance-old", new Map()], ["language", new Map()], ["another", new Map()]]);
        const nowhere = (name) => { if (!stored.has(name)) stored.set(name, new Map()); return stored.get(name); };
        const caches = {
          open: async (name) => ({
            addAll: async (requests) => found.push(...requests.map((one) => `${new URL(one.url).pathname} ${one.integrity} ${one.cache}`)),
            put: async (key, answer) => nowhere(name).set(key, answer),
            match: async (key) => nowhere(name).get(key),
          }),
          keys: async () => [...stored.keys()],
          delete: async (name) => stored.delete(name),
        };
        let answer = () => new Response("a page of version new");
        const fetch = async (what, how) => { found.push(`asked ${what.url ?? what} ${how ? `${how.headers["Accept-Language"]} ${how.credentials} ${how.cache}` : ""}`.trim()); return answer(); };
        const navigator = { languages: ["fr-CH", "en"] };
        const location = { origin: "https://tickets.example" };
        const self = {
          SHELL: { version: "new", files: { "/web/js/words.js": "sha256-AAAA", "/entrance/roster.js": "sha256-BBBB" }, languages: ["en", "fr"], page: "/entrance" },
          addEventListener: (name, act) => { listeners[name] = act; },
          skipWaiting: () => found.push("takes over"),
          clients: { claim: async () => found.push("claims") },
        };
        const happens = async (name) => { let done; listeners[name]({ waitUntil: (promise) => { done = promise; } }); return done.then(() => found.push(`${name} done`), (fault) => found.push(`${name} ${fault.message}`)); };
        const asks = async (url, { method = "GET", mode = "cors" } = {}) => {
          let given;
          listeners.fetch({ request: { url: new URL(url, "https://tickets.example").href, method, mode }, respondWith: (promise) => { given = promise; } });
          found.push(`${method} ${url} ${given === undefined ? "untouched" : await (await given).text()}`);
        };
        """;

    [SkippableFact]
    public async Task The_service_worker_answers_for_its_page_and_files_alone_and_takes_over_with_all_of_them()
    {
        var worker = await (await site.NodeAsync()).Client.GetStringAsync("/entrance/worker.js");
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.OpenAsync("/sale");

        var found = await page.Page.EvaluateAsync<string[]>(
            $$"""
            async () => {
              {{World}}
              {{worker}}
              await happens("install");
              found.push([...nowhere("entrance-new").keys()].join(" "));
              answer = () => new Response("a page of version old");
              await happens("install");
              answer = () => new Response("new", { status: 503 });
              await happens("install");
              await happens("activate");
              found.push([...stored.keys()].join(" "));
              for (const data of ["hello", "take over"]) listeners.message({ data });

              const kept = nowhere("entrance-new");
              for (const key of ["/entrance?en", "/entrance?fr", "/web/js/words.js"]) kept.set(key, { text: async () => `kept ${key}` });
              answer = () => new Response("of the network");
              await asks("/web/js/words.js");
              await asks("/web/js/words.0123456789.js");
              await asks("/web/js/words.js", { method: "POST" });
              await asks("https://elsewhere.example/web/js/words.js");
              await asks("/gate/scan");
              await asks("/entrance/roster.js");
              const navigate = { mode: "navigate" };
              await asks("/sale", navigate);
              await asks("/entrance", navigate);
              navigator.languages = ["de", "en-GB"];
              await asks("/entrance", navigate);
              navigator.languages = ["de"];
              await asks("/entrance", navigate);
              nowhere("language").set("/entrance", new Response("fr"));
              await asks("/entrance", navigate);
              nowhere("language").set("/entrance", new Response("xx"));
              await asks("/entrance", navigate);
              return found;
            }
            """);

        string[] installs = ["/web/js/words.js sha256-AAAA no-cache", "/entrance/roster.js sha256-BBBB no-cache", "asked /entrance en omit no-store"];
        found.Should().Equal(
            [
                .. installs, "asked /entrance fr omit no-store", "install done", "/entrance?en /entrance?fr", .. installs, "install The page is none of version new.", .. installs, "install The page is none of version new.",
                "claims", "activate done", "language another entrance-new", "takes over",
                "GET /web/js/words.js kept /web/js/words.js", "GET /web/js/words.0123456789.js kept /web/js/words.js", "POST /web/js/words.js untouched", "GET https://elsewhere.example/web/js/words.js untouched", "GET /gate/scan untouched",
                "asked https://tickets.example/entrance/roster.js", "GET /entrance/roster.js of the network", "GET /sale untouched", "GET /entrance kept /entrance?fr", "GET /entrance kept /entrance?en", "GET /entrance kept /entrance?en",
                "GET /entrance kept /entrance?fr", "GET /entrance kept /entrance?en",
            ]);
    }

    [SkippableFact]
    public async Task A_language_that_is_chosen_is_remembered_before_anything_else_where_the_browser_keeps_anything()
    {
        var found = await EntranceStage.RunAsync(
            await chromium.NewPageAsync(),
            await site.UrlAsync(),
            """
            const { onChoice, remember } = await from("language");
            const found = [];
            const chosen = async () => (await (await (await caches.open("language")).match("/entrance"))?.text());
            for (const link of document.querySelectorAll("a[data-language]")) link.replaceWith(link.cloneNode(true));
            let go;
            const next = () => new Promise((resolve) => { go = resolve; });
            onChoice(async (link) => go(`goes to ${link.lang} knowing ${await chosen()}`));
            document.addEventListener("click", (event) => { found.push(`stays ${event.defaultPrevented}`); event.preventDefault(); });
            const click = (language, more = {}) => document.querySelector(`a[data-language][lang=${language}]`).dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...more }));
            for (const language of ["fr", "en"]) { const gone = next(); click(language); found.push(await gone); }
            for (const key of ["ctrlKey", "metaKey", "shiftKey"]) {
              await remember("en");
              go = () => found.push("goes");
              click("fr", { [key]: true });
              for (let i = 0; i < 200 && await chosen() !== "fr"; i++) await new Promise((later) => setTimeout(later, 5));
              await new Promise((later) => setTimeout(later));
              found.push(`${key} ${await chosen()}`);
            }

            const open = CacheStorage.prototype.open;
            for (const fault of [new DOMException("full", "QuotaExceededError"), new RangeError("odd")]) {
              CacheStorage.prototype.open = async () => { throw fault; };
              found.push(String(await said(() => remember("en"))));
            }
            CacheStorage.prototype.open = open;
            delete globalThis.caches;
            found.push(`${"caches" in globalThis} ${await said(() => remember("en"))}`);
            return found;
            """);

        found.Should().Equal(
            "stays true", "goes to fr knowing fr", "stays true", "goes to en knowing en", "stays false", "ctrlKey fr", "stays false", "metaKey fr", "stays false", "shiftKey fr", "undefined", "RangeError odd", "false undefined");
    }

    [SkippableFact]
    public async Task A_device_asks_for_what_changed_since_its_list_and_for_the_whole_one_where_that_does_not_fit()
    {
        var client = (await site.NodeAsync()).Client;
        using var world = await EntranceWorld.MakeAsync(client);
        var before = await client.GetStringAsync($"/gate/roster?event_id={world.Event}");
        var told = JsonDocument.Parse(before).RootElement;
        var since = $"&since={told.GetProperty("version").GetInt64()}&tip={told.GetProperty("tip").GetString()}";
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.OpenAsync("/entrance");
        await page.Page.EvaluateAsync("() => { globalThis.worker = new Worker('/entrance/roster.js', { type: 'module' }); }");
        var source = new Dictionary<string, string> { ["chain_id"] = told.GetProperty("chain_id").GetString()!, ["event_id"] = world.Event, ["node"] = told.GetProperty("node").GetString()! };
        var asked = new List<string>();
        Func<IRoute, Task> answer = static route => route.ContinueAsync();
        await page.Page.RouteAsync("**/gate/roster?*", route =>
        {
            asked.Add(route.Request.Url.Split(world.Event)[1]);
            return answer(route);
        });

        async Task<string> AskAsync(bool anew = false)
        {
            asked.Clear();
            var said = await page.Page.EvaluateAsync<string>(
                """
                async ([source, anew, revoked]) => {
                  const { recall } = await import("/web/js/entrance/store.js");
                  const { find } = await import("/web/js/entrance/roster.js");
                  const told = await new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data); worker.postMessage({ source, anew }); });
                  const kept = await recall("roster");
                  return told.code ?? `${find(told.roster, revoked).status} ${kept.tip === told.roster.tip} ${await recall("synced") === told.at}`;
                }
                """,
                new object[] { source, anew, world.Tickets[2] });
            return $"{said} {string.Join(' ', asked)}".Trim();
        }

        (await AskAsync()).Should().Be("sold true true");
        (await AskAsync()).Should().Be($"sold true true {since}");
        await world.RevokeAsync(world.Tickets[2]);
        (await AskAsync()).Should().Be($"revoked true true {since}");
        var changes = await client.GetStringAsync($"/gate/roster?event_id={world.Event}{since}");
        (await AskAsync(anew: true)).Should().Be("revoked true true");

        // Changes to another list than the one that is kept.
        answer = route => asked.Count == 1 ? route.FulfillAsync(new RouteFulfillOptions { Body = changes }) : route.ContinueAsync();
        (await AskAsync()).Should().StartWith("revoked true true &since=");
        asked.Should().HaveCount(2).And.HaveElementAt(1, "");
        answer = route => route.FulfillAsync(new RouteFulfillOptions { Body = asked.Count == 1 ? changes : before });
        (await AskAsync()).Should().StartWith("roster_older");
        answer = route => route.FulfillAsync(new RouteFulfillOptions { Body = before });
        (await AskAsync()).Should().StartWith("roster_older");
        asked.Should().ContainSingle();
        (await AskAsync(anew: true)).Should().Be("sold true true");
        answer = static route => route.ContinueAsync();
        (await AskAsync()).Should().StartWith("revoked true true");

        foreach (var (status, body, code) in new[] { (404, """{"type":"/problems/not_found","code":"not_found"}""", "no_event"), (503, """{"type":"/problems/not_ready","code":"not_ready"}""", "not_ready"), (503, """{"code":"not_ready"}""", "unreachable"), (502, "<h1>", "unreachable"), (404, "<h1>", "unreachable"), (403, "null", "unreachable"), (200, "{", "roster_malformed") })
        {
            answer = route => route.FulfillAsync(new RouteFulfillOptions { Status = status, Body = body });
            (await AskAsync()).Should().StartWith(code);
        }

        answer = static route => route.AbortAsync();
        (await AskAsync()).Should().StartWith("unreachable");
    }
}
