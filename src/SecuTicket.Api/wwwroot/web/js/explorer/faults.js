// @ts-check
/** What a person reads where something could not be read or checked. */
import { Refused } from "../ledger.js";
import { SigningError } from "../signature.js";
import { word } from "../words.js";

/**
 * @param {unknown} fault
 * @returns {string}
 * @throws what is a fault of these scripts
 */
export function told(fault) {
  // Hashes are our own, signatures the browser's, and it keeps its cryptography back on pages without https.
  if (fault instanceof SigningError) return word("insecure");
  if (fault instanceof Refused || fault instanceof RangeError) return fault.message;
  throw fault;
}
