// @ts-check
/** When what this gate did is brought to the node: after each scan, when the node answers again, and now and then. */
import { Refused } from "../ledger.js";
import { report } from "./report.js";

/** How long a report may take, in milliseconds, before another one is begun: the same again changes nothing at the node. */
const LONGEST = 60_000;

export class Outbox extends EventTarget {
  /** @type {Promise<boolean> | null} */
  #sending = null;
  #isDue = false;
  conflicts = 0;
  /** @type {string[]} */
  refused = [];

  /** @param {import("./receipts.js").ReceiptLog} log @param {import("./line.js").Line} line */
  constructor(log, line) {
    super();
    this.log = log;
    this.line = line;
  }

  /** Sends, where there is something and somebody to send it to; what comes meanwhile goes after it. */
  async nudge() {
    if (this.#sending !== null) this.#isDue = true;
    else if (this.line.isUp && this.log.open.length > 0) await this.send();
  }

  /** @returns {Promise<boolean>} whether the node took part */
  send() {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = null;
      if (this.#isDue) this.nudge();
      this.#isDue = false;
    });
    return this.#sending;
  }

  async #send() {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const end = new Promise((/** @type {(value: null) => void} */ resolve) => { timer = setTimeout(() => resolve(null), LONGEST); });
    try {
      const reported = await Promise.race([report(this.log), end]);
      if (reported === null) return false;
      this.conflicts += reported.conflicts;
      this.refused = reported.refused;
      return true;
    } catch (fault) {
      if (!(fault instanceof Refused) && !(fault instanceof TypeError)) throw fault;
      return false;
    } finally {
      clearTimeout(timer);
      this.dispatchEvent(new Event("change"));
    }
  }
}
