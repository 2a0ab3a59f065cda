// @ts-check
/** The kinds of wallets that a person can choose from. */
import { hasPasskeys } from "../passkeys.js";
import { createBrowserKey, createKept, createPasskeyWallet } from "../wallets.js";
import { word } from "../words.js";

/** Whether this browser can have a wallet of a kind. @param {string} kind */
export const isOffered = (kind) => kind !== "passkey" || hasPasskeys();

/**
 * A wallet of a kind, chosen from now on.
 * @param {string} kind
 * @param {string} name empty for the kind's own
 * @returns {Promise<{ wallet: import("../wallets.js").Wallet, secret?: string }>} the secret of a kept account can be shown this once
 */
export async function create(kind, name) {
  const called = name || word(`kind.${kind}`);
  if (kind === "kept") return createKept(called);
  return { wallet: await (kind === "passkey" ? createPasskeyWallet(called) : createBrowserKey(called, null)) };
}
