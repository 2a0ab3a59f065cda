// @ts-check
/** Draws a plan as SVG: one path a seat, whose shape says how it stands, on a square where it can be pressed; a grid for assistive technology, of which one seat at a time can be reached by Tab. */
import { word } from "../words.js";

/** @typedef {import("./plan.js").Plan} Plan @typedef {import("./plan.js").Seat} Seat */

const SVG = "http://www.w3.org/2000/svg";

/** Units of a seat's cell, of the names of rows beside the seats, and of the stage above them. web/css/sale.css reserves as much. */
const CELL = 30;
const LINE = 34;
const MARGIN = 44;
const HEAD = 66;

/** The side of the square on which a seat is drawn. Shapes have holes, and a cross is two lines: where nothing is drawn it is the square that is pressed. */
const SPOT = 24;

/** The least width of the stage: its word fits. */
const STAGE = 96;

/** Free seats by price, the highest first: full, with a hole, a frame. The same as in the legend (SeatLegend.cs). */
const FREE = ["M-9-9h18v18h-18z", "M-9-9h18v18h-18zM-4-4h8v8h-8z", "M-9-9h18v18h-18zM-7-7h14v14h-14z"];

/** @type {Record<string, string>} */
const SHAPES = {
  offered: "M0-11 11 0 0 11-11 0z",
  taken: "M-6-6 6 6M-6 6 6-6",
  gone: "M-2 0h4",
  mine: "M-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0zM-5 0-1 4 5-4",
};

/** @param {string} name @param {Record<string, string | number>} attributes @param {Element[]} [children] */
function draw(name, attributes, children = []) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

export class Drawing {
  /**
   * @param {Plan} plan
   * @param {{ choose: (seat: Seat) => void, look: (seat: Seat | null) => void }} heard choose: pressed; look: pointed at or focused
   */
  constructor(plan, { choose, look }) {
    this.plan = plan;
    /** @type {Element[]} */
    this.paths = plan.seats.map((seat) => this.#seat(seat));
    /** @type {Element[]} */
    this.spots = plan.seats.map((seat) => draw("rect", { x: x(seat.column) - SPOT / 2, y: y(seat.line) - SPOT / 2, width: SPOT, height: SPOT, class: `spot ${seat.state}`, "data-index": seat.index }));
    this.ring = draw("rect", { class: "ring", x: -13, y: -13, width: 26, height: 26, rx: 6, hidden: "" });
    this.reached = Math.max(0, plan.seats.findIndex((seat) => seat.state === "free"));
    this.paths[this.reached].setAttribute("tabindex", "0");
    this.element = this.#all();
    this.element.addEventListener("click", (event) => {
      const seat = this.#of(event);
      if (seat === null) return;

      // Its square, which may be what was pressed, takes no focus.
      this.#element(seat).focus({ preventScroll: true });
      choose(seat);
    });
    this.element.addEventListener("pointerover", (event) => look(this.#of(event)));
    this.element.addEventListener("pointerleave", () => look(null));
    this.element.addEventListener("focusin", (event) => {
      const seat = this.#of(event);
      if (seat) this.#reach(seat);
      look(seat);
    });
    this.element.addEventListener("keydown", (event) => this.#press(/** @type {KeyboardEvent} */ (event), choose));
  }

  /** Draws a seat as it now stands. @param {Seat} seat */
  show(seat) {
    const path = this.paths[seat.index];
    path.setAttribute("d", this.#shape(seat));
    path.setAttribute("class", `seat ${seat.state}`);
    path.setAttribute("aria-label", this.plan.label(seat));
    this.spots[seat.index].setAttribute("class", `spot ${seat.state}`);
  }

  /** Puts the ring around the chosen seat. @param {Seat | null} seat */
  choose(seat) {
    for (const path of this.element.querySelectorAll("[aria-selected=true]")) path.setAttribute("aria-selected", "false");
    this.ring.toggleAttribute("hidden", seat === null);
    if (seat === null) return;

    this.paths[seat.index].setAttribute("aria-selected", "true");
    this.ring.setAttribute("transform", at(seat));
  }

  /** @param {Seat} seat */
  focus(seat) {
    this.#reach(seat);
    const path = this.#element(seat);
    path.focus({ preventScroll: true });
    path.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @param {Seat} seat */
  #element(seat) {
    return /** @type {SVGElement} */ (this.paths[seat.index]);
  }

  #all() {
    const { plan } = this;
    const width = plan.columns * CELL + 2 * MARGIN;
    const height = plan.lines.length * LINE + HEAD + 12;
    const [middle, half] = [width / 2, Math.max(plan.columns * CELL, STAGE) / 2];
    const stage = draw("g", { class: "stage", "aria-hidden": "true" }, [
      draw("path", { d: `M${middle - half} 12H${middle + half}L${middle + half - 14} 34H${middle - half + 14}z` }),
      text(middle, 24, word("map.stage"), "middle"),
    ]);
    const numbers = plan.isAligned ? Array.from({ length: plan.columns }, (_, column) => text(x(column), 52, String(Number(plan.seats[0].number) - plan.seats[0].column + column), "middle")) : [];
    const lines = plan.lines.map((seats, line) => draw("g", { role: "row", "aria-label": seats[0].row ? word("map.row", seats[0].row) : word("map.line", line + 1) }, seats.flatMap((seat) => [this.spots[seat.index], this.paths[seat.index]])));
    const names = plan.lines.flatMap((seats, line) => (seats[0].row.length > 0 && seats[0].row.length < 5 ? [text(MARGIN - 14, y(line), seats[0].row, "end"), text(width - MARGIN + 14, y(line), seats[0].row, "start")] : []));
    // Chromium takes a drawing that listens to focus for a stop of its own.
    const svg = draw("svg", { tabindex: -1, viewBox: `0 0 ${width} ${height}`, width, height, role: "grid", class: "drawing", "aria-label": word("map.name"), "aria-rowcount": plan.lines.length, "aria-colcount": plan.columns }, [
      stage, draw("g", { class: "axis", "aria-hidden": "true" }, [...numbers, ...names]), ...lines, this.ring,
    ]);
    return svg;
  }

  /** @param {Seat} seat */
  #seat(seat) {
    return draw("path", { d: this.#shape(seat), transform: at(seat), class: `seat ${seat.state}`, role: "gridcell", tabindex: -1, "aria-selected": "false", "aria-label": this.plan.label(seat), "data-index": seat.index });
  }

  /** @param {Seat} seat */
  #shape(seat) {
    return seat.state === "free" ? FREE[this.plan.level(seat)] : SHAPES[seat.state];
  }

  /** @param {Event} event */
  #of(event) {
    const index = /** @type {Element} */ (event.target).getAttribute("data-index");
    return index === null ? null : this.plan.seats[Number(index)];
  }

  /** @param {Seat} seat */
  #reach(seat) {
    this.paths[this.reached].setAttribute("tabindex", "-1");
    this.paths[seat.index].setAttribute("tabindex", "0");
    this.reached = seat.index;
  }

  /** @param {KeyboardEvent} event @param {(seat: Seat) => void} choose */
  #press(event, choose) {
    const seat = this.#of(event);
    if (seat === null || event.altKey || event.ctrlKey || event.metaKey) return;

    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(seat);
      return;
    }

    const next = this.plan.beside(seat, event.key);
    if (!next && !event.key.startsWith("Arrow")) return;

    event.preventDefault();
    if (next) this.focus(next);
  }
}

/** @param {number} column */
const x = (column) => MARGIN + column * CELL + CELL / 2;

/** @param {number} line */
const y = (line) => HEAD + line * LINE + LINE / 2;

/** @param {Seat} seat */
const at = (seat) => `translate(${x(seat.column)} ${y(seat.line)})`;

/** @param {number} left @param {number} middle @param {string} words @param {string} anchor */
function text(left, middle, words, anchor) {
  const element = draw("text", { x: left, y: middle, "text-anchor": anchor, "dominant-baseline": "central" });
  element.textContent = words;
  return element;
}
