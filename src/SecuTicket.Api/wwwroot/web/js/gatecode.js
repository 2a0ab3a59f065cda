// @ts-check
/** The form of a code for the gate (docs/protocol.md, "Gate code"), for the wallet that makes it and the gate that reads it. */
import { bytesOf } from "./signature.js";

/** What a code begins with. */
export const PREFIX = "ST1:";

/** Versions: the first byte, of a key's code and of a passkey's. */
export const PLAIN = 1;
export const PASSKEY = 2;

/** How a passkey's client data mostly ends behind the origin; then it is left out. */
export const USUAL_REST = ',"crossOrigin":false}';

/** How far a code's moment may lie from the gate's clock, either way, in seconds. */
export const GOOD_FOR_SECONDS = 30;

/**
 * Client data as it begins, up to the rest.
 * @param {string} challenge base64url
 * @param {string} origin
 */
export const clientStart = (challenge, origin) => `{"type":"webauthn.get","challenge":"${challenge}","origin":"${origin}"`;

/** @param {number} at unix seconds @returns {Uint8Array<ArrayBuffer>} 4 bytes */
export const secondsOf = (at) => Uint8Array.of(at >>> 24, at >>> 16, at >>> 8, at);

/**
 * What a holder signs, or what a passkey is challenged with the hash of.
 * @param {string} chainId
 * @param {string} ticket 32 hex digits
 * @param {number} at unix seconds
 */
export const messageOf = (chainId, ticket, at) => Uint8Array.from([...new TextEncoder().encode(`SecuTicket gate code${chainId}`), ...bytesOf(ticket), ...secondsOf(at)]);
