// @ts-check
/**
 * In which language the gate's page opens that this device keeps. The node knows the choice by a cookie, which is not shown to scripts; the service worker of /entrance can not ask the node
 * where there is no network, so it is told here (wwwroot/entrance/worker.js) wherever somebody chooses.
 */

/** The cache, and the address in it, where the service worker looks. */
const CHOICE = "language";
const PAGE = "/entrance";

/** @param {string} language two letters */
export async function remember(language) {
  // Pages without https keep nothing.
  if (!("caches" in globalThis)) return;
  try {
    await (await caches.open(CHOICE)).put(PAGE, new Response(language));
  } catch (fault) {
    // Nor does a browser that was told to keep nothing, or has no room; it keeps no page either.
    if (!(fault instanceof DOMException)) throw fault;
  }
}

/**
 * Does something when a language is chosen, once the gate's page will know it.
 * @param {(link: HTMLAnchorElement) => Promise<void> | void} go where the choice leads
 */
export function onChoice(go) {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[data-language]"))) {
    link.addEventListener("click", async (event) => {
      const isForAnotherTab = event.ctrlKey || event.metaKey || event.shiftKey;
      if (!isForAnotherTab) event.preventDefault();
      await remember(link.lang);
      if (!isForAnotherTab) await go(link);
    });
  }
}
