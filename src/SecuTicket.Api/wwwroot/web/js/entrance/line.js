// @ts-check
/**
 * Whether the node answers. A gate does not wait for it: after two seconds it goes on alone, and asks again by and by.
 */
import { isBusy, read, Refused, Unanswered } from "../ledger.js";

/** How long a scan waits for the node, in milliseconds. */
export const PATIENCE = 2_000;

/** How long until it is asked again. */
export const BETWEEN_TRIES = 5_000;

/** The node did not answer in time, or not at all, or has no time for us; or somebody else answered. */
export class Silence extends Error {}

export class Line extends EventTarget {
  #isUp = navigator.onLine;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #next;

  constructor() {
    super();
    addEventListener("offline", () => this.#turn(false));
    addEventListener("online", () => this.#try());
    if (!this.#isUp) this.#later();
  }

  get isUp() { return this.#isUp; }

  /**
   * What the node answers, if it does before the patience is at its end; else the gate is offline from now on.
   * @template T
   * @param {() => Promise<T>} ask
   * @returns {Promise<T>}
   * @throws {Silence}
   */
  async within(ask) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const end = new Promise((_, reject) => { timer = setTimeout(() => reject(new Silence()), PATIENCE); });
    try {
      return /** @type {T} */ (await Promise.race([ask(), end]));
    } catch (fault) {
      if (fault instanceof Silence) this.#turn(false);
      throw fault;
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {boolean} isUp */
  #turn(isUp) {
    clearTimeout(this.#next);
    if (!isUp) this.#later();
    if (this.#isUp === isUp) return;
    this.#isUp = isUp;
    this.dispatchEvent(new Event("change"));
  }

  #later() {
    this.#next = setTimeout(() => this.#try(), BETWEEN_TRIES);
  }

  async #try() {
    // A device that has no network is spared the question.
    if (!navigator.onLine) return this.#turn(false);
    try {
      await this.within(async () => {
        const node = await read("/info").catch(silent);
        if (typeof node?.chain_id !== "string") throw new Silence();
      });
      this.#turn(true);
    } catch (fault) {
      // Whoever refuses is there.
      if (fault instanceof Refused) this.#turn(true);
      else if (!(fault instanceof Silence)) throw fault;
    }
  }
}

/**
 * A refusal is an answer; no answer, somebody else's, too many questions and a fault of the node are none.
 * @param {unknown} fault
 * @returns {never}
 */
export function silent(fault) {
  throw fault instanceof Refused && !(fault instanceof Unanswered) && !isBusy(fault) ? fault : new Silence();
}
