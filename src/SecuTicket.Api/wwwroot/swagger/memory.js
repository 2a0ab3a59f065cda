// @ts-check
/**
 * What the page has seen, and what stands in examples for it. It lives as long as the page: nothing is stored.
 *
 * @typedef {{ address: string, secret: string, name: string }} MadeAccount
 */
import { randomNonce, VALID_SECONDS } from "../web/js/signature.js";

/** The parts in a ticket's life, in the order in which the introduction has the accounts made. */
const PARTS = ["organiser", "fan A", "fan B", "gate"];

/** Where the gate is in it. */
const GATE = 3;

export class PageMemory {
  /** Accounts made on this page, in order. @type {MadeAccount[]} */
  accounts = [];

  /** The last ids seen, by what they are. @type {Record<string, string>} */
  seen = {};

  /** The last gate code as a QR code: an SVG image. @type {string | null} */
  qrCode = null;

  constructor() {
    this.#renew();
  }

  /**
   * Learns from what the node answered.
   * @param {any} answer of a request that succeeded
   * @returns {boolean} whether there was something to learn
   */
  learn(answer) {
    if (typeof answer !== "object" || answer === null) return false;
    const before = JSON.stringify([this.seen, this.accounts.length]);
    if (isText(answer.address) && isText(answer.secret)) this.#keepAccount(answer.address, answer.secret);
    if (isText(answer.transaction_id)) {
      this.seen.transaction_id = answer.transaction_id;
      this.#renew();
    }
    if (isText(answer.event_id) && "transaction_id" in answer) this.seen.event_id = answer.event_id;
    if (Array.isArray(answer.ticket_ids) && isText(answer.ticket_ids[0])) this.seen.ticket_id = answer.ticket_ids[0];
    if (isText(answer.code) && isText(answer.svg)) {
      this.seen.gate_code = answer.code;
      this.qrCode = answer.svg;
    }

    if (isText(answer.code) && isText(answer.expires_at) && !isText(answer.svg)) this.seen.pairing_code = answer.code;

    // A ticket or an event that was looked at is the one meant from now on.
    if (isText(answer.id) && isText(answer.seat)) Object.assign(this.seen, { ticket_id: answer.id, event_id: answer.event_id });
    if (isText(answer.id) && isText(answer.venue)) this.seen.event_id = answer.id;
    return before !== JSON.stringify([this.seen, this.accounts.length]);
  }

  /**
   * What stands in examples, by kind, and what it stands for now; what is not known yet is absent.
   * @param {string | null} signer the account that signs
   * @returns {Record<string, string>}
   */
  values(signer) {
    const addresses = this.accounts.map((account) => account.address);
    const [organiser, ...fans] = addresses;
    const known = {
      ...this.seen,
      account: signer ?? addresses.at(-1),
      other_account: [...fans, organiser].find((address) => address !== undefined && !same(address, signer)),
      gate: addresses[GATE] ?? organiser ?? signer,
    };
    return /** @type {Record<string, string>} */ (Object.fromEntries(Object.entries(known).filter(([, value]) => isText(value))));
  }

  /**
   * What is new in every transaction.
   * @param {number} now unix seconds
   * @returns {Record<string, string>}
   */
  static fresh(now) {
    return { nonce: randomNonce(), valid_until: String(now + VALID_SECONDS) };
  }

  /**
   * The part that an account plays here, or its address in short.
   * @param {string} address
   */
  nameOf(address) {
    return this.accounts.find((account) => same(account.address, address))?.name ?? `${address.slice(0, 8)}…`;
  }

  /**
   * @param {string} address
   * @param {string} secret
   */
  #keepAccount(address, secret) {
    if (this.accounts.some((account) => same(account.address, address))) return;
    this.#renew();
    this.accounts.push({ address, secret, name: PARTS[this.accounts.length] ?? `account ${this.accounts.length + 1}` });
  }

  /** A payment counts once and a person has one account: what the next ones are called. */
  #renew() {
    this.seen.reference = `payment-${randomNonce().slice(0, 12)}`;
    this.seen.person = `Person ${randomNonce().slice(0, 6)}`;
  }
}

/** @param {unknown} value @returns {value is string} */
function isText(value) {
  return typeof value === "string";
}

/**
 * @param {string} address
 * @param {string | null | undefined} other
 */
function same(address, other) {
  return address.toLowerCase() === other?.toLowerCase();
}
