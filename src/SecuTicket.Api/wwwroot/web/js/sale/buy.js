// @ts-check
/** The panel where a chosen seat is bought. */
import { button, element } from "../elements.js";
import { read, Refused, write } from "../ledger.js";
import { canonicalise, sha256Hex, SigningError } from "../signature.js";
import { chosen, signerOf } from "../wallets.js";
import { create, isOffered } from "../wallet/kinds.js";
import { fill, POCKET } from "../wallet/pocket.js";
import { money, short, word } from "../words.js";

/** @typedef {import("./plan.js").Plan} Plan @typedef {import("./plan.js").Seat} Seat */

/** Seats that are proposed to who came too late. */
const NEAR = 3;

export class BuyPanel {
  /** @type {Seat | null} */
  #seat = null;
  /** @type {Map<string, Seat>} seats by the transactions that wait for a block */
  #waiting = new Map();
  #isBusy = false;

  /**
   * @param {HTMLElement} room
   * @param {Plan} plan
   * @param {{ choose: (seat: Seat) => void, back: (seat: Seat) => void, reread: () => Promise<void> }} page
   */
  constructor(room, plan, page) {
    this.room = room;
    this.plan = plan;
    this.page = page;
    const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (room.querySelector(`[data-${name}]`));
    this.panel = find("buy");
    this.chosen = find("chosen");
    this.provenance = find("provenance");
    this.payerLine = find("payer");
    this.kinds = /** @type {HTMLFieldSetElement} */ (find("kinds"));
    this.press = /** @type {HTMLButtonElement} */ (find("press"));
    this.money = /** @type {HTMLButtonElement} */ (find("money"));
    this.moneyWhy = find("money-why");
    this.why = find("why");
    this.said = find("said");
    this.near = find("near");
    this.nearSeats = find("near-seats");
    for (const radio of /** @type {NodeListOf<HTMLInputElement>} */ (this.kinds.querySelectorAll("input"))) {
      radio.disabled = !isOffered(radio.value);
      if (radio.value === "passkey" && !radio.disabled) radio.checked = true;
    }

    this.press.addEventListener("click", () => this.#act(() => this.#buy()));
    this.money.addEventListener("click", () => this.#act(() => this.#topUp()));
    this.press.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#seat) this.page.back(this.#seat);
    });
  }

  /** @param {Seat} seat */
  choose(seat) {
    this.#seat = seat;
    this.said.replaceChildren();
    this.near.hidden = true;
    this.#show();
    // Who works with the keyboard goes on where the seat is bought; who hears, hears it.
    if (this.#canPress()) this.press.focus({ preventScroll: matchMedia("(min-width: 56rem)").matches });
  }

  /** Who pays, and what they have. */
  async payer() {
    const wallet = await chosen();
    const name = wallet === null ? "" : wallet.name || short(wallet.address);
    this.kinds.hidden = wallet !== null;
    this.payerLine.textContent = wallet === null ? word("payer.none") : word("payer.unread", name);
    this.panel.classList.add("known");
    if (wallet === null) return;

    const { balance } = await read(`/accounts/${wallet.address}?pending=true`).catch(() => ({}));
    if (balance !== undefined) this.payerLine.textContent = word("payer", name, money(balance, this.plan.currency));
  }

  /** @param {Seat[]} changed */
  refresh(changed) {
    if (this.#seat && changed.includes(this.#seat) && !this.#isBusy && ![...this.#waiting.values()].includes(this.#seat)) this.#show();
  }

  /** @param {{ transaction_id: string, status: string, code?: string, detail?: string, block_index?: number }} decided */
  hear(decided) {
    const seat = this.#waiting.get(decided.transaction_id);
    if (!seat || decided.status === "pending") return;

    this.#waiting.delete(decided.transaction_id);
    if (decided.status === "confirmed") this.#done(seat, decided.block_index ?? 0);
    else this.#lost(seat, new Refused({ code: decided.code, detail: decided.detail }));
  }

  /** Asks what became of what waits: nobody tells it twice. */
  async ask() {
    for (const id of this.#waiting.keys()) {
      const known = await read(`/transactions/${id}`).catch(() => null);
      if (known !== null) this.hear({ ...known, transaction_id: id });
    }
  }

  #canPress() {
    return this.press.getAttribute("aria-disabled") !== "true";
  }

  #show() {
    const seat = this.#seat;
    if (!seat) return;

    const { closed, resaleClosed, cap } = this.room.dataset;
    const why = { free: closed || null, offered: resaleClosed || null, taken: word("why.taken"), gone: word("why.gone"), mine: word("why.mine") }[seat.state];
    const canBuy = seat.state === "free" || seat.state === "offered";
    this.chosen.textContent = canBuy ? word("chosen", this.plan.place(seat), money(seat.price, this.plan.currency)) : this.plan.label(seat);
    this.provenance.textContent = seat.state === "offered" ? word("provenance.offered", money(seat.face, this.plan.currency), cap ?? "") : seat.state === "free" ? word("provenance.free") : "";
    this.press.textContent = canBuy ? word("press", money(seat.price, this.plan.currency)) : word("press.not");
    this.press.setAttribute("aria-disabled", String(why !== null));
    this.why.textContent = why ?? word("why.price");
    if (seat.state === "taken") this.#propose(seat);
  }

  /** Does one thing at a time, and says what went wrong. @param {() => Promise<void>} act */
  async #act(act) {
    if (this.#isBusy) return;

    this.#isBusy = true;
    this.press.setAttribute("aria-busy", "true");
    try {
      await act();
    } catch (fault) {
      if (!(fault instanceof Refused || fault instanceof SigningError)) throw fault;
      this.#say("bad", fault.message);
    } finally {
      this.#isBusy = false;
      this.press.removeAttribute("aria-busy");
    }
  }

  /** The wallet that pays; a newcomer's is made now, of the kind that was chosen. */
  async #wallet() {
    const kind = /** @type {HTMLInputElement | null} */ (this.kinds.querySelector("input:checked"))?.value ?? "browser";
    const present = await chosen();
    if (present) return present;

    const { wallet, secret } = await create(kind, "");
    if (secret) this.#keep(wallet.address, secret);
    return wallet;
  }

  /** The id of a seat's ticket (docs/protocol.md). @param {Seat} seat */
  async #ticketOf(seat) {
    const { event = "", session } = this.room.dataset;
    return (await sha256Hex(canonicalise({ event_id: event, seat: seat.name, session: Number(session) }))).slice(0, 32);
  }

  async #buy() {
    const seat = this.#seat;
    if (!seat || !this.#canPress()) return;

    this.#say("", word("buying"));
    const wallet = await this.#wallet();
    const ticket_id = await this.#ticketOf(seat);
    try {
      const written = await write("/tickets/purchase", { type: "purchase_ticket", ticket_id, max_price: seat.price }, signerOf(wallet));
      this.#waiting.set(written.transaction_id, seat);
      this.press.setAttribute("aria-disabled", "true");
      this.#say("warn", word("pending", this.plan.place(seat), written.block_index ?? ""), `/wallet/tickets/${ticket_id}`);
      dispatchEvent(new Event("secuticket:written"));
      // It may have been decided before the answer was here.
      await this.ask();
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      this.#lost(seat, fault);
    }

    // What became of it is said: what is pressed next, such as for money, does not wait for this.
    this.payer();
  }

  /** @param {Seat} seat @param {number} block */
  async #done(seat, block) {
    const ticket_id = await this.#ticketOf(seat);
    this.#say("good", word("confirmed", this.plan.place(seat), block), `/wallet/tickets/${ticket_id}`);
    dispatchEvent(new Event("secuticket:written"));
    await this.page.reread();
    if (this.#seat === seat) this.#show();
  }

  /** @param {Seat} seat @param {Refused} fault */
  async #lost(seat, fault) {
    this.#say("bad", fault.code === "ticket_not_available" ? word("lost", this.plan.place(seat)) : fault.message);
    await this.page.reread();
    if (this.#seat === seat) this.#show();
  }

  /** @param {Seat} seat */
  #propose(seat) {
    const near = this.plan.near(seat, NEAR);
    this.near.hidden = near.length === 0;
    this.nearSeats.replaceChildren(...near.map((one) => {
      const made = button("quiet", word("near", this.plan.place(one), money(one.price, this.plan.currency)));
      made.addEventListener("click", () => this.page.choose(one));
      return made;
    }));
  }

  async #topUp() {
    if (this.money.getAttribute("aria-disabled") === "true") return;

    const wallet = await this.#wallet();
    if (!await fill(wallet.address)) {
      this.money.setAttribute("aria-disabled", "true");
      this.moneyWhy.textContent = word("money.closed");
      return;
    }

    dispatchEvent(new Event("secuticket:written"));
    await this.payer();
    this.#say("good", word("money.come", money(POCKET, this.plan.currency)));
    if (this.#canPress()) this.press.focus({ preventScroll: true });
  }

  /** Shows a new account's secret, which nobody can show again. @param {string} address @param {string} secret */
  #keep(address, secret) {
    this.kinds.before(element("p", "note warn", word("secret.keep"), " ", element("span", "hash", `${address} ${secret}`)));
  }

  /** @param {string} tone @param {string} words @param {string} [link] */
  #say(tone, words, link) {
    const note = element("p", `note ${tone}`, words);
    if (link) {
      const to = element("a", "", word("to_ticket"));
      to.href = link;
      note.append(" ", to);
    }

    this.said.replaceChildren(note);
  }
}
