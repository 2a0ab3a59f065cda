// @ts-check
/**
 * The tickets of an event as a gate without a network knows them: read and checked as they come, kept in few large pieces, looked up in no time.
 * Used by the page and by its worker.
 *
 * @typedef {"sold" | "unsold" | "listed" | "redeemed" | "revoked"} Status
 * @typedef {{ ticket_id: string, session: number, seat: string, owner: string, status: Status, redeemed_at?: string }} Entry as the node tells it
 * @typedef {{ name: string, venue: string, sessions: { date: string, time: string }[], time_zone?: string, gates: string[], cancelled: boolean }} Event
 * @typedef {{ chain_id: string, event_id: string, node: string }} Source whose roster of what is expected
 * @typedef {Source & { event: Event, version: number, tip: string, count: number, ids: Uint8Array<ArrayBuffer>, owners: Uint8Array<ArrayBuffer>, statuses: Uint8Array<ArrayBuffer>,
 *   sessions: Uint16Array<ArrayBuffer>, redeemed: Float64Array<ArrayBuffer>, seatEnds: Uint32Array<ArrayBuffer>, seats: string }} Roster entries by ticket, ascending
 * @typedef {Source & { type: string, event: Event, version: number, height: number, tip: string, full: boolean, since?: number, since_tip?: string, entries: Entry[] }} Told
 */
import { bytesOf } from "../signature.js";
import { verifies } from "./code.js";
import { accountOf, addressText } from "../keccak.js";

/** @type {Status[]} */
const STATUSES = ["sold", "unsold", "listed", "redeemed", "revoked"];

/** Bytes of a ticket's id, and of an account. */
const ID = 16;
const ACCOUNT = 20;

/** Entries of a roster at most. */
const MAX_ENTRIES = 1_000_000;

const SIGNATURE = /^,"signature":\{"public_key":"(04[0-9a-f]{128})","scheme":"p256","signature":"([0-9a-f]{128})"\}/;

/** Why a roster is not believed; the code is one of docs/protocol.md. */
export class RosterFault extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * Reads an answer of `GET /gate/roster` and believes it only if the node signed it. What is parsed is the very text that the signature is of: the answer
 * without its signature, which stands behind the entries.
 * @param {string} text
 * @param {Source} source
 * @returns {Promise<Told>}
 * @throws {RosterFault} roster_malformed, wrong_chain, wrong_event, wrong_node or signature_invalid
 */
export async function readRoster(text, source) {
  const at = text.lastIndexOf(',"signature":{');
  const proof = at < 0 ? null : SIGNATURE.exec(text.slice(at, at + 400));
  if (proof === null) throw new RosterFault("roster_malformed");
  const signed = text.slice(0, at) + text.slice(at + proof[0].length);
  const told = parsed(signed);
  if (told.chain_id !== source.chain_id) throw new RosterFault("wrong_chain");
  if (told.event_id !== source.event_id) throw new RosterFault("wrong_event");
  if (told.node !== source.node) throw new RosterFault("wrong_node");
  const point = bytesOf(proof[1]);
  if (addressText(accountOf(point)) !== told.node || !await verifies(point, bytesOf(proof[2]), new TextEncoder().encode(signed))) throw new RosterFault("signature_invalid");
  return told;
}

/** @param {string} signed @returns {Told} */
function parsed(signed) {
  try {
    const told = JSON.parse(signed);
    if (told.type === "gate_roster" && Array.isArray(told.entries) && told.entries.length <= MAX_ENTRIES) return told;
  } catch (fault) {
    if (!(fault instanceof SyntaxError)) throw fault;
  }

  throw new RosterFault("roster_malformed");
}

/**
 * The roster that an answer makes with what was kept.
 * @param {Told} told
 * @param {Roster | null} kept
 * @returns {Roster}
 * @throws {RosterFault} roster_mismatch where changes do not start from what is kept
 */
export function withAnswer(told, kept) {
  if (told.full) return pack(told, told.entries);
  if (kept === null || told.since !== kept.version || told.since_tip !== kept.tip) throw new RosterFault("roster_mismatch");
  const places = told.entries.map((entry) => placeOf(kept, bytesOf(entry.ticket_id)));
  if (places.some((place) => place < 0)) {
    const changed = new Set(told.entries.map((entry) => entry.ticket_id));
    return pack(told, [...entriesOf(kept)].filter((entry) => !changed.has(entry.ticket_id)).concat(told.entries));
  }

  // A ticket's seat and session are in its id: they never change.
  told.entries.forEach((entry, i) => write(kept, places[i], entry));
  return { ...kept, event: told.event, version: told.version, tip: told.tip };
}

/**
 * @param {Told} told
 * @param {Entry[]} entries
 * @returns {Roster}
 */
function pack({ chain_id, event_id, node, event, version, tip }, entries) {
  const sorted = entries.toSorted((a, b) => (a.ticket_id < b.ticket_id ? -1 : 1));
  const count = sorted.length;
  /** @type {Roster} */
  const roster = {
    chain_id, event_id, node, event, version, tip, count, ids: new Uint8Array(ID * count), owners: new Uint8Array(ACCOUNT * count), statuses: new Uint8Array(count),
    sessions: new Uint16Array(count), redeemed: new Float64Array(count), seatEnds: new Uint32Array(count), seats: sorted.map((entry) => entry.seat).join(""),
  };
  let end = 0;
  sorted.forEach((entry, i) => {
    roster.ids.set(bytesOf(entry.ticket_id), ID * i);
    roster.sessions[i] = entry.session;
    roster.seatEnds[i] = end += entry.seat.length;
    write(roster, i, entry);
  });
  return roster;
}

/** @param {Roster} roster @param {number} i @param {Entry} entry */
function write(roster, i, entry) {
  roster.owners.set(bytesOf(entry.owner.slice(2)), ACCOUNT * i);
  roster.statuses[i] = STATUSES.indexOf(entry.status);
  roster.redeemed[i] = entry.redeemed_at === undefined ? 0 : Date.parse(entry.redeemed_at);
}

/**
 * @param {Roster} roster
 * @param {string} ticket 32 hex digits
 */
export function find(roster, ticket) {
  const place = placeOf(roster, bytesOf(ticket));
  return place < 0 ? null : entryAt(roster, place);
}

/** @param {Roster} roster @param {number} i */
function entryAt(roster, i) {
  return {
    owner: roster.owners.slice(ACCOUNT * i, ACCOUNT * (i + 1)),
    session: roster.sessions[i],
    seat: roster.seats.slice(i === 0 ? 0 : roster.seatEnds[i - 1], roster.seatEnds[i]),
    status: STATUSES[roster.statuses[i]],
    redeemedAt: roster.redeemed[i] === 0 ? null : roster.redeemed[i],
  };
}

/** @param {Roster} roster @returns {Generator<Entry>} */
function* entriesOf(roster) {
  for (let i = 0; i < roster.count; i++) {
    const { owner, session, seat, status, redeemedAt } = entryAt(roster, i);
    const ticket_id = digits(roster.ids.subarray(ID * i, ID * (i + 1)));
    yield { ticket_id, owner: `0x${digits(owner)}`, session, seat, status, ...(redeemedAt === null ? {} : { redeemed_at: new Date(redeemedAt).toISOString() }) };
  }
}

/** @param {Uint8Array} bytes */
const digits = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Tickets that somebody has, and those that somebody went in with, as the roster knows it.
 * @param {Roster} roster
 */
export function totals(roster) {
  let [held, redeemed] = [0, 0];
  for (const status of roster.statuses) {
    if (STATUSES[status] === "redeemed") redeemed++;
    if (STATUSES[status] !== "unsold" && STATUSES[status] !== "revoked") held++;
  }

  return { held, redeemed };
}

/**
 * Binary search; -1 for none.
 * @param {Roster} roster
 * @param {Uint8Array} id
 */
function placeOf(roster, id) {
  let [low, high] = [0, roster.count - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compare(roster.ids, ID * middle, id);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }

  return -1;
}

/** @param {Uint8Array} ids @param {number} from @param {Uint8Array} id */
function compare(ids, from, id) {
  for (let i = 0; i < ID; i++) if (ids[from + i] !== id[i]) return ids[from + i] - id[i];
  return 0;
}
