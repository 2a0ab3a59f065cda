using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>Where the scripts of a gate are tried one by one, without a node that answers by itself.</summary>
internal static class EntranceStage
{
    // A pairing, codes by keys that the test has, a roster of them, and a node whose answers are a list: a status and a body for each request in turn; 0 for none at all.
    private const string Setting =
        """
        const from = (name) => import(`/web/js/${name}.js`);
        const [{ createKey, sign }, { ReceiptLog }, store, { judge }, { Turnstile }, { report }, { Outbox }, { Silence, silent }, { tryPin, setPin }] =
          await Promise.all(["key", "receipts", "store", "judge", "turnstile", "report", "outbox", "line", "pin"].map((name) => from(`entrance/${name}`)));
        const [{ withAnswer }, { toBase45 }, { messageOf, secondsOf }, { bytesOf, hex }, { makeLow }, { Refused, Unanswered }] = await Promise.all(["entrance/roster", "base45", "gatecode", "signature", "entrance/curve", "ledger"].map(from));
        const holderPair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
        const point = new Uint8Array(await crypto.subtle.exportKey("raw", holderPair.publicKey));
        const { accountOf, addressText } = await from("keccak");
        const holder = addressText(accountOf(point));
        const gateKey = await createKey();
        const event_id = "e".repeat(32);
        const pairing = { event_id, event_name: "Event", chain_id: "chain", node: gateKey.address, gate: gateKey.address, public_key: gateKey.public_key, key: gateKey.key, name: "Gate" };
        const now = Math.floor(Date.now() / 1000);
        const codeOf = async (ticket, at = now) => {
          const signature = new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, holderPair.privateKey, messageOf("chain", ticket, at)));
          makeLow(signature);
          return `ST1:${toBase45([1, ...bytesOf(ticket), ...secondsOf(at), 2 + (point[64] & 1), ...point.subarray(1, 33), ...signature])}`;
        };
        const id = (n) => n.toString(16).padStart(32, "0");
        const entry = (n, status, more = {}) => ({ ticket_id: id(n), owner: holder, session: 0, seat: `A-${n}`, status, ...more });
        const rosterOf = (entries, event = {}) => withAnswer({ full: true, chain_id: "chain", event_id, node: pairing.node, version: 1, tip: "t", entries,
          event: { name: "Event", venue: "Hall", sessions: [{ date: "2027-06-15", time: "19:00" }], gates: [pairing.gate], cancelled: false, ...event } }, null);
        const problem = (code) => ({ code, type: `/problems/${code}` });
        // What stands before a node answers in its place.
        const portal = () => "<!doctype html><title>Welcome to our network</title>";
        const asked = [];
        const answers = [];
        globalThis.fetch = async (path, { body } = {}) => {
          if (path === "/info") return new Response(JSON.stringify({ chain_id: "chain", node: pairing.node }));
          asked.push(path);
          const [status, answer] = answers.shift();
          if (status === 0) throw new TypeError("nobody");
          return new Response(typeof answer === "function" ? answer(body) : JSON.stringify(answer ?? {}), { status });
        };
        const said = async (act) => { try { return await act(); } catch (fault) { return `${fault.constructor.name} ${fault.code ?? fault.message}`.trim(); } };
        """;

    /// <summary>Runs a script in the gate's page, with what is set up for it in scope.</summary>
    /// <param name="tab">An empty page.</param>
    /// <param name="server">The site.</param>
    /// <param name="script">The body of a function that answers texts.</param>
    public static async Task<string[]> RunAsync(IPage tab, string server, string script)
    {
        var page = new SitePage(tab, server);
        await page.OpenAsync("/entrance");

        // By then the page's own script has done what it does by itself.
        await tab.Locator("[data-pair]").WaitForAsync();
        return await page.Page.EvaluateAsync<string[]>($"async () => {{ {Setting} {script} }}");
    }
}
