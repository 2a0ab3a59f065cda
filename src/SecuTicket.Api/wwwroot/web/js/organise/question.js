// @ts-check
/** Questions of interactive pages: the browser puts the focus into one, and gives it back to where it was. */

/** @param {HTMLDialogElement} dialog */
export function ask(dialog) {
  if (!dialog.open) dialog.showModal();
}
