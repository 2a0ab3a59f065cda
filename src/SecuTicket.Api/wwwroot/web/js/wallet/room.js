// @ts-check
/** What the pages of wallets and tickets have in common: where things are, what is said, and that a button does one thing at a time. */
import { element } from "../elements.js";

/** An element by its data attribute. @param {string} name */
export const find = (name) => /** @type {HTMLElement} */ (document.querySelector(`[data-${name}]`));

/** @param {string} tone @param {string} words */
export function say(tone, words) {
  find("said").replaceChildren(element("p", `note ${tone}`, words));
  find("said").scrollIntoView({ block: "nearest" });
}

export const fail = (/** @type {string} */ words) => say("bad", words);

/** Does what a button is for, and says what went wrong. @param {Element} button @param {() => Promise<void>} act */
export function onPress(button, act) {
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true" || button.getAttribute("aria-busy") === "true") return;

    button.setAttribute("aria-busy", "true");
    try {
      await act();
    } catch (fault) {
      fail(/** @type {Error} */ (fault).message);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
