// @ts-check
/**
 * Judges what is scanned: by the node where it answers, by the roster where it does not. One scan at a time; a result is known to nobody before its
 * receipt is on the disk.
 *
 * @typedef {import("./judge.js").Finding & { online: boolean }} Judged
 */
import { isBusy, post, Refused, Unanswered } from "../ledger.js";
import { parseCode } from "./code.js";
import { judge, RESULTS } from "./judge.js";
import { Silence, silent } from "./line.js";
import { admissionOf } from "./report.js";

export class Turnstile {
  #turn = Promise.resolve();

  /**
   * @param {import("./line.js").Line} line
   * @param {import("./receipts.js").ReceiptLog} log
   * @param {() => import("./roster.js").Roster} roster the newest one
   */
  constructor(line, log, roster) {
    this.line = line;
    this.log = log;
    this.roster = roster;
  }

  /**
   * @param {string} scanned whatever it is
   * @returns {Promise<Judged>}
   */
  scan(scanned) {
    const judged = this.#turn.then(() => this.#scan(scanned));
    this.#turn = judged.then(() => {}, () => {});
    return judged;
  }

  /** @param {string} scanned @returns {Promise<Judged>} */
  async #scan(scanned) {
    // One moment for judging and for the receipt, which is judged by it again: that of the scan, however long the node thinks.
    const now = Math.floor(Date.now() / 1000);
    const { finding, redeemed } = this.line.isUp && parseCode(scanned) !== null ? await this.#online(scanned, now) : await this.#offline(scanned, now);
    await this.log.add(scanned, finding, now, redeemed);
    return finding;
  }

  /** @param {string} scanned @param {number} now @returns {Promise<{ finding: Judged, redeemed: boolean }>} */
  async #offline(scanned, now) {
    const finding = await judge(scanned, this.log.pairing.gate, now, this.roster(), (ticket) => this.log.admission(ticket));
    return { finding: { ...finding, online: this.line.isUp }, redeemed: false };
  }

  /** @param {string} scanned a code in form @param {number} now @returns {Promise<{ finding: Judged, redeemed: boolean }>} */
  async #online(scanned, now) {
    try {
      return await this.line.within(async () => {
        const finding = await this.#ask(scanned);
        if (finding.result !== "valid") return { finding, redeemed: false };
        const redeemed = await this.#redeem(/** @type {import("./code.js").Code} */ (finding.code).ticket);
        // Somebody else may have been let in with it between the question and this.
        return redeemed === "refused" ? { finding: await this.#ask(scanned), redeemed: false } : { finding, redeemed: redeemed === "done" };
      });
    } catch (fault) {
      if (fault instanceof Silence) return this.#offline(scanned, now);
      throw fault;
    }
  }

  /** @param {string} scanned @returns {Promise<Judged>} */
  async #ask(scanned) {
    const { gate, event_id } = this.log.pairing;
    const answer = await post("/gate/scan", { code: scanned, gate }).catch(silent);
    // What stands before the node answers with success too: a portal's page, that says nothing of a code.
    if (!RESULTS.includes(answer?.result) || (answer.result === "already_redeemed" && !answer.first)) throw new Silence();
    const code = parseCode(scanned);
    const { ticket } = answer;
    const own = code === null ? null : this.log.admission(code.ticket);
    // This gate is one of this event; where somebody listed it for another one too, that one's tickets do not count here.
    const result = ticket && ticket.event_id !== event_id ? "wrong_event"
      : answer.result === "valid" && own !== null ? "already_redeemed"
      : answer.result;
    const first = result !== "already_redeemed" ? null : own ?? { at: Date.parse(answer.first.at), gate: answer.first.gate };
    return { result, code, online: true, ...(ticket ? { ticket } : {}), ...(first === null ? {} : { first }) };
  }

  /**
   * @param {string} ticket
   * @returns {Promise<"done" | "later" | "refused">}
   */
  async #redeem(ticket) {
    try {
      const written = await post("/tickets/redeem", await admissionOf(this.log.pairing, ticket));
      if (written?.status === "rejected") return "refused";
      if (typeof written?.transaction_id !== "string") throw new Silence();
      return "done";
    } catch (fault) {
      if (fault instanceof Unanswered) throw new Silence();
      if (!(fault instanceof Refused)) throw fault;
      // The node has no room now: let in, and told to the chain later.
      return isBusy(fault) ? "later" : "refused";
    }
  }
}
