// @ts-check
/**
 * Gate codes: what a holder shows, read and checked here alone (docs/protocol.md, "Gate code").
 *
 * @typedef {{ ticket: string, at: number, point: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>, passkey: import("./passkey.js").CodeAssertion | null }} Code
 */
import { fromBase45 } from "../base45.js";
import { messageOf, PASSKEY, PLAIN, PREFIX } from "../gatecode.js";
import { hex, subtle } from "../signature.js";
import { decompress, makeLow } from "./curve.js";
import { readAssertion, signedBy } from "./passkey.js";

/** Most characters of a code. */
export const MAX_LENGTH = 512;

/** Bytes of a key's code; a passkey's has more. */
const SIZE = 118;

/**
 * A code's parts. Whether it is signed, by whom and when is asked elsewhere.
 * @param {string} text whatever was scanned
 * @returns {Code | null} null for what is no code in form
 */
export function parseCode(text) {
  if (!text.startsWith(PREFIX) || text.length > MAX_LENGTH) return null;
  const bytes = fromBase45(text.slice(PREFIX.length));
  if (bytes === null || bytes.length < SIZE || (bytes[0] === PLAIN ? bytes.length !== SIZE : bytes[0] !== PASSKEY)) return null;
  const point = decompress(bytes.subarray(21, 54));
  const signature = bytes.slice(54, SIZE);
  if (point === null || !makeLow(signature)) return null;
  const passkey = bytes[0] === PASSKEY ? readAssertion(bytes.subarray(SIZE)) : null;
  if (bytes[0] === PASSKEY && passkey === null) return null;
  return { ticket: hex(bytes.slice(1, 17).buffer), at: new DataView(bytes.buffer).getUint32(17), point, signature, passkey };
}

/**
 * Whether a code is signed by the key that it names.
 * @param {Code} code
 * @param {string} chainId
 */
export async function isSigned(code, chainId) {
  const message = messageOf(chainId, code.ticket, code.at);
  const signed = code.passkey === null ? message : await signedBy(code.passkey, new Uint8Array(await subtle().digest("SHA-256", message)));
  return signed !== null && verifies(code.point, code.signature, signed);
}

/**
 * @param {Uint8Array<ArrayBuffer>} point 65 bytes
 * @param {Uint8Array<ArrayBuffer>} signature r ‖ s
 * @param {Uint8Array<ArrayBuffer>} message hashed with SHA-256
 * @returns {Promise<boolean>} false also where the point is none of the curve
 */
export async function verifies(point, signature, message) {
  try {
    const key = await subtle().importKey("raw", point, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    return await subtle().verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, message);
  } catch (fault) {
    if (fault instanceof DOMException) return false;
    throw fault;
  }
}
