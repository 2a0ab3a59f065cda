// @ts-check
/** Bytes as texts of the 45 characters that QR codes hold most densely (RFC 9285). */

/** The characters, each worth its place; the alphanumeric mode of QR codes has the same. */
export const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** @param {ArrayLike<number>} bytes */
export function toBase45(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 2) {
    const isPair = i + 1 < bytes.length;
    let value = isPair ? bytes[i] * 256 + bytes[i + 1] : bytes[i];
    for (let digit = isPair ? 3 : 2; digit > 0; digit--) {
      text += ALPHABET[value % 45];
      value = Math.floor(value / 45);
    }
  }

  return text;
}

/**
 * Reads strictly.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer> | null} null for what toBase45 never writes
 */
export function fromBase45(text) {
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
