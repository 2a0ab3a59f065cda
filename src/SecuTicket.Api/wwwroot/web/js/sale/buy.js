// @ts-check
/** The panel where a chosen seat is bought. */
import { button, element } from "../elements.js";
import { read, Refused, Unanswered, write } from "../ledger.js";
import { keepsPasskeys } from "../passkeys.js";
import { canonicalise, sha256Hex, SigningError } from "../signature.js";
import { chosen, signerOf } from "../wallets.js";
import { create, isOffered } from "../wallet/kinds.js";
import { fill, POCKET } from "../wallet/pocket.js";
import { money, short, word } from "../words.js";
import { tellWritten } from "../written.js";

/** @typedef {import("./plan.js").Plan} Plan @typedef {import("./plan.js").Seat} Seat */

/** Seats that are proposed to who came too late. */
const NEAR = 3;

/** Milliseconds in which a purchase whose answer was lost may still reach the node, and between two questions for it. */
const ON_ITS_WAY_MS = 5_000;

/**
 * A purchase that is on its way.
 * @typedef {{ seat: Seat, buyer: string, lostAt?: number, isDecided?: boolean }} Waiting lostAt: when its answer was lost, unless the node has said that it has it; isDecided: it is known what became of it, and the seat is read again
 */

export class BuyPanel {
  /** @type {Seat | null} */
  #seat = null;
  /** @type {number | null} what the person last saw that the seat costs, and took: it costs no more before they chose it again */
  #price = null;
  /** @type {Map<string, Waiting>} by their ids */
  #waiting = new Map();
  /** @type {string | null} that the seat became dearer, as it was said */
  #dearer = null;
  #isBusy = false;
  /** Whether it will be asked again for what was lost. */
  #isDue = false;
  /** How often it was asked who pays: an answer that comes after a newer question is not shown. */
  #asked = 0;

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
    for (const radio of /** @type {NodeListOf<HTMLInputElement>} */ (this.kinds.querySelectorAll("input"))) radio.disabled = !isOffered(radio.value);
    /** What a newcomer finds chosen. */
    this.proposed = this.#proposeKind();

    this.press.addEventListener("click", () => this.#act(() => this.#buy()));
    this.money.addEventListener("click", () => this.#act(() => this.#topUp()));
    this.press.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#seat) this.page.back(this.#seat);
    });
  }

  /** @param {Seat} seat */
  choose(seat) {
    this.#seat = seat;
    this.#price = null;
    this.said.replaceChildren();
    this.#show();
    // Who works with the keyboard goes on where the seat is bought; who hears, hears it.
    if (this.#canPress()) this.press.focus({ preventScroll: matchMedia("(min-width: 56rem)").matches });
  }

  /** Who pays, and what they have. */
  async payer() {
    const mine = ++this.#asked;
    const wallet = await chosen();
    // What a newcomer chooses from is not shown before it is known what is chosen.
    if (wallet === null) await this.proposed;
    if (mine !== this.#asked) return;

    const name = wallet === null ? "" : wallet.name || short(wallet.address);
    this.kinds.hidden = wallet !== null;
    this.payerLine.textContent = wallet === null ? word("payer.none") : word("payer.unread", name);
    this.panel.classList.add("known");
    if (wallet === null) return;

    const { balance } = await read(`/accounts/${wallet.address}?pending=true`).catch(() => ({}));
    if (balance !== undefined && mine === this.#asked) this.payerLine.textContent = word("payer", name, money(balance, this.plan.currency));
  }

  /** @param {Seat[]} changed */
  refresh(changed) {
    if (this.#seat && changed.includes(this.#seat) && !this.#isBusy && !this.#waitsFor(this.#seat)) this.#show();
  }

  /** @param {{ transaction_id: string, status: string, code?: string, detail?: string, block_index?: number }} decided */
  hear(decided) {
    const waiting = this.#waiting.get(decided.transaction_id);
    if (!waiting || waiting.isDecided) return;

    const { seat } = waiting;
    if (decided.status === "pending") {
      if (waiting.lostAt === undefined) return;

      delete waiting.lostAt;
      this.#taken(waiting, word("unknown.taken", this.plan.place(seat)));
      return;
    }

    if (decided.status === "confirmed") this.#done(decided.transaction_id, waiting, decided.block_index ?? 0);
    else this.#lost(decided.transaction_id, waiting, new Refused({ code: decided.code, detail: decided.detail }));
  }

  /** Asks what became of what waits: nobody tells it twice. */
  async ask() {
    for (const [id, waiting] of this.#waiting) {
      try {
        this.hear({ ...await read(`/transactions/${id}`), transaction_id: id });
      } catch (fault) {
        if (!(fault instanceof Refused)) throw fault;
        if (waiting.lostAt !== undefined && !waiting.isDecided) this.#miss(id, waiting, fault);
      }
    }
  }

  /** The node did not say what became of a purchase whose answer was lost. @param {string} id @param {Waiting} waiting @param {Refused} fault */
  #miss(id, waiting, fault) {
    const isAbsent = fault.problem.status === 404 && Date.now() - /** @type {number} */ (waiting.lostAt) >= ON_ITS_WAY_MS;
    if (isAbsent) {
      this.#lost(id, waiting, new Refused({ detail: word("unknown.unsent", this.plan.place(waiting.seat)) }));
    } else if (!this.#isDue) {
      this.#isDue = true;
      setTimeout(() => {
        this.#isDue = false;
        this.ask();
      }, ON_ITS_WAY_MS);
    }
  }

  /** A passkey, where the device keeps them; it can be chosen where it does not. */
  async #proposeKind() {
    const passkey = /** @type {HTMLInputElement | null} */ (this.kinds.querySelector("input[value=passkey]"));
    if (passkey !== null && await keepsPasskeys()) passkey.checked = true;
  }

  /** @param {Seat} seat */
  #waitsFor(seat) {
    return [...this.#waiting.values()].some((one) => one.seat === seat);
  }

  #canPress() {
    return this.press.getAttribute("aria-disabled") !== "true";
  }

  #show() {
    const seat = this.#seat;
    if (!seat) return;

    const { closed, resaleClosed, cap } = this.room.dataset;
    const canBuy = seat.state === "free" || seat.state === "offered";
    if (canBuy) this.#price = Math.min(this.#price ?? seat.price, seat.price);
    const dearer = canBuy && this.#price !== null && seat.price > this.#price ? word("why.dearer", money(this.#price, this.plan.currency), money(seat.price, this.plan.currency)) : null;
    const against = { free: closed || null, offered: resaleClosed || null, taken: word("why.taken"), gone: word("why.gone"), mine: word("why.mine") }[seat.state];
    const why = this.#waitsFor(seat) ? word("why.waits") : against ?? dearer;
    this.chosen.textContent = canBuy ? word("chosen", this.plan.place(seat), money(seat.price, this.plan.currency)) : this.plan.label(seat);
    this.provenance.textContent = seat.state === "offered" ? word("provenance.offered", money(seat.face, this.plan.currency), cap ?? "") : seat.state === "free" ? word("provenance.free") : "";
    this.press.textContent = canBuy ? word("press", money(seat.price, this.plan.currency)) : word("press.not");
    this.press.setAttribute("aria-disabled", String(why !== null));
    this.why.textContent = why ?? word("why.price");
    // Said once, too: who is at the button does not hear the line below it change.
    if (dearer !== null && why === dearer && dearer !== this.#dearer) this.#say("warn", dearer);
    this.#dearer = dearer;
    this.near.hidden = true;
    if (seat.state === "taken" && !this.#waitsFor(seat)) this.#propose(seat);
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
      // What changed meanwhile was not shown.
      this.#show();
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

    // Read now: the seat may cost more when it is signed.
    const max_price = this.#price;
    let id = "";
    this.#say("", word("buying"));
    const wallet = await this.#wallet();
    /** @type {Waiting} */
    const waiting = { seat, buyer: wallet.address };
    const ticket_id = await this.#ticketOf(seat);
    try {
      const written = await write("/tickets/purchase", { type: "purchase_ticket", ticket_id, max_price }, signerOf(wallet), {
        sending: (sent) => {
          id = sent;
          this.#waiting.set(id, waiting);
        },
      });
      if (waiting.isDecided) return;

      await this.#taken(waiting, word("pending", this.plan.place(seat), written.block_index ?? ""));
    } catch (fault) {
      // A block decided it, and that was heard, before the answer was here or was lost.
      if (waiting.isDecided) return;

      if (!(fault instanceof Refused)) {
        this.#waiting.delete(id);
        throw fault;
      }

      if (id === "" || !(fault instanceof Unanswered)) {
        // What became of it is said: what is pressed next, such as for money, does not wait for the seats.
        this.#lost(id, waiting, fault);
        return;
      }

      waiting.lostAt = Date.now();
      this.#say("warn", word("unknown", this.plan.place(seat)));
      tellWritten();
    }

    // It is not to be pressed again while this is asked; it may have been decided before anybody listened.
    this.#show();
    await this.ask();
  }

  /** The node has it. @param {Waiting} waiting @param {string} words */
  async #taken(waiting, words) {
    const ticket_id = await this.#ticketOf(waiting.seat);
    // A block decided it meanwhile, and that was said.
    if (waiting.isDecided) return;

    this.#say("warn", words, `/wallet/tickets/${ticket_id}`);
    tellWritten();
  }

  /** @param {string} id @param {Waiting} waiting @param {number} block */
  async #done(id, waiting, block) {
    const { seat } = waiting;
    waiting.isDecided = true;
    const ticket_id = await this.#ticketOf(seat);
    this.#say("good", word("confirmed", this.plan.place(seat), block), `/wallet/tickets/${ticket_id}`);
    tellWritten();
    await this.#end(id, seat);
  }

  /** @param {string} id @param {Waiting} waiting @param {Refused} fault */
  async #lost(id, waiting, fault) {
    const { seat } = waiting;
    waiting.isDecided = true;
    if (fault.code !== "ticket_not_available") this.#say("bad", fault.message);
    else if (await this.#isOwn(waiting)) this.#say("good", word("lost.own", this.plan.place(seat)), `/wallet/tickets/${await this.#ticketOf(seat)}`);
    else this.#say("bad", word("lost", this.plan.place(seat)));
    await this.#end(id, seat);
  }

  /** Whether who wanted a seat has it: the same wallet may have bought it in another tab. @param {Waiting} waiting */
  async #isOwn({ seat, buyer }) {
    const { owner, status } = await read(`/tickets/${await this.#ticketOf(seat)}?pending=true`).catch(() => ({}));
    return owner === buyer && status !== "unsold";
  }

  /** The seat can be bought again, or not, once it is known how it stands. @param {string} id @param {Seat} seat */
  async #end(id, seat) {
    try {
      await this.page.reread();
    } finally {
      this.#waiting.delete(id);
      if (this.#seat === seat) this.#show();
    }
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

    tellWritten();
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
