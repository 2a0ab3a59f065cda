// @ts-check
/**
 * What this device keeps of its gate, in IndexedDB: who it is, whom it trusts, the roster, and one signed receipt for each scan.
 *
 * @typedef {{ event_id: string, event_name: string, chain_id: string, node: string, gate: string, public_key: string, key: CryptoKey, name: string }} Pairing
 * @typedef {{ ticket_id: string | null, at: number, result: import("./judge.js").Result, code: string, previous: string, signature: { scheme: "p256", public_key: string, signature: string } }} SignedReceipt
 * @typedef {{ number: number, hash: string, receipt: SignedReceipt, uploaded: boolean, redeemed: boolean }} KeptReceipt numbered from 1; redeemed: on the chain, or nothing to be
 */
const DATABASE = "secuticket-gate";
const GATE = "gate";
const RECEIPTS = "receipts";

/** @type {Promise<IDBDatabase> | undefined} */
let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(GATE);
      opening.result.createObjectStore(RECEIPTS, { keyPath: "number" });
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  return opened;
}

/**
 * @template T
 * @param {string} name
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} act
 * @returns {Promise<T>} once it is done; where something is written, once it is on the disk
 */
async function within(name, mode, act) {
  const transaction = (await database()).transaction(name, mode, { durability: "strict" });
  return new Promise((resolve, reject) => {
    const request = act(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    // After a failed request it is aborted; only then it says why.
    transaction.onabort = () => reject(transaction.error);
  });
}

/** @param {"pairing" | "pin" | "roster" | "synced" | "settings" | "locked"} what @returns {Promise<any>} undefined where nothing is kept */
export const recall = (what) => within(GATE, "readonly", (store) => store.get(what));

/** @param {"pairing" | "pin" | "roster" | "synced" | "settings" | "locked"} what @param {unknown} value */
export const keep = (what, value) => within(GATE, "readwrite", (store) => store.put(value, what));

/** @returns {Promise<KeptReceipt[]>} oldest first */
export const receipts = () => within(RECEIPTS, "readonly", (store) => store.getAll());

/** Adds one, never in the place of another. @param {KeptReceipt} receipt */
export const addReceipt = (receipt) => within(RECEIPTS, "readwrite", (store) => store.add(receipt));

/** Says of receipts that are there how far they are reported. @param {KeptReceipt[]} changed one at least */
export const updateReceipts = (changed) => within(RECEIPTS, "readwrite", (store) => changed.map((receipt) => store.put(receipt))[0]);

/** Forgets the gate, whole. */
export async function forget() {
  await within(RECEIPTS, "readwrite", (store) => store.clear());
  await within(GATE, "readwrite", (store) => store.clear());
}
