// @ts-check
/** The screens of the gate's page: one is shown at a time, and has what is typed next. */

/**
 * An element by its data attribute.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} name
 * @returns {T}
 */
export const part = (name) => /** @type {T} */ (document.querySelector(`[data-${name}]`));

/** @param {string} name */
export function show(name) {
  for (const screen of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-screen]"))) screen.hidden = screen.dataset.screen !== name;
  const shown = /** @type {HTMLElement} */ (document.querySelector(`[data-screen="${name}"]`));
  /** @type {HTMLElement | null} */ (shown.querySelector("[data-first]") ?? shown.querySelector("h1"))?.focus();
  scrollTo(0, 0);
}

/** Which screen is shown. */
export const shown = () => /** @type {HTMLElement | null} */ (document.querySelector("[data-screen]:not([hidden])"))?.dataset.screen;

/**
 * Says what is wrong with a field, or that nothing is.
 * @param {HTMLInputElement} field described by an element of class "error"
 * @param {string} text empty for nothing
 */
export function complain(field, text) {
  const error = document.getElementById(`${field.id}-error`);
  if (error) error.textContent = text;
  field.setAttribute("aria-invalid", String(text !== ""));
  if (text !== "") field.focus();
}

/**
 * Does something when a form is sent, and lets nobody send it twice meanwhile.
 * @param {HTMLFormElement} form
 * @param {() => Promise<void>} act
 */
export function onSend(form, act) {
  let isBusy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    form.querySelector("[type=submit]")?.setAttribute("aria-busy", "true");
    try {
      await act();
    } finally {
      isBusy = false;
      form.querySelector("[type=submit]")?.removeAttribute("aria-busy");
    }
  });
}
