// @ts-check
/** The screen that covers all others until the PIN is typed: on demand, and when nobody did anything for a while. */
import { word } from "../words.js";
import { tryPin } from "./pin.js";
import { complain, onSend, part, show } from "./screens.js";
import { keep } from "./store.js";

export class Lock extends EventTarget {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;
  #isLocked = false;
  /** Where the person wanted to go. */
  #next = "scan";

  /** @param {() => number} minutes until it locks by itself; 0 for never */
  constructor(minutes) {
    super();
    this.minutes = minutes;
    const pin = /** @type {HTMLInputElement} */ (part("pin-typed"));
    onSend(part("lock"), async () => {
      complain(pin, "");
      const { right, wait } = await tryPin(pin.value);
      pin.value = "";
      complain(pin, right ? "" : wait > 0 ? word("lock.wait", Math.ceil(wait / 1000)) : word("lock.wrong"));
      if (right) await this.#open();
    });
    part("lock-back").addEventListener("click", () => show("scan"));
    for (const activity of ["pointerdown", "keydown"]) addEventListener(activity, () => this.stir(), { passive: true });
  }

  /** Somebody is here. */
  stir() {
    clearTimeout(this.#idle);
    if (!this.#isLocked && this.minutes() > 0) this.#idle = setTimeout(() => this.close(), this.minutes() * 60_000);
  }

  /** Locks; a page that is opened again is locked still. */
  async close() {
    this.#isLocked = true;
    clearTimeout(this.#idle);
    this.#ask("scan", false);
    await keep("locked", true);
  }

  /** Asks for the PIN before a screen. @param {string} screen */
  askFor(screen) {
    this.#ask(screen, true);
  }

  /** @param {string} screen @param {boolean} canGoBack */
  #ask(screen, canGoBack) {
    this.#next = screen;
    part("lock-back").hidden = !canGoBack;
    complain(/** @type {HTMLInputElement} */ (part("pin-typed")), "");
    part("lock-why").textContent = word(canGoBack ? "lock.menu" : "lock.closed");
    show("lock");
    this.dispatchEvent(new Event("ask"));
  }

  async #open() {
    this.#isLocked = false;
    await keep("locked", false);
    this.stir();
    show(this.#next);
    this.dispatchEvent(new Event("open"));
  }
}
