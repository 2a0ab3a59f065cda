// @ts-check
/**
 * The arithmetic of P-256 (SEC 2, section 2.4.2) that WebCrypto asks for and does not offer: a compressed point made whole, and which numbers can be a
 * signature. All of it is public; no key is ever near these numbers, so nothing is lost by their taking more or less time.
 */
import { hex } from "../signature.js";

const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * The uncompressed form of a point.
 * @param {Uint8Array} compressed 33 bytes: 0x02 or 0x03, then x
 * @returns {Uint8Array<ArrayBuffer> | null} 65 bytes; null where there is no such point
 */
export function decompress(compressed) {
  if (compressed[0] !== 2 && compressed[0] !== 3) return null;
  const x = numberOf(compressed.subarray(1));
  if (x >= P) return null;
  const square = (((x * x) % P) * x - 3n * x + B + 3n * P) % P;
  // P is 3 modulo 4, so this is a root wherever there is one (SEC 1, section 2.3.4).
  let y = power(square, (P + 1n) / 4n);
  if ((y * y) % P !== square) return null;
  if ((y & 1n) !== BigInt(compressed[0] & 1)) y = P - y;
  const point = new Uint8Array(65);
  point[0] = 4;
  point.set(compressed.subarray(1), 1);
  point.set(bytesOfNumber(y), 33);
  return point;
}

/**
 * Makes s low, in place, as SecuTicket writes signatures.
 * @param {Uint8Array} signature r ‖ s, 64 bytes
 * @returns {boolean} false where r or s is none
 */
export function makeLow(signature) {
  const r = numberOf(signature.subarray(0, 32));
  const s = numberOf(signature.subarray(32));
  if (r === 0n || r >= N || s === 0n || s >= N) return false;
  if (s > N / 2n) signature.set(bytesOfNumber(N - s), 32);
  return true;
}

/** @param {Uint8Array} bytes 32, the highest first */
const numberOf = (bytes) => BigInt(`0x${hex(bytes.slice().buffer)}`);

/** @param {bigint} number below 2^256 */
function bytesOfNumber(number) {
  const bytes = new Uint8Array(32);
  for (let i = 31; i >= 0; i--, number >>= 8n) bytes[i] = Number(number & 0xffn);
  return bytes;
}

/** @param {bigint} base @param {bigint} exponent */
function power(base, exponent) {
  let result = 1n;
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % P;
    base = (base * base) % P;
  }

  return result;
}
