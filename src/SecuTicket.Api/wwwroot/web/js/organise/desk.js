// @ts-check
/**
 * What an organiser's page does in the browser: it signs and sends. The page itself only shows; it calls these functions and hears how it went.
 *
 * @typedef {{ invokeMethodAsync: (name: string, ...values: unknown[]) => Promise<unknown> }} Page a component on the server
 * @typedef {{ ok: boolean, answer?: any, code?: string, message?: string, errors?: Record<string, string[]> }} Outcome
 * @typedef {{ section: string, rows: string[], first: number, last: number, price: number, sessions: number[] }} Block
 */
import { askSigned, items, read, Refused, Unanswered, write } from "../ledger.js";
import { canonicalise, SigningError } from "../signature.js";
import { chosen, onChange, signerOf } from "../wallets.js";
import { word } from "../words.js";
import { tellWritten } from "../written.js";
import { forgetDraft } from "./draft.js";
import "./press.js";

export { beginDraft, forgetDraft } from "./draft.js";

/** Seats that one transaction may issue. */
const MOST_SEATS = 1_000;

/** Pressed once more because its answer was lost it would be another one: another event, for one. So what was pressed goes on until the node says what became of it. */
const SURELY = { lost: () => {} };

/** What may pass when it is tried again, and how often it is. */
const PASSING = new Set(["pool_full", "rate_limited", "not_ready", "storage_failed"]);
const TRIES = 20;
const PAUSE_MS = 1_500;

/** How often the seats that are there are read anew because somebody else issued some of ours meanwhile. */
const ROUNDS = 5;

/** @param {Page} page hears of another wallet */
export async function watchWallet(page) {
  onChange(async () => page.invokeMethodAsync("WalletChanged", await shown()));
  return shown();
}

async function shown() {
  const wallet = await chosen();
  return wallet && { address: wallet.address, name: wallet.name, asks: wallet.kind === "passkey" };
}

/**
 * @param {string} route
 * @param {Record<string, unknown> & { type: string }} fields
 * @param {Record<string, unknown> | null} [replaced] what fields of the event are replaced
 * @returns {Promise<Outcome>}
 */
export const submit = (route, fields, replaced = null) => outcome(async () =>
  write(route, fields, await signer(), { ...SURELY, sending: () => still(/** @type {string} */ (fields.event_id), replaced ?? {}) }));

/**
 * Asked when it is signed, for a passkey's owner takes a while: what somebody else changed meanwhile is not undone by who has not seen it.
 * @param {string} event
 * @param {Record<string, unknown>} replaced
 * @throws {Refused}
 */
async function still(event, replaced) {
  const names = Object.keys(replaced);
  if (names.length === 0) return;
  // Nothing was sent yet, so nothing is lost either.
  const present = await read(`/events/${event}?pending=true`).catch((fault) => { throw fault instanceof Unanswered ? new Refused(fault.problem) : fault; });
  if (names.some((name) => canonicalise(present[name]) !== canonicalise(replaced[name]))) throw new Refused({ code: "changed", detail: word("refused.changed") });
}

/**
 * @param {Record<string, unknown> & { type: string }} fields of a new event
 * @param {Block[]} blocks the seats that it is to have
 * @returns {Promise<Outcome>}
 */
export const create = (fields, blocks) => outcome(async () => {
  const created = await write("/events", fields, await signer(), SURELY);
  plan(/** @type {string} */ (created.event_id), blocks);
  forgetDraft();
  return created;
});

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} body null for none
 * @returns {Promise<Outcome>}
 */
export const ask = (method, path, body) => outcome(async () => askSigned(method, path, body ?? undefined, await signer()), method !== "GET");

async function signer() {
  const wallet = await chosen();
  if (wallet === null) throw new Refused({ code: "no_wallet", detail: word("refused.no_wallet") });
  return signerOf(wallet);
}

/** @param {() => Promise<any>} act @param {boolean} [does] false: it only reads @returns {Promise<Outcome>} */
async function outcome(act, does = true) {
  try {
    const answer = await act();
    tellWritten();
    return { ok: true, answer };
  } catch (fault) {
    if (does && fault instanceof Unanswered) return { ok: false, code: "", message: word("refused.lost") };
    if (fault instanceof Refused) return { ok: false, code: fault.code, message: fault.message, errors: fault.problem.errors };
    if (fault instanceof SigningError) return { ok: false, code: "", message: word("refused.insecure") };
    // A passkey's owner said no, or did not answer (W3C WebAuthn Level 2, 5.1.4).
    if (fault instanceof DOMException) return { ok: false, code: "", message: word("refused.cancelled") };
    throw fault;
  }
}

/** @param {string[]} texts as fields of type datetime-local hold them @returns {(number | null)[]} unix seconds */
export const secondsOf = (texts) => texts.map((text) => {
  const at = new Date(text).getTime();
  return Number.isFinite(at) ? Math.floor(at / 1000) : null;
});

/** @param {(number | null)[]} seconds */
export const textsOf = (seconds) => seconds.map((at) => {
  if (at === null) return "";
  const date = new Date(at * 1000);
  return Number.isFinite(date.getTime()) ? new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : "";
});

/** Signs that nobody sees. */
const UNSEEN = /[\p{Format}\p{Default_Ignorable_Code_Point}]/gu;

/** @param {string} text as it is read, and can be typed */
const plain = (text) => text.normalize("NFKC").replace(UNSEEN, "").replace(/\s+/g, " ").trim();

/** @param {string} typed @param {string} text */
export const isSame = (typed, text) => plain(typed) === plain(text);

/** This browser's time zone; the list of the page gets the names of all it knows. */
export function zone() {
  const list = document.querySelector("datalist[data-zones]");
  for (const name of Intl.supportedValuesOf("timeZone")) {
    const option = document.createElement("option");
    option.value = name;
    list?.append(option);
  }

  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** @param {string} event */
const planName = (event) => `secuticket.plan.${event}`;

/**
 * Remembers which seats an event is to have. Blocks, not seats: some hundred bytes, whatever the size of the house.
 * @param {string} event
 * @param {Block[]} blocks
 */
export function plan(event, blocks) {
  localStorage.setItem(planName(event), JSON.stringify([...planOf(event), ...blocks]));
}

/** @param {string} event @returns {Block[]} */
function planOf(event) {
  return JSON.parse(localStorage.getItem(planName(event)) ?? "[]");
}

/** Events that are issued by this page now. */
const running = new Set();

/**
 * Issues what an event lacks of its plan; the panel hears how it goes: Progress(issued, total) and Stopped(reason).
 * @param {string} event
 * @param {Page} panel
 * @param {boolean} starts false: only say how it stands
 */
export function issue(event, panel, starts) {
  const blocks = planOf(event);
  if (blocks.length === 0 || running.has(event)) return;
  // Whoever is told how it stands may begin before all of it is told.
  if (starts) running.add(event);
  goOn(event, blocks, panel, starts).catch((fault) => panel.invokeMethodAsync("Stopped", fault instanceof Refused ? fault.message : String(fault))).finally(() => { if (starts) running.delete(event); });
}

/**
 * @param {string} event
 * @param {Block[]} blocks
 * @param {Page} panel
 * @param {boolean} starts
 */
async function goOn(event, blocks, panel, starts) {
  const wanted = new Map(blocks.flatMap((block) => seatsOf(block)).map((seat) => [`${seat.session} ${seat.name}`, seat]));
  for (let round = 0; round < ROUNDS; round++) {
    const { missing, isInBlocks } = await without(wanted, event, true);
    let issued = wanted.size - missing.length;
    if (missing.length === 0) {
      // What a node has taken may still be refused by a block: the plan is done with when all of it is confirmed. As long as nothing is, the event itself may wait, and there is nothing to ask for.
      if (isInBlocks && (await without(wanted, event, false)).missing.length === 0) localStorage.removeItem(planName(event));
      return panel.invokeMethodAsync("Progress", issued, wanted.size);
    }

    await panel.invokeMethodAsync("Progress", issued, wanted.size);
    if (!starts) return running.has(event) ? undefined : panel.invokeMethodAsync("Stopped", "");

    const by = await signer();
    for (const batch of batchesOf(missing)) {
      // A seat that has its ticket already was issued by another tab or before an answer was lost: it counts, the rest of its batch comes in the next round.
      if (await issueBatch(event, batch, by)) issued += batch.seats.length;
      await panel.invokeMethodAsync("Progress", issued, wanted.size);
    }

    tellWritten();
  }

  return panel.invokeMethodAsync("Stopped", word("issue.again"));
}

/**
 * @param {string} event
 * @param {{ session: number, price: number, seats: string[] }} batch
 * @param {import("../ledger.js").Signer} by
 * @returns {Promise<boolean>} false when some of its seats have tickets already
 */
async function issueBatch(event, batch, by) {
  for (let tried = 1; ; tried++) {
    try {
      await write("/tickets", { type: "issue_tickets", event_id: event, session: batch.session, seats: batch.seats, price: batch.price }, by);
      return true;
    } catch (fault) {
      if (fault instanceof Refused && fault.code === "ticket_exists") return false;
      if (!(fault instanceof Refused && PASSING.has(fault.code)) || tried === TRIES) throw fault;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** @param {Block} block */
function seatsOf(block) {
  const seats = [];
  for (const session of block.sessions)
    for (const row of block.rows)
      for (let seat = block.first; seat <= block.last; seat++) seats.push({ session, price: block.price, name: `${block.section ? `${block.section} ` : ""}${row}-${seat}` });
  return seats;
}

/**
 * @template T
 * @param {Map<string, T>} wanted
 * @param {string} event
 * @param {boolean} pending whether what waits for a block counts
 * @returns {Promise<{ missing: T[], isInBlocks: boolean }>} what has no ticket, and whether a block has any ticket of the event
 */
async function without(wanted, event, pending) {
  const missing = new Map(wanted);
  let isInBlocks = false;
  for await (const ticket of ticketsOf(event, pending)) {
    missing.delete(`${ticket.session} ${ticket.seat}`);
    isInBlocks ||= ticket.confirmations > 0;
  }

  return { missing: [...missing.values()], isInBlocks };
}

/** @param {string} event @param {boolean} pending */
async function* ticketsOf(event, pending) {
  try {
    yield* items(`/events/${event}/tickets?pending=${pending}`);
  } catch (fault) {
    // An event that is not there has no ticket.
    if (!(fault instanceof Refused && fault.code === "not_found")) throw fault;
  }
}

/** @param {{ session: number, price: number, name: string }[]} seats */
function batchesOf(seats) {
  const kinds = Map.groupBy(seats, (seat) => `${seat.session} ${seat.price}`);
  return [...kinds.values()].flatMap((kind) => {
    const batches = [];
    for (let from = 0; from < kind.length; from += MOST_SEATS) batches.push({ session: kind[0].session, price: kind[0].price, seats: kind.slice(from, from + MOST_SEATS).map((seat) => seat.name) });
    return batches;
  });
}
