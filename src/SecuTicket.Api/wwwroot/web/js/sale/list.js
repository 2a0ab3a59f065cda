// @ts-check
/** The seats that can be bought as buttons, row by row: for whom a map is no help. Made when it is opened. */
import { button, element } from "../elements.js";
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
      const name = line[0].row ? word("map.row", line[0].row) : word("map.line", number + 1);
      return element("div", "list-row", element("h3", "", name), ...(seats.length > 0 ? seats.map(offer) : [element("span", "soft small", word("list.nothing"))]));
    }));
    if (focused !== undefined) /** @type {HTMLElement | null} */ (place.querySelector(`[data-seat="${focused}"]`))?.focus();
  };

  /** @param {Seat} seat */
  const offer = (seat) => {
    const made = button("quiet", `${seat.state === "offered" ? "◇ " : ""}${seat.number || seat.name} · ${money(seat.price, plan.currency)}`);
    made.dataset.seat = String(seat.index);
    made.setAttribute("aria-label", plan.label(seat));
    made.addEventListener("click", () => choose(seat));
    return made;
  };

  details.addEventListener("toggle", show);
  return show;
}
