// @ts-check
/**
 * QR codes (ISO/IEC 18004:2015) of texts, level M, versions 1 to 20: drawn here, because at the door there may be no network.
 * Text of the alphanumeric alphabet, as a gate code is, takes that mode; any other goes as UTF-8 bytes.
 */

/** 45 characters, the alphabet of base45 too (RFC 9285). */
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** Table 9, level M, by version: codewords of error correction in each block, and blocks. */
const CORRECTION = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
const MOST_VERSION = 20;

/** The level's two bits in the format information (table 12). */
const LEVEL_M = 0b00;

/** Section 7.8.2, table 10: which modules a mask inverts. @type {((x: number, y: number) => boolean)[]} */
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** Section 7.8.3, table 11: what a pattern costs. */
const [RUN, BLOCK, FINDER, BALANCE] = [3, 3, 40, 10];

/**
 * The modules of a code, true for dark, without its quiet zone of four.
 * @param {string} text
 * @param {number} [mask] 0 to 7; the one of least penalty where it is left out
 * @returns {boolean[][]} rows
 * @throws {RangeError} when the text is too long for version 20
 */
export function encode(text, mask) {
  const { version, codewords } = data(text);
  const grid = new Grid(version);
  grid.place(interleaved(version, codewords));
  if (mask === undefined) {
    const penalties = MASKS.map((_, one) => penalty(grid.masked(one)));
    mask = penalties.indexOf(Math.min(...penalties));
  }

  return grid.masked(mask);
}

/**
 * A drawing of a code with its quiet zone, black on white whatever the page's colours: scanners expect that.
 * @param {string} text
 * @param {string} name for who can not see it
 * @returns {SVGElement}
 */
export function drawing(text, name) {
  const modules = encode(text);
  const size = modules.length + 8;
  const make = (/** @type {string} */ element, /** @type {Record<string, string>} */ attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", element);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const dark = modules.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
  const svg = make("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": name, "shape-rendering": "crispEdges" });
  svg.append(make("path", { d: `M0 0h${size}v${size}h-${size}z`, fill: "#ffffff" }), make("path", { d: dark, fill: "#000000" }));
  return /** @type {SVGElement} */ (svg);
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

/** Modules of one version: those with a function and, between them, the codewords. */
class Grid {
  /** @param {number} version */
  constructor(version) {
    this.version = version;
    this.size = version * 4 + 17;
    /** @type {boolean[][]} */
    this.dark = Array.from({ length: this.size }, () => Array(this.size).fill(false));
    /** @type {boolean[][]} */
    this.hasFunction = Array.from({ length: this.size }, () => Array(this.size).fill(false));
    for (let i = 0; i < this.size; i++) {
      this.#set(6, i, i % 2 === 0);
      this.#set(i, 6, i % 2 === 0);
    }

    for (const [x, y] of [[3, 3], [this.size - 4, 3], [3, this.size - 4]]) this.#square(x, y, 4);
    const places = this.#alignments();
    const last = places.length - 1;
    for (const [i, x] of places.entries())
      for (const [j, y] of places.entries())
        if (!((i === 0 && (j === 0 || j === last)) || (i === last && j === 0))) this.#square(x, y, 2);
    this.#format(0);
    if (version >= 7) this.#version();
  }

  /** Section 7.7.3: two columns at a time from the right, up and down. @param {number[]} codewords */
  place(codewords) {
    let bit = 0;
    for (let right = this.size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      const isUpward = ((right + 1) & 2) === 0;
      for (let step = 0; step < this.size; step++)
        for (const x of [right, right - 1]) {
          const y = isUpward ? this.size - 1 - step : step;
          if (this.hasFunction[y][x] || bit >= codewords.length * 8) continue;
          this.dark[y][x] = ((codewords[bit >> 3] >> (7 - (bit & 7))) & 1) === 1;
          bit++;
        }
    }
  }

  /** The modules under a mask, with the format information that names it. @param {number} mask */
  masked(mask) {
    this.#format(mask);
    return this.dark.map((row, y) => row.map((isDark, x) => isDark !== (!this.hasFunction[y][x] && MASKS[mask](x, y))));
  }

  /** @param {number} x @param {number} y @param {boolean} isDark */
  #set(x, y, isDark) {
    this.dark[y][x] = isDark;
    this.hasFunction[y][x] = true;
  }

  /** Rings around a middle: a finder of radius 4 with its separator, or an alignment of radius 2. @param {number} x @param {number} y @param {number} radius */
  #square(x, y, radius) {
    for (let dy = -radius; dy <= radius; dy++)
      for (let dx = -radius; dx <= radius; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        if (x + dx >= 0 && x + dx < this.size && y + dy >= 0 && y + dy < this.size) this.#set(x + dx, y + dy, radius === 4 ? ring !== 2 && ring !== 4 : ring !== 1);
      }
  }

  /** Annex E: middles of the alignments. */
  #alignments() {
    if (this.version === 1) return [];

    const count = Math.floor(this.version / 7) + 2;
    const step = Math.ceil((this.version * 4 + 4) / (count * 2 - 2)) * 2;
    return [6, ...Array.from({ length: count - 1 }, (_, i) => this.size - 7 - (count - 2 - i) * step)];
  }

  /** Section 7.9 and annex C: level and mask, twice. @param {number} mask */
  #format(mask) {
    const bits = ((((LEVEL_M << 3) | mask) << 10) | bch((LEVEL_M << 3) | mask, 10, 0x537)) ^ 0x5412;
    const isDark = (/** @type {number} */ bit) => ((bits >> bit) & 1) === 1;
    for (let i = 0; i < 15; i++) {
      const along = i < 6 ? i : i < 8 ? i + 1 : -1;
      if (i < 8) {
        this.#set(8, along, isDark(i));
        this.#set(this.size - 1 - i, 8, isDark(i));
      } else {
        this.#set(i === 8 ? 7 : 14 - i, 8, isDark(i));
        this.#set(8, this.size - 15 + i, isDark(i));
      }
    }

    this.#set(8, this.size - 8, true);
  }

  /** Section 7.10 and annex D: the version, twice. */
  #version() {
    const bits = (this.version << 12) | bch(this.version, 12, 0x1f25);
    for (let i = 0; i < 18; i++) {
      const [near, far] = [Math.floor(i / 3), this.size - 11 + (i % 3)];
      this.#set(far, near, ((bits >> i) & 1) === 1);
      this.#set(near, far, ((bits >> i) & 1) === 1);
    }
  }
}

/** The remainder of a BCH code. @param {number} value @param {number} degree @param {number} generator */
function bch(value, degree, generator) {
  let rest = value;
  for (let i = 0; i < degree; i++) rest = (rest << 1) ^ ((rest >> (degree - 1)) * generator);
  return rest;
}

/** Section 7.8.3. @param {boolean[][]} modules */
function penalty(modules) {
  const size = modules.length;
  let sum = 0;
  let dark = 0;
  for (let i = 0; i < size; i++) {
    const column = modules.map((row) => row[i]);
    sum += lines(modules[i]) + lines(column);
    dark += modules[i].filter(Boolean).length;
  }

  for (let y = 0; y + 1 < size; y++)
    for (let x = 0; x + 1 < size; x++)
      if (modules[y][x] === modules[y][x + 1] && modules[y][x] === modules[y + 1][x] && modules[y][x] === modules[y + 1][x + 1]) sum += BLOCK;
  return sum + Math.floor(Math.abs((dark * 100) / (size * size) - 50) / 5) * BALANCE;
}

/** Runs of one colour, and what looks like a finder. @param {boolean[]} line */
function lines(line) {
  const written = line.map((isDark) => (isDark ? "1" : "0")).join("");
  const runs = [...written.matchAll(/0{5,}|1{5,}/g)].reduce((sum, [run]) => sum + RUN + run.length - 5, 0);
  const finders = [...written.matchAll(/(?=10111010000|00001011101)/g)].length;
  return runs + finders * FINDER;
}
