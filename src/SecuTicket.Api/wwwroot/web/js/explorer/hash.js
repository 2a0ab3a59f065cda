// @ts-check
/**
 * SHA-256 (FIPS 180-4), at once instead of by promise: a page that shows how a chain is hashed does so for hundreds of thousands of small texts,
 * and on pages without https, where browsers keep WebCrypto back.
 */

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND = Uint32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2);

/** The state before the first block: the same of the square roots of the first 8 primes. */
export const INITIAL = Uint32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);

const schedule = new Int32Array(64);

/**
 * One compression: the state after a block of 64 bytes.
 * @param {Uint32Array} state eight words, left as they are
 * @param {DataView} block
 * @param {number} offset of its first byte
 * @param {Uint32Array} next eight words, written; may be the state itself
 */
export function compress(state, block, offset, next) {
  const w = schedule;
  for (let i = 0; i < 16; i++) w[i] = block.getInt32(offset + 4 * i);
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15], y = w[i - 2];
    w[i] = (w[i - 16] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + w[i - 7] + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0;
  }

  let a = state[0] | 0, b = state[1] | 0, c = state[2] | 0, d = state[3] | 0, e = state[4] | 0, f = state[5] | 0, g = state[6] | 0, h = state[7] | 0;
  for (let i = 0; i < 64; i++) {
    const first = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + ROUND[i] + w[i]) | 0;
    const second = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c)) | 0;
    h = g; g = f; f = e; e = (d + first) | 0; d = c; c = b; b = a; a = (first + second) | 0;
  }

  next[0] = state[0] + a; next[1] = state[1] + b; next[2] = state[2] + c; next[3] = state[3] + d;
  next[4] = state[4] + e; next[5] = state[5] + f; next[6] = state[6] + g; next[7] = state[7] + h;
}

/**
 * Bytes with SHA-256's padding: 1 bit, zeros, and the length in bits.
 * @param {Uint8Array} bytes
 */
export function pad(bytes) {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, bytes.length * 8);
  return view;
}

/** @param {Uint8Array} bytes @returns {Uint8Array<ArrayBuffer>} 32 bytes */
export function sha256(bytes) {
  const padded = pad(bytes);
  const state = INITIAL.slice();
  for (let offset = 0; offset < padded.byteLength; offset += 64) compress(state, padded, offset, state);
  return bytesOfWords(state);
}

/** @param {Uint32Array} words @returns {Uint8Array<ArrayBuffer>} big-endian */
export function bytesOfWords(words) {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  words.forEach((word, i) => view.setUint32(4 * i, word));
  return bytes;
}
