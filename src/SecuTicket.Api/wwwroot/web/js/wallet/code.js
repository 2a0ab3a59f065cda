// @ts-check
/** The code that opens the gate, made by the holder's own key: docs/protocol.md, «Gate code». */
import { base45 } from "./base45.js";
import { askSigned, info } from "../ledger.js";
import { bytesOf, subtle } from "../signature.js";
import { signerOf } from "../wallets.js";

/** Seconds after which a code is made anew; a gate takes one of the last 30. */
export const CODE_SECONDS = 15;

const VERSION = 1;

/**
 * A code for now.
 * @param {import("../wallets.js").Wallet} wallet
 * @param {string} ticket 32 hex digits
 * @returns {Promise<string>}
 */
export async function makeCode(wallet, ticket) {
  if (wallet.kind === "kept") return (await askSigned("GET", `/tickets/${ticket}/code`, undefined, signerOf(wallet))).code;

  const at = new Uint8Array(4);
  new DataView(at.buffer).setUint32(0, Math.floor(Date.now() / 1000));
  const message = join(new TextEncoder().encode("SecuTicket gate code"), new TextEncoder().encode((await info()).chain_id), bytesOf(ticket), at);
  const signature = await subtle().sign({ name: "ECDSA", hash: "SHA-256" }, /** @type {CryptoKey} */ (wallet.key), message);
  return `ST1:${base45(join(Uint8Array.of(VERSION), bytesOf(ticket), at, compressed(/** @type {string} */ (wallet.public_key)), new Uint8Array(signature)))}`;
}

/** The compressed form (SEC 1, section 2.3.3): x, and whether y is odd. @param {string} key 04 and 128 hex digits */
function compressed(key) {
  const point = bytesOf(key);
  return join(Uint8Array.of(2 + (point[64] & 1)), point.subarray(1, 33));
}

/** @param {...Uint8Array} parts */
function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }

  return whole;
}
