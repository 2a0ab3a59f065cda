// @ts-check
/**
 * The seats of an area as the page brought them, and how each stands now.
 *
 * @typedef {"free" | "offered" | "taken" | "gone" | "mine"} State
 * @typedef {{ index: number, name: string, row: string, number: string, line: number, column: number, face: number, price: number, state: State, buyer?: string }} Seat
 * @typedef {{ states: string, offers: [number, number, string?][] }} Now
 * @typedef {{ lines: { row: string, seats: string[], columns?: number[], prices: number[] }[], now: Now }} Written
 */
import { money, word } from "../words.js";

/** Prices that are drawn each in its own way (SeatLegend.cs has as many). */
const MOST_LEVELS = 3;

/** @type {Record<string, State>} */
const STATES = { f: "free", o: "offered", p: "offered", t: "taken", x: "gone" };

export class Plan {
  /** @param {Written} written @param {string} currency */
  constructor(written, currency) {
    this.currency = currency;
    /** @type {Seat[]} */
    this.seats = [];
    /** @type {Seat[][]} */
    this.lines = [];
    /** @type {Set<string>} names of seats that the chosen wallet has */
    this.mine = new Set();
    /** @type {string | null} whose wallet it is: an offer to one buyer is only for them */
    this.address = null;
    this.now = written.now;
    for (const [line, { row, seats, columns, prices }] of written.lines.entries()) {
      /** @type {number[]} */
      const faces = [];
      for (let i = 0; i < prices.length; i += 2) faces.push(...Array(prices[i + 1]).fill(prices[i]));
      this.lines.push(seats.map((name, place) => {
        /** @type {Seat} */
        const seat = { index: this.seats.length, name, row, number: /\d+$/.exec(name)?.[0] ?? "", line, column: columns?.[place] ?? place, face: faces[place], price: faces[place], state: "gone" };
        this.seats.push(seat);
        return seat;
      }));
    }

    this.columns = Math.max(...this.seats.map((seat) => seat.column)) + 1;
    const faces = [...new Set(this.seats.map((seat) => seat.face))].sort((a, b) => b - a);
    /** Which of the house's prices a seat has, 0 for the highest; where they are too many to tell apart at a glance all are drawn alike. @type {(seat: Seat) => number} */
    this.level = faces.length > MOST_LEVELS ? () => 0 : (seat) => faces.indexOf(seat.face);
    /** Whether a column is one number in all rows, so that it can be written above them. */
    this.isAligned = this.seats.every((seat) => seat.number !== "" && Number(seat.number) - seat.column === Number(this.seats[0].number) - this.seats[0].column);
    this.take(written.now);
  }

  /**
   * Takes what was read, or what was read before once more.
   * @param {Now} now
   * @returns {Seat[]} the seats that stand otherwise than before
   */
  take(now = this.now) {
    this.now = now;
    const offers = new Map(now.offers.map(([index, ...offer]) => [index, offer]));
    return this.seats.filter((seat) => {
      const [price, buyer] = offers.get(seat.index) ?? [seat.face];
      const isOthers = buyer !== undefined && buyer !== this.address;
      const state = this.mine.has(seat.name) ? "mine" : isOthers ? "taken" : STATES[now.states[seat.index]] ?? "gone";
      if (seat.state === state && seat.price === price) return false;

      Object.assign(seat, { state, price, buyer });
      return true;
    });
  }

  /** What a person reads or hears of a seat. @param {Seat} seat */
  label(seat) {
    const place = this.place(seat);
    const canBuy = seat.state === "free" || seat.state === "offered";
    return canBuy ? word("seat.priced", place, money(seat.price, this.currency), word(`state.${seat.state}`)) : word("seat.plain", place, word(`state.${seat.state}`));
  }

  /** Where it is, as «Row A, seat 3». @param {Seat} seat */
  place(seat) {
    return seat.row && seat.number ? word("seat.row", seat.row, seat.number) : word("seat.name", seat.name);
  }

  /**
   * Seats that can be bought, the nearest first: a row further away counts as much as two seats.
   * @param {Seat} seat
   * @param {number} most
   */
  near(seat, most) {
    const away = (/** @type {Seat} */ one) => 2 * Math.abs(one.line - seat.line) + Math.abs(one.column - seat.column);
    return this.seats.filter((one) => one.state === "free" && one !== seat).sort((a, b) => away(a) - away(b)).slice(0, most);
  }

  /**
   * The seat beside one in a direction; the nearest column of the next line for up and down.
   * @param {Seat} seat
   * @param {string} key of the keyboard
   * @returns {Seat | undefined}
   */
  beside(seat, key) {
    const line = this.lines[seat.line];
    const place = line.indexOf(seat);
    const nearest = (/** @type {Seat[] | undefined} */ other) => other?.reduce((best, one) => (Math.abs(one.column - seat.column) < Math.abs(best.column - seat.column) ? one : best));
    switch (key) {
      case "ArrowRight": return line[place + 1];
      case "ArrowLeft": return line[place - 1];
      case "ArrowDown": return nearest(this.lines[seat.line + 1]);
      case "ArrowUp": return nearest(this.lines[seat.line - 1]);
      case "Home": return line[0];
      case "End": return line.at(-1);
      case "PageDown": return nearest(this.lines.at(-1));
      case "PageUp": return nearest(this.lines[0]);
      default: return undefined;
    }
  }
}
