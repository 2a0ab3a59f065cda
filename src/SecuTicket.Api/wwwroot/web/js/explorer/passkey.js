// @ts-check
/** What an assertion of a passkey must say to be a transaction's signature (docs/protocol.md, "Signatures"): W3C WebAuthn Level 3, section 7.2, without what needs a server's memory. */
import { base64Url, hex } from "../signature.js";
import { sha256 } from "./hash.js";

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const LAST = "[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?";
const ORIGIN = new RegExp(`^(?:https://((?:${LABEL}\\.){0,15}${LAST})|http://(localhost))(?::([1-9]\\d{0,4}))?$`);
const MAX_ORIGIN = 255;

/** Flags of authenticator data, and where they are. */
const FLAGS = { offset: 32, present: 0x01, mayBeBackedUp: 0x08, backedUp: 0x10, attested: 0x40, extended: 0x80 };

/** Bytes without extensions. */
const PLAIN = 37;

/**
 * @param {Uint8Array} authenticator
 * @param {Uint8Array} client JSON as the browser wrote it
 * @param {Uint8Array} challenge the transaction id
 */
export function isAssertionOf(authenticator, client, challenge) {
  if (authenticator.length < PLAIN || authenticator.length > 255 || client.length < 1 || client.length > 1_024) return false;

  const said = read(client);
  const host = said && hostOf(said.origin);
  return !!host && said.type === "webauthn.get" && said.challenge === base64Url(challenge) && (said.crossOrigin === undefined || said.crossOrigin === false) && said.topOrigin === undefined
    && parties(host).some((party) => isHashOf(authenticator.subarray(0, 32), party)) && haveFlags(authenticator);
}

/** @param {Uint8Array} client @returns {any} null where it is no JSON object */
function read(client) {
  try {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(client));
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch (fault) {
    if (fault instanceof SyntaxError || fault instanceof TypeError) return null;
    throw fault;
  }
}

/** The host of a secure page's origin, written as browsers write it; null for anything else. @param {unknown} origin */
function hostOf(origin) {
  const [, domain, local, port] = (typeof origin === "string" && origin.length <= MAX_ORIGIN && ORIGIN.exec(origin)) || [];
  return port === undefined || (Number(port) <= 65_535 && port !== (domain ? "443" : "80")) ? domain ?? local ?? null : null;
}

/** The host, and what follows one of its dots and holds a dot itself. @param {string} host */
const parties = (host) => host.split(".").map((_, i, labels) => labels.slice(i).join(".")).filter((party, i) => i === 0 || party.includes("."));

/** @param {Uint8Array} hash @param {string} party */
const isHashOf = (hash, party) => hex(hash.slice().buffer) === hex(sha256(new TextEncoder().encode(party)).buffer);

/** @param {Uint8Array} authenticator */
function haveFlags(authenticator) {
  const flags = authenticator[FLAGS.offset];
  const first = authenticator[PLAIN];

  // Extensions are a CBOR map.
  const extensions = (flags & FLAGS.extended) !== 0 ? first >= 0xa0 && first <= 0xbf : first === undefined;
  return (flags & FLAGS.present) !== 0 && ((flags & FLAGS.backedUp) === 0 || (flags & FLAGS.mayBeBackedUp) !== 0) && (flags & FLAGS.attested) === 0 && extensions;
}
