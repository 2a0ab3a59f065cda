// @ts-check
/**
 * What a QR code holds (ISO/IEC 18004:2015, sections 7.4 to 7.6): a text in the smallest version that has room for it, and the codewords by which errors are corrected.
 * Text of the alphanumeric alphabet, as a gate code is, takes that mode; any other goes as UTF-8 bytes.
 */
import { ALPHABET } from "../base45.js";

/** Table 9, level M, by version: codewords of error correction in each block, and blocks. */
const CORRECTION = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
const MOST_VERSION = 20;

/**
 * @param {string} text
 * @returns {{ version: number, codewords: number[] }} data and correction, in the order in which they are placed
 * @throws {RangeError} when the text is too long for version 20
 */
export function codewordsOf(text) {
  const { version, codewords } = data(text);
  return { version, codewords: interleaved(version, codewords) };
}

/** Codewords of a version for data and correction together (section 7.4.10, after the modules that have a function). @param {number} version */
function capacity(version) {
  const aligned = version === 1 ? 0 : Math.floor(version / 7) + 2;
  const modules = (16 * version + 128) * version + 64 - (aligned === 0 ? 0 : (25 * aligned - 10) * aligned - 55) - (version >= 7 ? 36 : 0);
  return Math.floor(modules / 8);
}

/** @param {number} version */
const dataCapacity = (version) => capacity(version) - CORRECTION[version] * BLOCKS[version];

/** Section 7.4: the bits of the text in the smallest version, filled up. @param {string} text */
function data(text) {
  const isAlphanumeric = [...text].every((character) => ALPHABET.includes(character));
  const bytes = new TextEncoder().encode(text);
  const length = isAlphanumeric ? text.length : bytes.length;
  const size = isAlphanumeric ? Math.floor(length / 2) * 11 + (length % 2) * 6 : length * 8;
  for (let version = 1; version <= MOST_VERSION; version++) {
    const counted = version < 10 ? (isAlphanumeric ? 9 : 8) : isAlphanumeric ? 11 : 16;
    const room = dataCapacity(version) * 8;
    if (4 + counted + size > room) continue;

    const bits = new Bits();
    bits.add(isAlphanumeric ? 0b0010 : 0b0100, 4);
    bits.add(length, counted);
    if (isAlphanumeric) {
      for (let i = 0; i + 1 < length; i += 2) bits.add(ALPHABET.indexOf(text[i]) * 45 + ALPHABET.indexOf(text[i + 1]), 11);
      if (length % 2 === 1) bits.add(ALPHABET.indexOf(text[length - 1]), 6);
    } else {
      for (const byte of bytes) bits.add(byte, 8);
    }

    bits.add(0, Math.min(4, room - bits.length));
    bits.add(0, (8 - (bits.length % 8)) % 8);
    for (let filler = 0xec; bits.length < room; filler ^= 0xec ^ 0x11) bits.add(filler, 8);
    return { version, codewords: bits.codewords };
  }

  throw new RangeError("The text is too long for a QR code of this kind.");
}

class Bits {
  /** @type {number[]} */
  codewords = [];
  length = 0;

  /** @param {number} value @param {number} count */
  add(value, count) {
    for (let bit = count - 1; bit >= 0; bit--) {
      if (this.length % 8 === 0) this.codewords.push(0);
      this.codewords[this.codewords.length - 1] |= ((value >> bit) & 1) << (7 - (this.length % 8));
      this.length++;
    }
  }
}

/** Section 7.6: blocks with their correction, codeword by codeword. @param {number} version @param {number[]} codewords */
function interleaved(version, codewords) {
  const blocks = BLOCKS[version];
  const short = Math.floor(codewords.length / blocks);
  const longFrom = blocks - (codewords.length % blocks);
  const parts = [];
  for (let block = 0, at = 0; block < blocks; block++) {
    const size = short + (block >= longFrom ? 1 : 0);
    parts.push(codewords.slice(at, at + size));
    at += size;
  }

  const generator = generatorOf(CORRECTION[version]);
  const corrections = parts.map((part) => remainder(part, generator));
  const columns = (/** @type {number[][]} */ rows, /** @type {number} */ width) => Array.from({ length: width }, (_, i) => rows.flatMap((row) => (i < row.length ? [row[i]] : []))).flat();
  return [...columns(parts, short + 1), ...columns(corrections, CORRECTION[version])];
}

/** Product in GF(2⁸) modulo x⁸ + x⁴ + x³ + x² + 1 (section 7.5.2). @param {number} a @param {number} b */
function times(a, b) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> bit) & 1) * a;
  }

  return product;
}

/** Annex A: coefficients of (x − 1)(x − 2)(x − 4)…, the highest, 1, left out. @param {number} degree */
function generatorOf(degree) {
  const generator = [...Array(degree - 1).fill(0), 1];
  for (let i = 0, root = 1; i < degree; i++, root = times(root, 2))
    for (let j = 0; j < degree; j++) generator[j] = times(generator[j], root) ^ (generator[j + 1] ?? 0);
  return generator;
}

/** @param {number[]} part @param {number[]} generator */
function remainder(part, generator) {
  const rest = Array(generator.length).fill(0);
  for (const codeword of part) {
    const factor = codeword ^ rest.shift();
    rest.push(0);
    generator.forEach((coefficient, i) => { rest[i] ^= times(coefficient, factor); });
  }

  return rest;
}
