// @ts-check
/** Keeps the page on this device, so that it opens without a network (the service worker of /entrance), and takes up a newer one. */
import { remember } from "../language.js";

const SCOPE = "/entrance";

/** How often a page that stays open asks whether there is a newer one, in milliseconds: a browser by itself asks when a page is opened. */
const BETWEEN_VERSIONS = 3_600_000;

/**
 * Has the browser keep the page, and takes up a newer one that is ready when the page is opened. While it is in use a newer one waits until it is asked for.
 * @param {() => Promise<void>} free waits until nobody is in the middle of anything
 * @param {(take: () => void) => void} offer there is a newer one; takes it up, and with it opens the page anew
 * @returns {Promise<boolean>} false where the browser keeps no page
 */
export async function followShell(free, offer) {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return false;
  // The first time it is the node that knows the language.
  if (serviceWorker.controller === null) await remember(document.documentElement.lang);
  const registration = await serviceWorker.register("/entrance/worker", { scope: SCOPE }).catch(unregistered);
  if (registration === null) return false;
  const take = () => {
    serviceWorker.addEventListener("controllerchange", async () => {
      await free();
      location.reload();
    });
    registration.waiting?.postMessage("take over");
  };
  if (registration.waiting && serviceWorker.controller !== null) {
    // The older one goes when it has nothing to do: that is, once this page is here whole.
    if (document.readyState === "complete") take();
    else addEventListener("load", take, { once: true });
  }

  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => {
      // The first worker of all is no newer one.
      if (installing.state === "installed" && serviceWorker.controller !== null) offer(take);
    });
  });
  setInterval(() => {
    // Without a network there is nothing to hear.
    if (navigator.onLine) registration.update().catch(() => {});
  }, BETWEEN_VERSIONS);
  return true;
}

/** What a browser says that was told to keep no pages, or that did not get the worker. @param {unknown} fault @returns {null} */
function unregistered(fault) {
  if (fault instanceof DOMException || fault instanceof TypeError) return null;
  throw fault;
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
