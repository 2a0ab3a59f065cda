// @ts-check
/**
 * The newest roster of the page, and how old it is. What fetches it is a worker.
 *
 * @typedef {import("./roster.js").Roster} Roster
 */
import { recall } from "./store.js";

/** How often the node is asked what changed, in milliseconds. */
export const BETWEEN_ROSTERS = 60_000;

/** From when on a roster is old: what was sold, given or revoked since is not known here. */
export const OLD = 15 * 60_000;

export class Rosters extends EventTarget {
  /** @type {Worker | null} made when it is wanted, anew after one that could not be loaded */
  #worker = null;
  /** @type {Promise<string | null> | null} */
  #asked = null;

  /** @param {import("./store.js").Pairing} pairing */
  constructor(pairing) {
    super();
    this.source = { chain_id: pairing.chain_id, event_id: pairing.event_id, node: pairing.node };
    /** @type {Roster | null} */
    this.newest = null;
    this.syncedAt = 0;
    this.ahead = 0;
  }

  /** Takes up what this device keeps. */
  async load() {
    this.newest = await recall("roster") ?? null;
    this.syncedAt = await recall("synced") ?? 0;
  }

  /**
   * Asks the node; a second time only when the first was answered.
   * @param {boolean} [anew] the whole one, even if it is older than what is kept
   * @returns {Promise<string | null>} the code of what went wrong; null for nothing
   */
  async sync(anew = false) {
    // Who wants the whole list is not served by an answer about changes.
    while (anew && this.#asked !== null) await this.#asked;
    this.#asked ??= this.#ask(anew).finally(() => { this.#asked = null; });
    return this.#asked;
  }

  /** @param {boolean} anew */
  async #ask(anew) {
    const worker = this.#worker ??= new Worker("/entrance/roster.js", { type: "module" });
    const told = await new Promise((resolve) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = () => {
        worker.terminate();
        this.#worker = null;
        resolve({ code: "no_worker" });
      };
      worker.postMessage({ source: this.source, anew });
    });
    if (told.code) return told.code;
    [this.newest, this.syncedAt, this.ahead] = [told.roster, told.at, told.ahead];
    this.dispatchEvent(new Event("change"));
    return null;
  }
}
