// @ts-check
/** Keeps the page on this device, so that it opens without a network (the service worker of /entrance), and takes up a newer one. */

/** Where the service worker finds the reader's language. */
const CHOICE = "language";
const PAGE = "/entrance";

/** @param {string} language two letters */
export async function remember(language) {
  await (await caches.open(CHOICE)).put(PAGE, new Response(language));
}

/**
 * Has the browser keep the page, and takes up a newer one that is ready: when the page is opened, never while it is in use.
 */
export async function followShell() {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  // The first time it is the node that knows the language.
  if (serviceWorker.controller === null) await remember(document.documentElement.lang);
  const registration = await serviceWorker.register("/entrance/worker", { scope: PAGE });
  if (!registration.waiting || serviceWorker.controller === null) return;
  serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting.postMessage("take over");
}

/** Offers to install the page, where the browser can. @param {HTMLElement} button */
export function offerInstall(button) {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    button.hidden = false;
    button.onclick = () => /** @type {any} */ (event).prompt();
  });
  addEventListener("appinstalled", () => { button.hidden = true; });
}
