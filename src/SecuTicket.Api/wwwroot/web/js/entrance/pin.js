// @ts-check
/**
 * The lock of a gate's page. It keeps whoever picks the device up from letting people in, from changing its settings and from taking the gate off it.
 * It does not keep out who can open the browser's own tools or close the page, copy the device's disk, or turn its clock on to shorten a wait: for that there is the lock of the
 * device itself. The key signs without the PIN, so nothing here is encrypted with it; four digits would encrypt nothing.
 *
 * @typedef {{ salt: Uint8Array<ArrayBuffer>, rounds: number, hash: Uint8Array, wrong: number, notBefore: number }} Pin
 */
import { subtle } from "../signature.js";
import { keep, recall } from "./store.js";

/** Digits of a PIN. */
export const PIN = /^\d{4,12}$/;

/** Rounds of PBKDF2-HMAC-SHA256 (OWASP Password Storage Cheat Sheet, 2023: 600,000). */
const ROUNDS = 600_000;

/** Wrong tries that cost nothing; each one after them doubles the wait, from five seconds to a quarter of an hour. */
const FREE_TRIES = 2;
const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 900_000;

/** @param {string} pin */
export async function setPin(pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  await keep("pin", /** @type {Pin} */ ({ salt, rounds: ROUNDS, hash: await hashOf(pin, salt, ROUNDS), wrong: 0, notBefore: 0 }));
}

/** @returns {Promise<boolean>} */
export const hasPin = async () => await recall("pin") !== undefined;

/**
 * Tries a PIN. That it was tried is on the disk before it is compared, so closing the page does not make tries cheaper.
 * @param {string} typed
 * @returns {Promise<{ right: boolean, wait: number }>} wait: milliseconds until the next one is looked at
 */
export async function tryPin(typed) {
  /** @type {Pin} */
  const pin = await recall("pin");
  const early = pin.notBefore - Date.now();
  // Beyond the longest wait it is the clock that was set.
  if (early > 0 && early <= LONGEST_WAIT) return { right: false, wait: early };

  const wrong = pin.wrong + 1;
  const wait = wrong <= FREE_TRIES ? 0 : Math.min(FIRST_WAIT * 2 ** (wrong - FREE_TRIES - 1), LONGEST_WAIT);
  await keep("pin", { ...pin, wrong, notBefore: Date.now() + wait });
  const hash = await hashOf(typed, pin.salt, pin.rounds);
  if (!hash.every((byte, i) => byte === pin.hash[i])) return { right: false, wait };

  await keep("pin", { ...pin, wrong: 0, notBefore: 0 });
  return { right: true, wait: 0 };
}

/** @param {string} pin @param {Uint8Array<ArrayBuffer>} salt @param {number} iterations */
async function hashOf(pin, salt, iterations) {
  const typed = await subtle().importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(await subtle().deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, typed, 256));
}
