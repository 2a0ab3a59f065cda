// @ts-check
/** This browser's other tabs: what one of them does, the others are told. */

/**
 * A way to the other tabs, and from them.
 * @param {string} name
 * @param {() => void} heard another tab told something
 * @returns {() => void} tells the other tabs
 */
export function between(name, heard) {
  const channel = opened(name);
  channel?.addEventListener("message", heard);
  return () => channel?.postMessage(null);
}

/** @param {string} name */
function opened(name) {
  if (!("BroadcastChannel" in globalThis)) return null;

  try {
    return new BroadcastChannel(name);
  } catch (fault) {
    // SecurityError in Firefox: nothing is kept for this site, and no tab knows of another.
    if (!(fault instanceof DOMException)) throw fault;
    return null;
  }
}
