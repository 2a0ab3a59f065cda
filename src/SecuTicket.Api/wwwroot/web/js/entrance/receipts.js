// @ts-check
/**
 * What this gate did: a signed receipt for each scan, each naming the one before it (docs/protocol.md, "Receipts"). It is on the disk before anybody
 * learns what was found; whoever was let in is known from it after a restart without a network.
 *
 * @typedef {import("./store.js").KeptReceipt} KeptReceipt
 * @typedef {import("./judge.js").Result} Result
 */
import { canonicalise, sha256Hex } from "../signature.js";
import { MAX_LENGTH } from "./code.js";
import { keyOf, sign } from "./key.js";
import { addReceipt, receipts, updateReceipts } from "./store.js";

/** Most receipts of one device: a person every two seconds for more than a day. */
export const MAX_RECEIPTS = 50_000;

const NONE = "0".repeat(64);

/** The receipts are not what this gate wrote, or are too many. */
export class ReceiptFault extends Error {}

/** What is kept of a scanned text. @param {string} scanned */
export const codeOf = (scanned) => scanned.slice(0, MAX_LENGTH).replace(/[^ -~]/g, "?");

/**
 * What a gate signs for a scan; its SHA-256 is the receipt's hash.
 * @param {{ chain_id: string, gate: string, event_id?: string }} scope
 * @param {{ ticket_id: string | null, at: number, result: Result, code: string, previous: string }} receipt
 */
export function canonicalOf({ chain_id, gate, event_id }, { ticket_id, at, result, code, previous }) {
  return canonicalise({ at, chain_id, code, gate, previous, result, type: "gate_receipt", ...(event_id === undefined ? {} : { event_id }), ...(ticket_id === null ? {} : { ticket_id }) });
}

/** The receipts of a gate, in their order. */
export class ReceiptLog {
  /** @type {Map<string, import("./judge.js").Admission>} */
  #admissions = new Map();
  /** @type {Map<number, KeptReceipt>} */
  #open = new Map();
  #last = NONE;

  /** @param {import("./store.js").Pairing} pairing */
  constructor(pairing) {
    this.pairing = pairing;
    this.count = 0;
    this.admitted = 0;
  }

  /**
   * @param {import("./store.js").Pairing} pairing
   * @throws {ReceiptFault} when one is missing
   */
  static async open(pairing) {
    const log = new ReceiptLog(pairing);
    for (const kept of await receipts()) {
      if (kept.number !== log.count + 1 || kept.receipt.previous !== log.#last) throw new ReceiptFault("receipt_gap");
      log.#take(kept);
    }

    return log;
  }

  /** Those that the node does not have, or whose admission is not on the chain, oldest first. */
  get open() { return [...this.#open.values()]; }

  /** The first admission of a ticket by this gate. @param {string} ticket */
  admission(ticket) { return this.#admissions.get(ticket) ?? null; }

  /** The tickets that this gate let somebody in with. */
  tickets() { return this.#admissions.keys(); }

  /**
   * Signs a receipt and has it on the disk.
   * @param {string} scanned
   * @param {{ result: Result, code: import("./code.js").Code | null }} finding
   * @param {number} at unix seconds
   * @param {boolean} redeemed whether the admission is on the chain already
   * @throws {DOMException} it could not be written: nothing is added, and nothing may be shown
   */
  async add(scanned, { result, code }, at, redeemed) {
    if (this.count === MAX_RECEIPTS) throw new ReceiptFault("receipts_full");
    const receipt = { ticket_id: code?.ticket ?? null, at, result, code: codeOf(scanned), previous: this.#last };
    const canonical = canonicalOf(this.pairing, receipt);
    const signature = await sign(keyOf(this.pairing), canonical);
    /** @type {KeptReceipt} */
    const kept = { number: this.count + 1, hash: await sha256Hex(canonical), receipt: { ...receipt, signature }, uploaded: false, redeemed: redeemed || result !== "valid" };
    await addReceipt(kept);
    this.#take(kept);
  }

  /** Notes how far receipts are reported. @param {KeptReceipt[]} changed */
  async note(changed) {
    if (changed.length === 0) return;
    await updateReceipts(changed);
    for (const kept of changed) this.#track(kept);
  }

  /** @param {KeptReceipt} kept */
  #take(kept) {
    const { ticket_id, result, at } = kept.receipt;
    this.#last = kept.hash;
    this.count++;
    if (result === "valid" && ticket_id !== null) {
      this.admitted++;
      if (!this.#admissions.has(ticket_id)) this.#admissions.set(ticket_id, { at: at * 1000, gate: this.pairing.gate });
    }

    this.#track(kept);
  }

  /** @param {KeptReceipt} kept */
  #track(kept) {
    if (kept.uploaded && kept.redeemed) this.#open.delete(kept.number);
    else this.#open.set(kept.number, kept);
  }
}
