// @ts-check
/// <reference lib="webworker" />
/**
 * The service worker of the gate's page: its shell opens without a network. What comes before this text names a version and its files (EntranceShell);
 * whatever changes in one of them makes another text, and so another worker with a cache of its own. A worker takes over only with all of its files.
 *
 * Only the page and those files are answered from here. Everything else, the contract's routes among them, is not touched.
 *
 * @typedef {{ version: string, files: Record<string, string>, languages: string[], page: string }} Shell files: path and its hash, as in Subresource Integrity
 */
/** @type {Shell} */
const shell = /** @type {any} */ (self).SHELL;
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

const PREFIX = "entrance-";
const NAME = PREFIX + shell.version;

/** Where the page remembers its reader's language: the cookie that the node knows it by is not shown to scripts. */
const CHOICE = "language";

/** What the build puts before a file's extension in addresses that pages name it by. */
const FINGERPRINT = /\.[a-z0-9]{10}(?=\.[a-z]+$)/;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", ({ data }) => { if (data === "take over") worker.skipWaiting(); });

worker.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (event.request.mode === "navigate") {
    if (pathname === shell.page) event.respondWith(page(event.request));
    return;
  }

  const file = pathname.replace(FINGERPRINT, "");
  if (file in shell.files) event.respondWith(from(file, event.request));
});

async function install() {
  const cache = await caches.open(NAME);
  await cache.addAll(Object.entries(shell.files).map(([path, integrity]) => new Request(path, { integrity, cache: "no-cache" })));
  for (const language of shell.languages) {
    const answer = await fetch(shell.page, { headers: { "Accept-Language": language }, credentials: "omit", cache: "no-store" });
    const text = await answer.clone().text();
    // The node may have been replaced meanwhile: then the next try finds the version that goes with its page.
    if (!answer.ok || !text.includes(shell.version)) throw new Error(`The page is none of version ${shell.version}.`);
    await cache.put(`${shell.page}?${language}`, answer);
  }
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== NAME) await caches.delete(name);
  await worker.clients.claim();
}

/** @param {Request} request */
async function page(request) {
  const chosen = await (await (await caches.open(CHOICE)).match(shell.page))?.text();
  const language = [chosen, ...navigator.languages.map((one) => one.slice(0, 2))].find((one) => one !== undefined && shell.languages.includes(one)) ?? shell.languages[0];
  return from(`${shell.page}?${language}`, request);
}

/** @param {string} key @param {Request} request */
async function from(key, request) {
  return await (await caches.open(NAME)).match(key) ?? fetch(request);
}
