// @ts-check

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/**
 * Base45 (RFC 9285): three characters for two bytes, two for one left over.
 * @param {Uint8Array} bytes
 */
export function base45(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 2) {
    const isPair = i + 1 < bytes.length;
    const value = isPair ? bytes[i] * 256 + bytes[i + 1] : bytes[i];
    text += ALPHABET[value % 45] + ALPHABET[Math.floor(value / 45) % 45] + (isPair ? ALPHABET[Math.floor(value / 2025)] : "");
  }

  return text;
}
