// @ts-check
/**
 * What a passkey signed for a gate code, put together again from what the code carries of it (docs/protocol.md, "Gate code" and "Signatures").
 *
 * @typedef {{ flags: number, counter: Uint8Array, party: string, host: string, origin: string, rest: Uint8Array }} CodeAssertion
 */
import { base64Url, canonicalise, subtle } from "../signature.js";

const FIXED_SIZE = 7;
const USUAL_REST = ',"crossOrigin":false}';
const MAX_DEPTH = 8;
const MAX_CLIENT_SIZE = 1024;
const USER_PRESENT = 0x01;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const ATTESTED = 0x40;
const EXTENSIONS = 0x80;

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
  return { flags: bytes[0], counter: bytes.slice(1, 5), party: host.slice(host.length - length), host, origin, rest };
}

/**
 * The bytes whose hash a passkey signed.
 * @param {CodeAssertion} passkey
 * @param {Uint8Array} challenge 32 bytes
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null where a page must not have asked so, or nobody was there
 */
export async function signedBy(passkey, challenge) {
  const usual = new TextEncoder().encode(USUAL_REST);
  const start = new TextEncoder().encode(`{"type":"webauthn.get","challenge":"${base64Url(challenge)}","origin":"${passkey.origin}"`);
  const client = Uint8Array.from([...start, ...(passkey.rest.length > 0 ? passkey.rest : usual)]);
  if (!isClient(client) || !isParty(passkey) || !areFlags(passkey.flags)) return null;
  const party = await subtle().digest("SHA-256", new TextEncoder().encode(passkey.party));
  return Uint8Array.from([...new Uint8Array(party), passkey.flags, ...passkey.counter, ...new Uint8Array(await subtle().digest("SHA-256", client))]);
}

/**
 * The host of an origin as a browser writes it that may use passkeys.
 * @param {string} origin
 * @returns {string | null}
 */
export function hostOf(origin) {
  const parts = /^(https?):\/\/([a-z0-9.-]+)(?::([1-9]\d{0,4}))?$/.exec(origin);
  if (parts === null || origin.length > 255) return null;
  const [, scheme, host, port] = parts;
  if (port !== undefined && (Number(port) > 65_535 || port === (scheme === "https" ? "443" : "80"))) return null;
  return (scheme === "https" ? isDomain(host) : host === "localhost") ? host : null;
}

/** @param {string} host */
function isDomain(host) {
  const labels = host.split(".");
  return labels.length <= 16 && labels.every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label)) && /^[a-z]/.test(labels[labels.length - 1]);
}

/** @param {CodeAssertion} passkey its own host, or a domain above it of two labels at least */
const isParty = ({ party, host }) => party === host || (party.includes(".") && host.endsWith(`.${party}`));

/** @param {number} flags of authenticator data without extensions */
const areFlags = (flags) => (flags & USER_PRESENT) !== 0 && (flags & (BACKUP_ELIGIBLE | BACKED_UP)) !== BACKED_UP && (flags & (ATTESTED | EXTENSIONS)) === 0;

/** @param {Uint8Array} bytes client data that begins as it must */
function isClient(bytes) {
  if (bytes.length > MAX_CLIENT_SIZE) return false;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const client = JSON.parse(text);
    canonicalise(client);
    return isPlain(text) && !("topOrigin" in client) && (!("crossOrigin" in client) || client.crossOrigin === false);
  } catch (fault) {
    if (fault instanceof SyntaxError || fault instanceof TypeError) return false;
    throw fault;
  }
}

/**
 * Whether JSON is of the kind that all sides read alike: no name twice in an object, no fraction, no exponent, not deeper than 8.
 * @param {string} json that JSON.parse takes
 */
function isPlain(json) {
  /** @type {(Set<string> | null)[]} */
  const open = [];
  const tokens = json.match(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]|-?\d[\d.eE+-]*/g) ?? [];
  for (const token of tokens) {
    if (token === "{" || token === "[") {
      if (open.push(token === "{" ? new Set() : null) > MAX_DEPTH) return false;
    } else if (token === "}" || token === "]") {
      open.pop();
    } else if (token.endsWith(":") && token.startsWith('"')) {
      const names = /** @type {Set<string>} */ (open[open.length - 1]);
      const name = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1));
      if (names.has(name)) return false;
      names.add(name);
    } else if (!token.startsWith('"') && /[.eE]/.test(token)) {
      return false;
    }
  }

  return true;
}
