// @ts-check
/**
 * Gate codes: what a holder shows, read and checked here alone (docs/protocol.md, "Gate code").
 *
 * @typedef {{ ticket: string, at: number, point: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>, passkey: import("./passkey.js").CodeAssertion | null }} Code
 */
import { bytesOf, hex, subtle } from "../signature.js";
import { decompress, makeLow } from "./curve.js";
import { readAssertion, signedBy } from "./passkey.js";

/** Most characters of a code. */
export const MAX_LENGTH = 512;

const PREFIX = "ST1:";
const PLAIN = 1;
const PASSKEY = 2;
const SIZE = 118;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/**
 * Reads what base45 writes (RFC 9285), strictly.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer> | null} null where it is none
 */
export function base45(text) {
  if (text.length % 3 === 1) return null;
  const bytes = new Uint8Array(Math.floor(text.length / 3) * 2 + (text.length % 3) / 2);
  for (let at = 0, to = 0; at < text.length; at += 3) {
    const values = [...text.slice(at, at + 3)].map((character) => ALPHABET.indexOf(character));
    if (values.includes(-1)) return null;
    const value = values.reduceRight((sum, digit) => sum * 45 + digit, 0);
    if (value >= (values.length === 3 ? 0x10000 : 0x100)) return null;
    if (values.length === 3) bytes[to++] = value >> 8;
    bytes[to++] = value & 0xff;
  }

  return bytes;
}

/**
 * A code's parts. Whether it is signed, by whom and when is asked elsewhere.
 * @param {string} text whatever was scanned
 * @returns {Code | null} null for what is no code in form
 */
export function parseCode(text) {
  if (!text.startsWith(PREFIX) || text.length > MAX_LENGTH) return null;
  const bytes = base45(text.slice(PREFIX.length));
  if (bytes === null || bytes.length < SIZE || (bytes[0] === PLAIN ? bytes.length !== SIZE : bytes[0] !== PASSKEY)) return null;
  const point = decompress(bytes.subarray(21, 54));
  const signature = bytes.slice(54, SIZE);
  if (point === null || !makeLow(signature)) return null;
  const passkey = bytes[0] === PASSKEY ? readAssertion(bytes.subarray(SIZE)) : null;
  if (bytes[0] === PASSKEY && passkey === null) return null;
  return { ticket: hex(bytes.slice(1, 17).buffer), at: new DataView(bytes.buffer).getUint32(17), point, signature, passkey };
}

/**
 * What a holder signs, or what a passkey is challenged with the hash of.
 * @param {string} chainId
 * @param {string} ticket 32 hex digits
 * @param {number} at unix seconds
 */
export function messageOf(chainId, ticket, at) {
  const seconds = new Uint8Array(4);
  new DataView(seconds.buffer).setUint32(0, at);
  return Uint8Array.from([...new TextEncoder().encode(`SecuTicket gate code${chainId}`), ...bytesOf(ticket), ...seconds]);
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
