// @ts-check
/**
 * The worker of the gate's page that fetches rosters: 100,000 entries are read, checked and kept without a scan having to wait for it.
 */
import { isOfNode } from "/web/js/ledger.js";
import { readRoster, RosterFault, withAnswer } from "/web/js/entrance/roster.js";
import { keep, recall } from "/web/js/entrance/store.js";

/** @typedef {import("../web/js/entrance/roster.js").Roster} Roster */

/** How long a roster may take to come, in milliseconds: 20 MB on a poor network. */
const LONGEST = 120_000;

/**
 * @param {import("../web/js/entrance/roster.js").Source} source
 * @param {Roster | null} from what changes are wanted to; null for a full one
 */
async function ask(source, from) {
  const since = from === null ? "" : `&since=${from.version}&tip=${from.tip}`;
  const answer = await fetch(`/gate/roster?event_id=${source.event_id}${since}`, { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(LONGEST) });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => null);
    throw new RosterFault(!isOfNode(problem) ? "unreachable" : answer.status === 404 ? "no_event" : problem.code);
  }
  return { told: await readRoster(await answer.text(), source), date: answer.headers.get("Date") };
}

/**
 * @param {import("../web/js/entrance/roster.js").Source} source
 * @param {boolean} anew the whole one, even if it is older than what is kept
 */
async function fetchRoster(source, anew) {
  /** @type {Roster | null} */
  const kept = anew ? null : await recall("roster") ?? null;
  let { told, date } = await ask(source, kept);
  if (kept !== null && told.version < kept.version) throw new RosterFault("roster_older");
  let roster;
  try {
    roster = withAnswer(told, kept);
  } catch (fault) {
    if (!(fault instanceof RosterFault) || kept === null) throw fault;
    ({ told, date } = await ask(source, null));
    if (told.version < kept.version) throw new RosterFault("roster_older");
    roster = withAnswer(told, null);
  }

  const at = Date.now();
  // Where nothing changed there is nothing to write but that it was asked.
  if (kept === null || kept.tip !== roster.tip) await keep("roster", roster);
  await keep("synced", at);
  // The header has whole seconds, cut off: half of one is the best guess.
  return { roster, at, ahead: date === null ? 0 : at - Date.parse(date) - 500 };
}

addEventListener("message", async ({ data: { source, anew } }) => {
  try {
    postMessage(await fetchRoster(source, anew));
  } catch (fault) {
    postMessage({ code: fault instanceof RosterFault ? fault.code : "unreachable" });
  }
});
