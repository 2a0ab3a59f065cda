// @ts-check
/** The tickets of an account, those of the next days first. */
import { element } from "../elements.js";
import { items, read } from "../ledger.js";
import { day, named, number, word } from "../words.js";

/** Tickets that are looked at: an organiser owns all that are unsold. */
const MOST_READ = 5_000;

/** Tickets that are shown. */
const MOST_SHOWN = 200;

/** How long after its day and time in UTC a session is still one to go to, in milliseconds: six hours where clocks are twelve behind. */
const LATE = 18 * 3_600_000;

export class TicketList {
  /** @type {Map<string, Promise<any>>} what was read of events, which hardly change */
  #events = new Map();
  #written = "";
  #asked = 0;

  /** @param {HTMLElement} list @param {HTMLElement} none @param {HTMLElement} rest says what is left out */
  constructor(list, none, rest) {
    this.list = list;
    this.none = none;
    this.rest = rest;
  }

  /** Shows nothing: whose tickets they are is another question now. */
  clear() {
    this.#asked++;
    this.#written = "";
    this.list.replaceChildren();
    this.none.hidden = this.rest.hidden = true;
  }

  /** @param {string} address */
  async show(address) {
    const asked = ++this.#asked;
    const held = [];
    let looked = 0;
    let isUnread = false;
    for await (const ticket of items(`/accounts/${address}/tickets?pending=true`)) {
      isUnread = ++looked > MOST_READ;
      if (isUnread) break;
      if (ticket.status !== "unsold") held.push(ticket);
    }

    const sorted = await Promise.all(held.map(async (ticket) => {
      const event = await this.#event(ticket.event_id);
      const session = event.sessions[ticket.session];
      return { ticket, event, session, at: `${session.date} ${session.time}`, isOver: Date.parse(`${session.date}T${session.time}Z`) + LATE < Date.now() };
    }));
    sorted.sort((a, b) => Number(a.isOver) - Number(b.isOver) || (a.isOver ? b.at.localeCompare(a.at) : a.at.localeCompare(b.at)) || a.ticket.seat.localeCompare(b.ticket.seat, "en", { numeric: true }));

    // Meanwhile another account may have been asked for.
    if (asked !== this.#asked) return;

    const shown = sorted.slice(0, MOST_SHOWN);
    const left = sorted.length - shown.length;
    this.none.hidden = shown.length > 0;
    this.rest.textContent = [...(left > 0 ? [word("tickets.left", number(left))] : []), ...(isUnread ? [word("tickets.unread", number(MOST_READ))] : [])].join(" ");
    this.rest.hidden = this.rest.textContent === "";
    // Said again only when it is something else: what has the focus keeps it.
    const written = JSON.stringify(shown.map(({ ticket, event }) => [ticket.id, ticket.status, event.cancelled, ticket.confirmations > 0]));
    if (written === this.#written) return;

    this.#written = written;
    this.list.replaceChildren(...shown.map(card));
  }

  /** @param {string} id */
  #event(id) {
    const known = this.#events.get(id) ?? read(`/events/${id}?pending=true`).catch((fault) => {
      this.#events.delete(id);
      throw fault;
    });
    this.#events.set(id, known);
    return known;
  }
}

/** @param {{ ticket: any, event: any, session: { date: string, time: string }, isOver: boolean }} shown */
function card({ ticket, event, session, isOver }) {
  const when = word("when", day(session.date), session.time);
  const link = element("a", "", named(event.name, ticket.event_id));
  link.href = `/wallet/tickets/${ticket.id}`;
  return element("li", `card held${isOver ? " over" : ""}`,
    element("p", "when", when),
    element("h3", "", link),
    element("p", "", word("seat", ticket.seat), " · ", element("bdi", "", event.venue)),
    element("p", "badges",
      badge(event.cancelled ? "cancelled" : isOver && ticket.status === "sold" ? "over" : ticket.status),
      ...(ticket.confirmations === 0 ? [" ", badge("waits")] : [])));
}

/** @type {Record<string, string>} */
const TONES = { sold: "good", listed: "accent", cancelled: "bad", revoked: "bad", waits: "warn" };

/** @param {string} state */
const badge = (state) => element("span", `badge ${TONES[state] ?? ""}`, word(`badge.${state}`));
