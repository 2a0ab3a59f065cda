// @ts-check
/** Links that tell another device which account a passkey is for: credential id and public key, which are no secrets. They stand behind the #, which browsers send to nobody. */

const FORM = /^#passkey=([A-Za-z0-9_-]{1,1400})\.(04[0-9a-f]{128})$/;

/** @param {import("../wallets.js").Wallet} wallet a passkey's */
export const linkOf = (wallet) => `${location.origin}/wallet#passkey=${wallet.credential_id}.${wallet.public_key}`;

/**
 * What a link tells.
 * @param {string} hash of an address
 * @returns {{ credential_id: string, public_key: string } | null} null when it is no such link
 */
export function offered(hash) {
  const found = FORM.exec(hash);
  return found ? { credential_id: found[1], public_key: found[2] } : null;
}
