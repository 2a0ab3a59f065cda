// @ts-check
/** The kinds of wallets that a person can choose from. */
import { createBrowserKey, createKept } from "../wallets.js";
import { word } from "../words.js";

/** Whether this browser can have a wallet of a kind. @param {string} kind */
export const isOffered = (kind) => kind !== "passkey" || "PublicKeyCredential" in globalThis;

/**
 * A wallet of a kind, chosen from now on.
 * @param {string} kind
 * @param {string} name empty for the kind's own
 * @returns {Promise<{ wallet: import("../wallets.js").Wallet, secret?: string }>} the secret of a kept account can be shown this once
 */
export async function create(kind, name) {
  const called = name || word(`kind.${kind}`);
  return kind === "kept" ? createKept(called) : { wallet: await createBrowserKey(called, null) };
}
