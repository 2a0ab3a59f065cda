// @ts-check
/**
 * The wallets of this browser. Keys are in IndexedDB as CryptoKey objects that WebCrypto gives to nobody, not even to this script;
 * what a wallet can do is sign.
 *
 * @typedef {import("./ledger.js").Signer} Signer
 * @typedef {{ address: string, kind: "browser" | "kept" | "passkey", name: string, public_key?: string, key?: CryptoKey, backup?: object, credential_id?: string, created: number }} Wallet
 */
import { post, read } from "./ledger.js";
import { createPasskey, signWithPasskey } from "./passkeys.js";
import { bytesOf, hex, SigningError, subtle } from "./signature.js";
import { between } from "./tabs.js";
import { word } from "./words.js";

const DATABASE = "secuticket";
const STORE = "wallets";
const CHOSEN = "secuticket.wallet";

/** Which wallet was chosen last; undefined where the browser remembers nothing. @type {Storage | undefined} */
const memory = (() => {
  try {
    return localStorage;
  } catch (fault) {
    // SecurityError: nothing is kept for this site.
    if (!(fault instanceof DOMException)) throw fault;
    return undefined;
  }
})();

/** Said to every part of a page, and to other tabs, when another wallet is chosen or one is added or removed. */
const changes = new EventTarget();
const tellTabs = between("secuticket.wallets", () => changes.dispatchEvent(new Event("change")));

/** @param {() => void} act */
export const onChange = (act) => changes.addEventListener("change", act);

/** @returns {Promise<Wallet[]>} oldest first @throws {SigningError} the browser keeps nothing for this site */
export async function wallets() {
  const all = await store("readonly", (wallets) => wallets.getAll());
  return all.sort((a, b) => a.created - b.created);
}

/** The wallet that signs; null where there is none, also where the browser can have none. @returns {Promise<Wallet | null>} */
export async function chosen() {
  const all = await wallets().catch((fault) => {
    if (!(fault instanceof SigningError)) throw fault;
    return [];
  });
  return all.find((one) => one.address === memory?.getItem(CHOSEN)) ?? all[0] ?? null;
}

/** @param {string} address */
export function choose(address) {
  memory?.setItem(CHOSEN, address);
  announce();
}

/**
 * @param {Wallet} wallet added, and chosen
 * @throws {SigningError} its account is here: what is here may be the only key of it, and is never replaced
 */
export async function add(wallet) {
  try {
    await store("readwrite", (wallets) => wallets.add(wallet));
  } catch (fault) {
    if (!(fault instanceof DOMException && fault.name === "ConstraintError")) throw fault;
    throw new SigningError(word("refused.present"), { cause: fault });
  }

  choose(wallet.address);
  return wallet;
}

/** @param {Wallet} wallet one that is here, as it is from now on; the chosen one stays chosen */
export async function keep(wallet) {
  await store("readwrite", (wallets) => wallets.put(wallet));
  announce();
}

/** @param {string} address */
export async function remove(address) {
  await store("readwrite", (wallets) => wallets.delete(address));
  announce();
}

/**
 * An account whose key the node keeps: a new one, with the secret to show once.
 * @param {string} name
 * @returns {Promise<{ wallet: Wallet, secret: string }>}
 */
export async function createKept(name) {
  // Where nothing can be signed or kept, no account is made whose secret nobody would have.
  subtle();
  await wallets();
  const { address, secret } = await post("/accounts", {});
  return { wallet: await add(await keptWallet(name, address, secret)), secret };
}

/**
 * An account whose key the node keeps, as a wallet; not added.
 * @param {string} name
 * @param {string} address
 * @param {string} secret 64 hex digits
 * @returns {Promise<Wallet>}
 */
export async function keptWallet(name, address, secret) {
  const key = await subtle().importKey("raw", bytesOf(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return { address, kind: "kept", name, key, created: Date.now() };
}

/**
 * A key made here that never leaves this browser, but for the backup, encrypted under a passphrase, that can be made now and never again.
 * @param {string} name
 * @param {string | null} passphrase null: no backup
 * @returns {Promise<Wallet>}
 */
export async function createBrowserKey(name, passphrase) {
  const pair = await subtle().generateKey({ name: "ECDSA", namedCurve: "P-256" }, passphrase !== null, ["sign", "verify"]);
  const public_key = hex(await subtle().exportKey("raw", pair.publicKey));
  const { address } = await read(`/accounts/derive?public_key=${public_key}`);
  if (passphrase === null) return add({ address, kind: "browser", name, public_key, key: pair.privateKey, created: Date.now() });

  const pkcs8 = new Uint8Array(await subtle().exportKey("pkcs8", pair.privateKey));
  const backup = { ...await seal(pkcs8, passphrase), address, public_key, name };
  const key = await subtle().importKey("pkcs8", pkcs8, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  pkcs8.fill(0);
  return add({ address, kind: "browser", name, public_key, key, backup, created: Date.now() });
}

/**
 * A key that the device keeps and uses only after a touch.
 * @param {string} name
 * @returns {Promise<Wallet>}
 * @throws {SigningError} the person, or the device, said no
 */
export async function createPasskeyWallet(name) {
  // Where nothing can be kept, the device is not asked for a key that nobody would find again.
  await wallets();
  const passkey = await createPasskey(name);
  const { address } = await read(`/accounts/derive?public_key=${passkey.public_key}`);
  return add({ address, kind: "passkey", name, ...passkey, created: Date.now() });
}

/**
 * @param {any} backup as createBrowserKey made it
 * @param {string} passphrase
 * @returns {Promise<Wallet>}
 * @throws {SigningError} for a wrong passphrase or a file that is no backup
 */
export async function restoreBrowserKey(backup, passphrase) {
  if (backup?.format !== BACKUP_FORMAT || typeof backup.public_key !== "string") throw new SigningError("backup_unknown");
  const pkcs8 = await open(backup, passphrase);
  const key = await subtle().importKey("pkcs8", pkcs8, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  const probe = crypto.getRandomValues(new Uint8Array(32));
  const publicKey = await subtle().importKey("raw", bytesOf(backup.public_key), { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  if (!await subtle().verify(algorithm, publicKey, await subtle().sign(algorithm, key, probe), probe)) throw new SigningError("backup_unknown");
  const { address } = await read(`/accounts/derive?public_key=${backup.public_key}`);
  return add({ address, kind: "browser", name: String(backup.name ?? ""), public_key: backup.public_key, key, backup, created: Date.now() });
}

/**
 * How a wallet signs the canonical form of what is sent.
 * @param {Wallet} wallet
 * @returns {Signer}
 */
export function signerOf(wallet) {
  return {
    address: wallet.address,
    async sign(canonical) {
      const bytes = new TextEncoder().encode(canonical);
      if (wallet.kind === "kept") return { hmac: hex(await subtle().sign("HMAC", /** @type {CryptoKey} */ (wallet.key), bytes)) };
      if (wallet.kind === "passkey") return { signatures: [await signWithPasskey(wallet, await subtle().digest("SHA-256", bytes))] };
      const signature = hex(await subtle().sign({ name: "ECDSA", hash: "SHA-256" }, /** @type {CryptoKey} */ (wallet.key), bytes));
      return { signatures: [{ scheme: "p256", public_key: wallet.public_key, signature }] };
    },
  };
}

/** Names the form of a backup, and its version. */
const BACKUP_FORMAT = "secuticket-wallet-1";

/** Rounds of PBKDF2-HMAC-SHA256 (OWASP Password Storage Cheat Sheet, 2023: 600,000). */
const ROUNDS = 600_000;

/** @param {string} passphrase @param {Uint8Array<ArrayBuffer>} salt @param {number} rounds */
async function wrappingKey(passphrase, salt, rounds) {
  const typed = await subtle().importKey("raw", new TextEncoder().encode(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  return subtle().deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** @param {Uint8Array<ArrayBuffer>} pkcs8 @param {string} passphrase */
async function seal(pkcs8, passphrase) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const box = await subtle().encrypt({ name: "AES-GCM", iv }, await wrappingKey(passphrase, salt, ROUNDS), pkcs8);
  return { format: BACKUP_FORMAT, kdf: "PBKDF2-HMAC-SHA256", rounds: ROUNDS, salt: hex(salt.buffer), iv: hex(iv.buffer), box: hex(box) };
}

/** @param {any} backup @param {string} passphrase */
async function open(backup, passphrase) {
  const rounds = Number(backup.rounds);
  if (!(rounds >= 100_000 && rounds <= 10_000_000)) throw new SigningError("backup_unknown");
  try {
    return await subtle().decrypt({ name: "AES-GCM", iv: bytesOf(String(backup.iv)) }, await wrappingKey(passphrase, bytesOf(String(backup.salt)), rounds), bytesOf(String(backup.box)));
  } catch (fault) {
    // OperationError: the box does not open under this key.
    if (!(fault instanceof DOMException)) throw fault;
    throw new SigningError("backup_passphrase", { cause: fault });
  }
}

function announce() {
  changes.dispatchEvent(new Event("change"));
  tellTabs();
}

/**
 * @returns {Promise<IDBDatabase>}
 * @throws {SigningError} the browser keeps nothing for this site
 */
async function opened() {
  try {
    return await new Promise((resolve, reject) => {
      const opening = indexedDB.open(DATABASE, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "address" });
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
  } catch (fault) {
    if (!(fault instanceof DOMException)) throw fault;
    throw new SigningError(word("refused.stores_nothing"), { cause: fault });
  }
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(wallets: IDBObjectStore) => IDBRequest<T>} act
 * @returns {Promise<T>}
 */
async function store(mode, act) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      // After a failed request it is aborted; only then it says why.
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}
