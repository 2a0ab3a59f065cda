// @ts-check
/**
 * A press of a button is one whatever it redraws. A field that is left tells what was typed, which may take away its fault or change what a form means, and move the button from under the pointer; a press that ends beside the
 * button it began on is none to the browser. So a field is left when the button is let go, not when it is pressed.
 */

/** @type {Element | null} */
let held = null;

addEventListener("mousedown", (event) => {
  held = event.button === 0 && event.target instanceof Element ? event.target.closest("button") : null;
  if (held !== null) event.preventDefault();
}, { capture: true });

addEventListener("click", (event) => {
  if (held instanceof HTMLElement && event.target instanceof Node && held.contains(event.target)) held.focus();
  held = null;
}, { capture: true });
