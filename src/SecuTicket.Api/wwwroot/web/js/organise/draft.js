// @ts-check
/**
 * What is typed into a form and not yet sent, kept in this browser: a reload or a lost connection costs nothing. It is what the fields hold, by their names; no field of such a form takes a secret.
 * The browser keeps it and not the page's component, because a component hears of nothing while the connection is lost.
 *
 * @typedef {Record<string, string>} Fields
 */
import { word } from "../words.js";

const PREFIX = "secuticket.draft.";

/** The number is that of the form: what another one kept is forgotten. */
const KEPT = `${PREFIX}1`;

/** Bytes of the largest draft: an interactive page takes messages of 128 KiB (WebPages.MessageBytes). */
const MOST_BYTES = 96 * 1024;

/** Half pairs of surrogates, which the component's reader of JSON refuses. */
const LONE = /\p{Surrogate}/gu;

let isOver = false;

/**
 * Begins to keep what the form of this page holds, and tells what was kept before.
 * @returns {Fields | null} null where there is none
 */
export function beginDraft() {
  const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-draft]"));
  const blank = textOf(form);
  const kept = read();
  const keep = () => {
    if (!isOver) say(textOf(form) === blank ? remove(KEPT) : write(textOf(form)));
  };
  for (const kind of ["input", "change"]) form.addEventListener(kind, keep);
  new MutationObserver(keep).observe(form, { childList: true, subtree: true });
  return kept;
}

/** What was typed is sent, or not wanted any more. */
export function forgetDraft() {
  isOver = true;
  remove(KEPT);
}

/** @param {HTMLFormElement} form */
const textOf = (form) => JSON.stringify(Object.fromEntries(new FormData(form)));

/** @returns {Fields | null} */
function read() {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX) && name !== KEPT) localStorage.removeItem(name);
    const text = localStorage.getItem(KEPT) ?? "";
    const fields = isSmall(text) ? JSON.parse(text) : null;
    if (typeof fields?.name === "string") return Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === "string").map(([name, value]) => [name.replace(LONE, "\ufffd"), value.replace(LONE, "\ufffd")]));
  } catch (fault) {
    // No draft, and nothing that one could be made of; or a browser that keeps nothing for this site.
    if (!(fault instanceof SyntaxError) && !(fault instanceof DOMException)) throw fault;
  }

  remove(KEPT);
  return null;
}

/** @param {string} text @returns {boolean} whether it is kept */
function write(text) {
  try {
    if (!isSmall(text)) return !remove(KEPT);
    localStorage.setItem(KEPT, text);
    return true;
  } catch {
    // The browser keeps nothing for this site, or has no room.
    return false;
  }
}

/** @param {string} name @returns {true} */
function remove(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // Where nothing can be kept, there is nothing to forget.
  }

  return true;
}

/** @param {string} text */
const isSmall = (text) => text.length > 0 && new TextEncoder().encode(text).length <= MOST_BYTES;

/** @param {boolean} isKept */
function say(isKept) {
  const place = document.querySelector("[data-draft-said]");
  const text = isKept ? "" : word("draft.not_kept");
  // Writing is a change of the form too.
  if (place && place.textContent !== text) place.textContent = text;
}
