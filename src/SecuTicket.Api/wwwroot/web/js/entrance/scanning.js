// @ts-check
/** The screen on which codes are scanned, by a hand scanner that types, by paste, or by camera. */
import { Refused } from "../ledger.js";
import { language, number, reason, word } from "../words.js";
import { Camera, canRead } from "./camera.js";
import { ReceiptFault } from "./receipts.js";
import { find, totals } from "./roster.js";
import { OLD } from "./rosters.js";
import { part, shown } from "./screens.js";
import { cameraFault } from "./setup.js";

/** The same code again is the same scan as long as it is seen, and this much longer, in milliseconds. */
const SAME_CODE = 3_000;

export class Scanning {
  #last = { text: "", until: 0 };
  #judged = Promise.resolve();
  #tickets = { held: 0, inside: 0 };

  /** @param {{ pairing: import("./store.js").Pairing, log: import("./receipts.js").ReceiptLog, rosters: import("./rosters.js").Rosters, line: import("./line.js").Line,
   *   turnstile: import("./turnstile.js").Turnstile, verdict: import("./verdict.js").Verdict, lock: import("./lock.js").Lock }} gate
   * @param {() => void} scanned
   */
  constructor(gate, scanned) {
    this.gate = gate;
    this.scanned = scanned;
    this.field = /** @type {HTMLInputElement} */ (part("scan"));
    this.#listen();
  }

  #listen() {
    const { field, gate } = this;
    part("scan-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = field.value;
      field.value = "";
      if (text !== "") this.offer(text);
      else gate.verdict.hide();
    });
    // A finger on the field wants to type; otherwise a phone's keyboard stays away.
    field.addEventListener("pointerdown", () => { field.inputMode = "text"; });
    field.addEventListener("blur", () => { field.inputMode = "none"; });
    gate.verdict.whole.addEventListener("gone", () => this.attend());
    addEventListener("focus", () => this.attend());
    part("screen-scan").addEventListener("click", (event) => { if (!(/** @type {Element} */ (event.target)).closest("button, a, input")) this.attend(); });
    // What a scanner types goes to the field, wherever the focus was left; a button keeps the keys that press it.
    addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey, target }) => {
      const isPress = key === " " && target instanceof HTMLButtonElement;
      if (key.length === 1 && !ctrlKey && !metaKey && !altKey && !isPress) this.attend();
    });
    gate.rosters.addEventListener("change", () => this.refresh());
    gate.line.addEventListener("change", () => this.tell());
    setInterval(() => this.tell(), 15_000);
  }

  /** The next code comes to the field, while it is shown: what is hidden takes no focus. */
  attend() {
    this.field.focus();
  }

  /** Judges what was scanned, unless it is still the scan before. @param {string} text */
  async offer(text) {
    const { gate } = this;
    if (shown() !== "scan") return;
    const now = performance.now();
    const isSame = text === this.#last.text && now < this.#last.until;
    this.#last = { text, until: now + SAME_CODE };
    if (isSame) return;
    gate.lock.stir();
    this.#judged = this.#judge(text, now);
    await this.#judged;
  }

  /** Waits until what was scanned is judged, and its result has gone. */
  async done() {
    await this.#judged;
    const { verdict } = this.gate;
    if (verdict.isShown) await new Promise((resolve) => verdict.whole.addEventListener("gone", resolve, { once: true }));
  }

  /** @param {string} text @param {number} now when it was seen */
  async #judge(text, now) {
    const { gate } = this;
    try {
      const judged = await gate.turnstile.scan(text);
      gate.verdict.show(judged, gate.pairing.gate);
      performance.clearMeasures("verdict");
      performance.measure("verdict", { start: now });
      if (judged.result === "valid") this.#tickets.inside++;
    } catch (fault) {
      if (fault instanceof Refused) gate.verdict.showFault(fault.message);
      else if (fault instanceof ReceiptFault || fault instanceof DOMException) gate.verdict.showFault(word(fault instanceof ReceiptFault ? fault.message : "receipt_unwritten"));
      else throw fault;
    }

    this.tell();
    this.scanned();
  }

  /** Counts anew, when another roster is here. */
  refresh() {
    const { log, rosters } = this.gate;
    if (rosters.newest === null) return;
    const { held, redeemed } = totals(rosters.newest);
    let own = 0;
    for (const ticket of log.tickets()) if (find(rosters.newest, ticket)?.redeemedAt === null) own++;
    this.#tickets = { held, inside: redeemed + own };
    part("event").textContent = rosters.newest.event.name;
    this.tell();
  }

  /** Says how the gate stands. */
  tell() {
    const { log, rosters, line, pairing } = this.gate;
    part("admitted").textContent = number(log.admitted);
    part("refused").textContent = number(log.count - log.admitted);
    part("inside").textContent = word("totals.of", number(this.#tickets.inside), number(this.#tickets.held));

    const isUp = line.isUp;
    badge("line", isUp ? "good" : "warn", word(isUp ? "line.up" : "line.down"));
    const isOld = Date.now() - rosters.syncedAt > OLD;
    badge("age", isOld ? "warn" : "", word(isOld ? "age.old" : "age", ago(rosters.syncedAt)));
    badge("waiting", "", log.open.length === 0 ? "" : word("unsent", number(log.open.length)));

    const event = rosters.newest?.event;
    const ahead = Math.round(Math.abs(rosters.ahead) / 1000);
    note("note-offline", isUp ? "" : word("line.down.why"));
    note("note-event", event?.cancelled ? word("do.event_cancelled") : event && !event.gates.includes(pairing.gate) ? word("not_listed") : "");
    note("note-clock", ahead > 5 ? word(rosters.ahead > 0 ? "clock.ahead" : "clock.behind", ahead) : "");
  }

  /** Says why there is no newer list; that nobody answers is said already. @param {string | null} code null where there is one */
  sayList(code) {
    note("note-list", code === null || code === "unreachable" || code === "not_ready" ? "" : reason({ code }));
  }

  /** Offers the camera, or says why not. */
  async look() {
    const button = part("camera");
    const readable = await canRead();
    button.hidden = !readable;
    note("camera-state", readable ? "" : word("camera.unreadable"));
    if (!readable) return;
    const camera = new Camera(part("video"), (text) => this.offer(text), (fault) => {
      note("camera-state", fault === null ? "" : cameraFault(fault));
      camera.video.hidden = !camera.isOn;
      button.setAttribute("aria-pressed", String(camera.isOn));
    });
    button.addEventListener("click", async () => {
      if (camera.isOn) camera.stop();
      else await camera.start();
      this.attend();
    });
  }
}

/** How long ago something was, in the reader's language. @param {number} at milliseconds */
function ago(at) {
  const minutes = Math.round((Date.now() - at) / 60_000);
  const words = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  if (minutes < 60) return words.format(-minutes, "minute");
  return minutes < 48 * 60 ? words.format(-Math.round(minutes / 60), "hour") : words.format(-Math.round(minutes / 60 / 24), "day");
}

/** @param {string} name @param {string} kind @param {string} text */
function badge(name, kind, text) {
  const place = part(name);
  place.className = `badge ${kind}`;
  place.hidden = text === "";
  if (place.textContent !== text) place.textContent = text;
}

/** @param {string} name @param {string} text empty for none; said once where it changes */
function note(name, text) {
  const place = part(name);
  if (place.textContent !== text) place.textContent = text;
}
