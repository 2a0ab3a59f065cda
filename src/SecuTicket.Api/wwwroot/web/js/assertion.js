// @ts-check
/**
 * What an assertion of a passkey must say to count here, whatever it signed: a transaction or a code for the gate (docs/protocol.md, "Signatures"; W3C WebAuthn Level 3,
 * section 7.2, without what needs a server's memory). Whether the signature over it is right is asked of WebCrypto by who has the key.
 */
import { base64Url, canonicalise, hex, subtle } from "./signature.js";

/** Bytes of authenticator data: without extensions, and at most. */
const PLAIN_SIZE = 37;
const MAX_AUTHENTICATOR_SIZE = 255;

/** Bytes of client data at most, characters of an origin, labels of a domain, and objects and lists within one another. */
const MAX_CLIENT_SIZE = 1_024;
const MAX_ORIGIN = 255;
const MAX_LABELS = 16;
const MAX_DEPTH = 8;

/** Flags of authenticator data, and which byte they are. */
const FLAGS = { offset: 32, present: 0x01, mayBeBackedUp: 0x08, backedUp: 0x10, attested: 0x40, extended: 0x80 };

/**
 * @param {Uint8Array<ArrayBuffer>} authenticator
 * @param {Uint8Array<ArrayBuffer>} client JSON as the browser wrote it
 * @param {Uint8Array} challenge 32 bytes: SHA-256 of what a plain key would sign
 * @returns {Promise<boolean>} false where a page must not have asked so, or nobody was there
 */
export async function isAssertionOf(authenticator, client, challenge) {
  if (authenticator.length < PLAIN_SIZE || authenticator.length > MAX_AUTHENTICATOR_SIZE || client.length > MAX_CLIENT_SIZE) return false;
  const said = clientOf(client);
  const host = said === null ? null : hostOf(said.origin);
  if (said === null || host === null || said.type !== "webauthn.get" || said.challenge !== base64Url(challenge)) return false;
  if ((said.crossOrigin !== undefined && said.crossOrigin !== false) || said.topOrigin !== undefined || !areFlags(authenticator)) return false;
  const party = hex(authenticator.slice(0, FLAGS.offset).buffer);
  return (await Promise.all(partiesOf(host).map(hashOf))).includes(party);
}

/**
 * The host of an origin as a browser writes it that may use passkeys.
 * @param {unknown} origin
 * @returns {string | null} null for anything else
 */
export function hostOf(origin) {
  if (typeof origin !== "string" || origin.length > MAX_ORIGIN) return null;
  const [, scheme, host, port] = /^(https?):\/\/([a-z0-9.-]+)(?::([1-9]\d{0,4}))?$/.exec(origin) ?? [];
  if (host === undefined || (port !== undefined && (Number(port) > 65_535 || port === (scheme === "https" ? "443" : "80")))) return null;
  return (scheme === "https" ? isDomain(host) : host === "localhost") ? host : null;
}

/** @param {string} host */
function isDomain(host) {
  const labels = host.split(".");
  return labels.length <= MAX_LABELS && labels.every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label)) && /^[a-z]/.test(labels[labels.length - 1]);
}

/** Who may rely on a passkey that a page of this host asked: the host, and what follows one of its dots and holds a dot itself. @param {string} host */
const partiesOf = (host) => host.split(".").map((_, i, labels) => labels.slice(i).join(".")).filter((party, i) => i === 0 || party.includes("."));

/** @param {string} text */
const hashOf = async (text) => hex(await subtle().digest("SHA-256", new TextEncoder().encode(text)));

/** @param {Uint8Array} authenticator */
function areFlags(authenticator) {
  const flags = authenticator[FLAGS.offset];
  const first = authenticator[PLAIN_SIZE];
  // Extensions are a CBOR map.
  const isWhole = (flags & FLAGS.extended) === 0 ? first === undefined : first >= 0xa0 && first <= 0xbf;
  return (flags & FLAGS.present) !== 0 && ((flags & FLAGS.backedUp) === 0 || (flags & FLAGS.mayBeBackedUp) !== 0) && (flags & FLAGS.attested) === 0 && isWhole;
}

/** @param {Uint8Array} bytes @returns {Record<string, unknown> | null} null where it is no JSON that all sides read alike */
function clientOf(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const client = JSON.parse(text);
    canonicalise(client);
    // What is no object has none of the names that are asked for.
    return client !== null && isPlain(text) ? client : null;
  } catch (fault) {
    // No UTF-8, no JSON, or none that has a canonical form.
    if (fault instanceof SyntaxError || fault instanceof TypeError) return null;
    throw fault;
  }
}

/**
 * Whether JSON is of the kind that all sides read alike: no name twice in an object, no fraction, no exponent, not too deep.
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
