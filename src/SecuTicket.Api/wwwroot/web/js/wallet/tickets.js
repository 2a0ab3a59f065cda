// @ts-check
/** The tickets of an account, those of the next days first. */
import { element } from "../elements.js";
import { items, read } from "../ledger.js";
import { day, named, word } from "../words.js";

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

  /** @param {HTMLElement} list @param {HTMLElement} none */
  constructor(list, none) {
    this.list = list;
    this.none = none;
  }

  /** @param {string} address */
  async show(address) {
    const asked = ++this.#asked;
    const held = [];
    let looked = 0;
    for await (const ticket of items(`/accounts/${address}/tickets?pending=true`)) {
      if (ticket.status !== "unsold") held.push(ticket);
      if (++looked >= MOST_READ || held.length >= MOST_SHOWN) break;
    }

    const shown = await Promise.all(held.map(async (ticket) => {
      const event = await this.#event(ticket.event_id);
      const session = event.sessions[ticket.session];
      return { ticket, event, session, at: `${session.date} ${session.time}`, isOver: Date.parse(`${session.date}T${session.time}Z`) + LATE < Date.now() };
    }));
    shown.sort((a, b) => Number(a.isOver) - Number(b.isOver) || (a.isOver ? b.at.localeCompare(a.at) : a.at.localeCompare(b.at)) || a.ticket.seat.localeCompare(b.ticket.seat, "en", { numeric: true }));

    // Meanwhile another account may have been asked for.
    if (asked !== this.#asked) return;

    this.none.hidden = shown.length > 0;
    // Said again only when it is something else: what has the focus keeps it.
    const written = JSON.stringify(shown.map(({ ticket, event }) => [ticket.id, ticket.status, event.cancelled, ticket.confirmations > 0]));
    if (written === this.#written) return;

    this.#written = written;
    this.list.replaceChildren(...shown.map(card));
  }

  /** @param {string} id */
  #event(id) {
    const known = this.#events.get(id) ?? read(`/events/${id}?pending=true`);
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
