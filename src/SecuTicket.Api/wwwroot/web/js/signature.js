// @ts-check
/**
 * Canonical JSON, HMACs and request tokens, in the browser: what SecuTicket signs and how.
 *
 * @typedef {{ account: string, secret: string }} Credentials
 * @typedef {{ chain_id: string, node: string }} NodeInfo
 * @typedef {{ address: string, sign: (canonical: string) => Promise<{ hmac: string } | { signatures: object[] }> }} Signer
 */

/** How long a transaction signed here may wait, in seconds: a day. */
export const VALID_SECONDS = 86_400;

/** Random bytes in a nonce: 24 characters of base64url. */
const NONCE_BYTES = 18;

/** What the person at the page must do something about. */
export class SigningError extends Error {}

/**
 * The canonical form of RFC 8785, for the JSON that SecuTicket signs: integers only, no lone surrogates.
 * @param {unknown} value
 * @returns {string}
 * @throws {TypeError} when the value has no canonical form
 */
export function canonicalise(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return canonicalString(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError(`${value} is no integer within ±(2^53−1)`);
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalise).join(",")}]`;
  if (typeof value === "object") {
    const members = /** @type {Record<string, unknown>} */ (value);
    // The default order of sort() is that of UTF-16 code units, which is RFC 8785's.
    return `{${Object.keys(members).sort().map((key) => `${canonicalString(key)}:${canonicalise(members[key])}`).join(",")}}`;
  }
  throw new TypeError(`${typeof value} is not JSON`);
}

/** @param {string} text */
function canonicalString(text) {
  if (/\p{Surrogate}/u.test(text)) throw new TypeError("a string has half a surrogate pair");
  return JSON.stringify(text);
}

/**
 * @param {string} secret 64 hex digits: the 32 bytes of the key
 * @param {string} text signed as UTF-8
 * @returns {Promise<string>} 64 hex digits
 */
export async function hmacSha256(secret, text) {
  const key = await subtle().importKey("raw", bytesOf(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return hex(await subtle().sign("HMAC", key, new TextEncoder().encode(text)));
}

/**
 * The body with what was missing, and its HMAC. A body the page can not sign (no JSON object, a fraction, signed already) is returned as
 * it was typed, so that the server's own answer says what is wrong with it. Fields are added to the text, never rewritten: what was typed
 * is what is sent.
 * @param {string} text
 * @param {string} type of the route's transactions, or "any" where the body must say
 * @param {string} chainId
 * @param {Credentials} credentials
 * @param {number} now unix seconds
 * @returns {Promise<string>}
 */
export async function signTransaction(text, type, chainId, credentials, now) {
  const typed = parseObject(text);
  if (typed === null || "hmac" in typed || (type === "any" && !("type" in typed))) return text;

  const defaults = { type, chain_id: chainId, sender: credentials.account, nonce: randomNonce(), valid_until: now + VALID_SECONDS };
  /** @type {Record<string, unknown>} */
  const added = Object.fromEntries(Object.entries(defaults).filter(([field]) => !(field in typed)));
  const { signatures: _, ...payload } = { ...typed, ...added };
  let canonical;
  try {
    canonical = canonicalise(payload);
  } catch (fault) {
    if (fault instanceof TypeError) return text;
    throw fault;
  }

  added.hmac = await hmacSha256(credentials.secret, canonical);
  return append(text, added, Object.keys(typed).length > 0);
}

/**
 * The value of the Authorization header of a request that is no transaction but must prove who asks.
 * @param {{ method: string, path: string, body: string }} request path with query
 * @param {NodeInfo} info
 * @param {Signer} signer
 * @param {number} now unix seconds
 */
export async function requestToken(request, info, signer, now) {
  const bodyHash = await sha256Hex(request.body);
  // A node takes each token of a write once: with a nonce the same wish twice within a second is two.
  const proof = {
    type: "request", method: request.method, path: request.path, sender: signer.address, at: now,
    body_sha256: bodyHash, chain_id: info.chain_id, node: info.node, nonce: randomNonce(),
  };
  const signed = { ...proof, ...await signer.sign(canonicalise(proof)) };
  return `SecuTicket ${base64Url(new TextEncoder().encode(JSON.stringify(signed)))}`;
}

/** @param {string} text @returns {Record<string, unknown> | null} */
export function parseObject(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch (fault) {
    if (fault instanceof SyntaxError) return null;
    throw fault;
  }
}

/**
 * @param {string} text of a JSON object
 * @param {Record<string, unknown>} added
 * @param {boolean} hasFields
 */
function append(text, added, hasFields) {
  const [before, after] = text.includes("\n") ? ["\n  ", "\n"] : [" ", " "];
  const fields = Object.entries(added).map(([field, value]) => `${before}${JSON.stringify(field)}: ${JSON.stringify(value)}`);
  const head = text.slice(0, text.lastIndexOf("}")).trimEnd();
  return `${head}${hasFields ? "," : ""}${fields.join(",")}${after}}`;
}

export function randomNonce() {
  return base64Url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
}

/** @param {string} text hashed as UTF-8 @returns {Promise<string>} 64 hex digits */
export async function sha256Hex(text) {
  return hex(await subtle().digest("SHA-256", new TextEncoder().encode(text)));
}

/** @param {Uint8Array} bytes */
export function base64Url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {ArrayBuffer} buffer */
export function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} digits an even number of hex digits @returns {Uint8Array<ArrayBuffer>} */
export function bytesOf(digits) {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Browsers offer WebCrypto to secure pages only: https, or this machine. */
export function subtle() {
  if (!globalThis.crypto?.subtle) throw new SigningError("This browser signs only on https pages or on localhost. Open the page under one of them.");
  return crypto.subtle;
}
