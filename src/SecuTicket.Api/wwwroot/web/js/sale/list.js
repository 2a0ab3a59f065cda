// @ts-check
/** The seats that can be bought as buttons, row by row: for whom a map is no help. Made when it is opened. */
import { money, word } from "../words.js";

/** @typedef {import("./plan.js").Plan} Plan @typedef {import("./plan.js").Seat} Seat */

/**
 * @param {HTMLDetailsElement} details
 * @param {Element} place where the server's table is
 * @param {Plan} plan
 * @param {(seat: Seat) => void} choose
 * @returns {() => void} shows what changed
 */
export function listed(details, place, plan, choose) {
  const show = () => {
    if (!details.open) return;

    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.seat;
    place.replaceChildren(...plan.lines.map((line, number) => {
      const seats = line.filter((seat) => seat.state === "free" || seat.state === "offered");
      const row = document.createElement("div");
      row.className = "list-row";
      const name = document.createElement("h3");
      name.textContent = line[0].row ? word("map.row", line[0].row) : word("map.line", number + 1);
      row.append(name, ...(seats.length > 0 ? seats.map(button) : [nothing()]));
      return row;
    }));
    if (focused !== undefined) /** @type {HTMLElement | null} */ (place.querySelector(`[data-seat="${focused}"]`))?.focus();
  };

  /** @param {Seat} seat */
  const button = (seat) => {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "quiet";
    element.dataset.seat = String(seat.index);
    element.textContent = `${seat.state === "offered" ? "◇ " : ""}${seat.number || seat.name} · ${money(seat.price, plan.currency)}`;
    element.setAttribute("aria-label", plan.label(seat));
    element.addEventListener("click", () => choose(seat));
    return element;
  };

  details.addEventListener("toggle", show);
  return show;
}

function nothing() {
  const element = document.createElement("span");
  element.className = "soft small";
  element.textContent = word("list.nothing");
  return element;
}
