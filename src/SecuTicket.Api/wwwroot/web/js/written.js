// @ts-check
/** Says to every part of a page, and to this browser's other tabs, that something was written: what a wallet has, and what is for sale, is another than before. */

const WRITTEN = "secuticket:written";

const tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("secuticket.written") : null;
tabs?.addEventListener("message", () => dispatchEvent(new Event(WRITTEN)));

export function tellWritten() {
  dispatchEvent(new Event(WRITTEN));
  tabs?.postMessage(null);
}

/** @param {() => void} act */
export const onWritten = (act) => addEventListener(WRITTEN, act);
