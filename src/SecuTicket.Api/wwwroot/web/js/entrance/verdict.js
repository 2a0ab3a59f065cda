// @ts-check
/**
 * A result, over the whole screen: a sign, a word and a colour that say the same, the reason, and what staff need to see. It goes by itself, or at a key.
 *
 * @typedef {import("./sound.js").Colour} Colour
 */
import { element } from "../elements.js";
import { day, moment, short, word } from "../words.js";
import { part } from "./screens.js";
import { announce } from "./sound.js";

/** How long a result stays at least where a person chose no time, in milliseconds: what must be read stays longer. */
const STAYS = { green: 2_500, yellow: 6_000, red: 5_000 };

/** @type {Record<import("./judge.js").Result, Colour>} Yellow: the ticket is real and its holder's, look closer. */
const COLOURS = {
  valid: "green", already_redeemed: "yellow", expired: "yellow",
  invalid: "red", unknown: "red", wrong_event: "red", event_cancelled: "red", revoked: "red", not_owner: "red",
};

export class Verdict {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {import("./menu.js").Settings} settings */
  constructor(settings) {
    this.settings = settings;
    this.whole = part("verdict");
    part("verdict-next").addEventListener("click", () => this.hide());
    addEventListener("keydown", ({ key }) => { if (key === "Escape") this.hide(); });
  }

  get isShown() { return !this.whole.hidden; }

  hide() {
    clearTimeout(this.#timer);
    this.whole.hidden = true;
    this.whole.dispatchEvent(new Event("gone"));
  }

  /** @param {import("./turnstile.js").Judged} judged @param {string} gate this gate's address */
  show({ result, code, ticket, first, online }, gate) {
    const lines = [];
    if (first) lines.push(word(first.gate === null ? "first.somewhere" : first.gate === gate ? "first.here" : "first.at", moment(first.at), short(first.gate ?? "")));
    if (code !== null && !online) lines.push(word("verdict.offline"));
    this.#show(result, COLOURS[result], word(`reason.${result}`), result === "valid" ? "" : word(`do.${result}`), lines, ticket);
  }

  /** That something failed, and so nobody is let in. @param {string} reason */
  showFault(reason) {
    this.#show("fault", "red", word("reason.fault"), reason, [], undefined);
  }

  /**
   * @param {string} result
   * @param {Colour} colour
   * @param {string} reason
   * @param {string} advice
   * @param {string[]} lines
   * @param {import("./judge.js").Ticket | undefined} ticket
   */
  #show(result, colour, reason, advice, lines, ticket) {
    this.whole.dataset.result = result;
    this.whole.dataset.colour = colour;
    part("verdict-word").textContent = word(`word.${colour}`);
    part("verdict-reason").textContent = reason;
    part("verdict-advice").textContent = advice;
    part("verdict-lines").replaceChildren(...lines.map((line) => element("p", "", line)));
    part("verdict-ticket").hidden = ticket === undefined;
    if (ticket) {
      part("verdict-seat").textContent = ticket.seat;
      part("verdict-session").textContent = `${day(ticket.date)}, ${ticket.time}`;
      part("verdict-holder").textContent = short(ticket.owner);
      part("verdict-event").textContent = ticket.event_name;
    }

    this.whole.hidden = false;
    part("said").textContent = [word(`word.${colour}`), reason, ticket ? word("verdict.seat", ticket.seat) : "", ...lines].filter((one) => one !== "").join(". ");
    announce(colour, this.settings.isMuted);
    clearTimeout(this.#timer);
    const stays = this.settings.stays;
    if (stays !== 0) this.#timer = setTimeout(() => this.hide(), stays < 0 ? STAYS[colour] : stays * 1000);
  }
}
