// @ts-check
/**
 * Judges codes without a network: on a roster, and on what this gate did since. The order of reasons is that of the node (GateJudge), which judges online.
 *
 * @typedef {"invalid" | "unknown" | "wrong_event" | "event_cancelled" | "revoked" | "not_owner" | "already_redeemed" | "expired" | "valid"} Result
 * @typedef {{ seat: string, session: number, date: string, time: string, owner: string, event_name: string }} Ticket
 * @typedef {{ at: number, gate: string | null }} Admission milliseconds; null for a gate that the roster does not name
 * @typedef {{ result: Result, code: import("./code.js").Code | null, ticket?: Ticket, first?: Admission }} Finding
 */
import { GOOD_FOR_SECONDS } from "../gatecode.js";
import { isSigned, parseCode } from "./code.js";
import { accountOf, addressText } from "../keccak.js";
import { find } from "./roster.js";

/** @type {readonly Result[]} */
export const RESULTS = ["invalid", "unknown", "wrong_event", "event_cancelled", "revoked", "not_owner", "already_redeemed", "expired", "valid"];

/**
 * @param {string} text what was scanned
 * @param {string} gate this gate's address
 * @param {number} now unix seconds
 * @param {import("./roster.js").Roster} roster
 * @param {(ticket: string) => Admission | null} admitted whom this gate let in, whatever the roster says
 * @returns {Promise<Finding>}
 */
export async function judge(text, gate, now, roster, admitted) {
  const code = parseCode(text);
  if (code === null || !await isSigned(code, roster.chain_id)) return { result: "invalid", code };
  const entry = find(roster, code.ticket);
  if (entry === null) return { result: "unknown", code };

  const { event } = roster;
  const first = admitted(code.ticket) ?? (entry.redeemedAt === null ? null : { at: entry.redeemedAt, gate: null });
  const result = resultOf();
  const session = event.sessions[entry.session];
  const ticket = { seat: entry.seat, session: entry.session, date: session.date, time: session.time, owner: addressText(entry.owner), event_name: event.name };
  return { result, code, ticket, ...(result === "already_redeemed" && first ? { first } : {}) };

  /** @returns {Result} */
  function resultOf() {
    if (!event.gates.includes(gate)) return "wrong_event";
    if (event.cancelled) return "event_cancelled";
    if (entry?.status === "revoked") return "revoked";
    // The organiser owns unsold tickets and lets nobody in with them.
    if (entry?.status === "unsold" || !same(accountOf(/** @type {import("./code.js").Code} */ (code).point), /** @type {{ owner: Uint8Array }} */ (entry).owner)) return "not_owner";
    if (first !== null) return "already_redeemed";
    return Math.abs(now - /** @type {import("./code.js").Code} */ (code).at) <= GOOD_FOR_SECONDS ? "valid" : "expired";
  }
}

/** @param {Uint8Array} one @param {Uint8Array} other */
const same = (one, other) => one.every((byte, i) => byte === other[i]);
