// @ts-check
/**
 * What a passkey signed for a gate code, put together again from what the code carries of it (docs/protocol.md, "Gate code").
 *
 * @typedef {{ flags: number, counter: Uint8Array, party: string, origin: string, rest: Uint8Array }} CodeAssertion
 */
import { hostOf, isAssertionOf } from "../assertion.js";
import { clientStart, USUAL_REST } from "../gatecode.js";
import { base64Url, subtle } from "../signature.js";

const FIXED_SIZE = 7;

/**
 * @param {Uint8Array} bytes what follows a code's signature
 * @returns {CodeAssertion | null} null for what no code has, and for a second way to write one
 */
export function readAssertion(bytes) {
  const end = FIXED_SIZE + bytes[FIXED_SIZE - 1];
  if (!(bytes.length >= end)) return null;
  const origin = String.fromCharCode(...bytes.subarray(FIXED_SIZE, end));
  const host = hostOf(origin);
  const length = bytes[FIXED_SIZE - 2];
  const rest = bytes.slice(end);
  if (host === null || length > host.length || String.fromCharCode(...rest) === USUAL_REST) return null;
  return { flags: bytes[0], counter: bytes.slice(1, 5), party: host.slice(host.length - length), origin, rest };
}

/**
 * The bytes whose hash a passkey signed.
 * @param {CodeAssertion} passkey
 * @param {Uint8Array} challenge 32 bytes
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null where a page must not have asked so, or nobody was there
 */
export async function signedBy(passkey, challenge) {
  const utf8 = new TextEncoder();
  const rest = passkey.rest.length > 0 ? passkey.rest : utf8.encode(USUAL_REST);
  const client = Uint8Array.from([...utf8.encode(clientStart(base64Url(challenge), passkey.origin)), ...rest]);
  const party = await subtle().digest("SHA-256", utf8.encode(passkey.party));
  const authenticator = Uint8Array.from([...new Uint8Array(party), passkey.flags, ...passkey.counter]);
  if (!await isAssertionOf(authenticator, client, challenge)) return null;
  return Uint8Array.from([...authenticator, ...new Uint8Array(await subtle().digest("SHA-256", client))]);
}
