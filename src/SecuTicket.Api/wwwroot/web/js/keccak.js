// @ts-check
/**
 * Keccak-256 with Keccak's own padding, as Ethereum uses it (not SHA3-256), and the addresses made of it. WebCrypto has neither. A gate without
 * a network tells by them whose key signed a code, the explorer whose key signed a transaction. The Keccak reference, version 3.0, is where the steps have their names from.
 */
import { hex } from "./signature.js";

const LANES = 25;
const RATE = 136;
const ROUNDS = 24;
const MASK = (1n << 64n) - 1n;

/** Iota's constants, from the reference's linear feedback register. */
const CONSTANTS = roundConstants();

/** By how much rho turns each lane, and where pi puts it: both walk the same way through the lanes. */
const WALK = rhoAndPi();

/**
 * @param {Uint8Array} message
 * @returns {Uint8Array<ArrayBuffer>} 32 bytes
 */
export function keccak256(message) {
  const padded = new Uint8Array((Math.floor(message.length / RATE) + 1) * RATE);
  padded.set(message);
  padded[message.length] ^= 0x01;
  padded[padded.length - 1] ^= 0x80;
  const blocks = new DataView(padded.buffer);
  /** @type {bigint[]} */
  const state = new Array(LANES).fill(0n);
  for (let start = 0; start < padded.length; start += RATE) {
    for (let lane = 0; lane < RATE / 8; lane++) state[lane] ^= blocks.getBigUint64(start + 8 * lane, true);
    permute(state);
  }

  const hash = new Uint8Array(32);
  const view = new DataView(hash.buffer);
  for (let lane = 0; lane < 4; lane++) view.setBigUint64(8 * lane, state[lane], true);
  return hash;
}

/** What an account's key is of: P-256 (docs/protocol.md, "Addresses"). */
const P256 = 3;

/**
 * The account of a key: the last 20 bytes of the hash of the compressed point, with what curve it is of before it.
 * @param {Uint8Array} point the uncompressed point, 65 bytes from 0x04
 */
export const accountOf = (point) => keccak256(Uint8Array.from([P256, 2 + (point[64] & 1), ...point.subarray(1, 33)])).slice(12);

/**
 * An account as it is written: the case of its letters is a checksum (EIP-55).
 * @param {Uint8Array<ArrayBuffer>} account 20 bytes
 */
export function addressText(account) {
  const digits = hex(account.buffer);
  const sum = hex(keccak256(new TextEncoder().encode(digits)).buffer);
  return `0x${[...digits].map((digit, i) => (sum[i] >= "8" ? digit.toUpperCase() : digit)).join("")}`;
}

/** @param {bigint[]} state */
function permute(state) {
  for (const constant of CONSTANTS) {
    const columns = [0, 1, 2, 3, 4].map((x) => state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20]);
    for (let lane = 0; lane < LANES; lane++) state[lane] ^= columns[(lane + 4) % 5] ^ turn(columns[(lane + 1) % 5], 1n);

    let moved = state[1];
    for (const { to, by } of WALK) [state[to], moved] = [turn(moved, by), state[to]];

    for (let row = 0; row < LANES; row += 5) {
      const old = state.slice(row, row + 5);
      for (let x = 0; x < 5; x++) state[row + x] = old[x] ^ (~old[(x + 1) % 5] & MASK & old[(x + 2) % 5]);
    }

    state[0] ^= constant;
  }
}

/** @param {bigint} lane @param {bigint} by 1 to 63 */
const turn = (lane, by) => ((lane << by) | (lane >> (64n - by))) & MASK;

function roundConstants() {
  const constants = [];
  let register = 1;
  for (let round = 0; round < ROUNDS; round++) {
    let constant = 0n;
    for (let j = 0; j < 7; j++) {
      if (register & 1) constant |= 1n << BigInt(2 ** j - 1);
      register = (register << 1) ^ (register & 0x80 ? 0x171 : 0);
    }

    constants.push(constant);
  }

  return constants;
}

function rhoAndPi() {
  const walk = [];
  let [x, y] = [1, 0];
  for (let t = 0; t < LANES - 1; t++) {
    [x, y] = [y, (2 * x + 3 * y) % 5];
    walk.push({ to: x + 5 * y, by: BigInt(((t + 1) * (t + 2)) / 2 % 64) });
  }

  return walk;
}
