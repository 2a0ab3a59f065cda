// @ts-check
/**
 * The gate's key: made here for one event, kept by the browser, given to nobody.
 *
 * @typedef {{ key: CryptoKey, public_key: string, address: string }} GateKey
 */
import { hex, subtle } from "../signature.js";
import { makeLow } from "./curve.js";
import { accountOf, addressText } from "../keccak.js";

const ECDSA = { name: "ECDSA", hash: "SHA-256" };

/** @returns {Promise<GateKey>} */
export async function createKey() {
  const pair = await subtle().generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  const point = await subtle().exportKey("raw", pair.publicKey);
  return { key: pair.privateKey, public_key: hex(point), address: addressText(accountOf(new Uint8Array(point))) };
}

/**
 * @param {GateKey} key
 * @param {string} text signed as UTF-8
 * @returns {Promise<{ scheme: "p256", public_key: string, signature: string }>} s is low
 */
export async function sign({ key, public_key }, text) {
  const signature = new Uint8Array(await subtle().sign(ECDSA, key, new TextEncoder().encode(text)));
  makeLow(signature);
  return { scheme: "p256", public_key, signature: hex(signature.buffer) };
}

/** How transactions and requests are signed. @param {GateKey} key @returns {import("../ledger.js").Signer} */
export const signerOf = (key) => ({ address: key.address, sign: async (canonical) => ({ signatures: [await sign(key, canonical)] }) });

/** The key of a pairing. @param {import("./store.js").Pairing} pairing @returns {GateKey} */
export const keyOf = ({ key, public_key, gate }) => ({ key, public_key, address: gate });
