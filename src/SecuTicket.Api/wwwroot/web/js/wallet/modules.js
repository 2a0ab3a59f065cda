// @ts-check
/** Where the modules of a QR code are (ISO/IEC 18004:2015, sections 7.7 to 7.10): those with a function, the codewords between them, and the mask of least penalty. */

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

/** Modules of one version: those with a function and, between them, the codewords. */
export class Grid {
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

/** The mask under which a grid is read most easily. @param {Grid} grid */
export function bestMask(grid) {
  const penalties = MASKS.map((_, mask) => penalty(grid.masked(mask)));
  return penalties.indexOf(Math.min(...penalties));
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
