// @ts-check
/** Says to every part of a page, and to this browser's other tabs, that something was written: what a wallet has, and what is for sale, is another than before. */
import { between } from "./tabs.js";

const WRITTEN = "secuticket:written";

const tellTabs = between("secuticket.written", () => dispatchEvent(new Event(WRITTEN)));

export function tellWritten() {
  dispatchEvent(new Event(WRITTEN));
  tellTabs();
}

/** @param {() => void} act */
export const onWritten = (act) => addEventListener(WRITTEN, act);
