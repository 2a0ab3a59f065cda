// @ts-check
/**
 * The chain's bytes and hashes as docs/protocol.md says them: headers, signature lists, leaves, Merkle trees, work, addresses. Nothing here asks the node.
 *
 * @typedef {{ scheme: string, public_key: string, signature: string, authenticator_data?: string, client_data_json?: string }} SignatureJson
 * @typedef {{ transaction_id: string, payload: Record<string, any>, signatures: SignatureJson[] }} TransactionJson
 * @typedef {{ version: number, chain: string, index: number, previous: string, root: string, state: string, timestamp: number, difficulty: number, sealer: string, nonce: number }} Header
 * @typedef {{ hash: string, side: "left" | "right" }} Step
 */
import { isAssertionOf } from "../assertion.js";
import { accountOf } from "../keccak.js";
import { bytesOf, hex, subtle } from "../signature.js";
import { bytesOfWords, compress, INITIAL, pad, sha256 } from "./hash.js";

/** Bytes of a header. */
export const HEADER_SIZE = 180;

/** Where its fields lie: offset and bytes. */
export const FIELDS = /** @type {const} */ ({
  version: [0, 4], chain: [4, 32], index: [36, 8], previous: [44, 32], root: [76, 32], state: [108, 32], timestamp: [140, 8], difficulty: [148, 4], sealer: [152, 20], nonce: [172, 8],
});

/** The version of chains with stakes: difficulty is no work there. */
export const STAKE_VERSION = 2;

const SCHEMES = { p256: 1, webauthn: 2 };
const text = new TextEncoder();

/** @param {Uint8Array} bytes */
export const hexOf = (bytes) => hex(/** @type {ArrayBuffer} */ (bytes.slice().buffer));

/** @param {...Uint8Array} parts @returns {Uint8Array<ArrayBuffer>} */
export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {string} words @returns {Uint8Array<ArrayBuffer>} its UTF-8 */
export const utf8 = (words) => /** @type {Uint8Array<ArrayBuffer>} */ (text.encode(words));

/**
 * @param {Uint8Array} bytes 180
 * @returns {Header}
 */
export function readHeader(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** @param {keyof typeof FIELDS} field */
  const part = (field) => hexOf(bytes.subarray(FIELDS[field][0], FIELDS[field][0] + FIELDS[field][1]));
  return {
    version: view.getUint32(0), chain: part("chain"), index: Number(view.getBigUint64(36)), previous: part("previous"), root: part("root"), state: part("state"),
    timestamp: Number(view.getBigUint64(140)), difficulty: view.getUint32(148), sealer: `0x${part("sealer")}`, nonce: Number(view.getBigUint64(172)),
  };
}

/** @param {Header} header @returns {Uint8Array<ArrayBuffer>} */
export function writeHeader(header) {
  const bytes = new Uint8Array(HEADER_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, header.version);
  view.setBigUint64(36, BigInt(header.index));
  view.setBigUint64(140, BigInt(header.timestamp));
  view.setUint32(148, header.difficulty);
  view.setBigUint64(172, BigInt(header.nonce));
  for (const [field, digits] of /** @type {const} */ ([["chain", header.chain], ["previous", header.previous], ["root", header.root], ["state", header.state], ["sealer", header.sealer.slice(2)]]))
    bytes.set(bytesOf(digits), FIELDS[field][0]);
  return bytes;
}

/**
 * The signatures as the leaf commits to them: count, then each as scheme ‖ x ‖ y ‖ r ‖ s, and of a passkey what it signed.
 * @param {SignatureJson[]} signatures
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {RangeError} for a scheme that is not known here
 */
export function signatureList(signatures) {
  return join(Uint8Array.of(signatures.length), ...signatures.flatMap((one) => {
    const scheme = /** @type {Record<string, number>} */ (SCHEMES)[one.scheme];
    if (scheme === undefined) throw new RangeError(`scheme ${one.scheme}`);

    const plain = [Uint8Array.of(scheme), bytesOf(one.public_key).subarray(1), bytesOf(one.signature)];
    if (one.scheme === "p256") return plain;

    const [authenticator, client] = [bytesOf(one.authenticator_data ?? ""), clientDataOf(one)];
    return [...plain, Uint8Array.of(authenticator.length), authenticator, Uint8Array.of(client.length >> 8, client.length & 255), client];
  }));
}

/** @param {SignatureJson} one */
const clientDataOf = (one) => Uint8Array.from(atob((one.client_data_json ?? "").replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

/**
 * @param {Uint8Array} id
 * @param {Uint8Array} signaturesHash SHA-256 of the signature list
 */
export const leafOf = (id, signaturesHash) => sha256(join(Uint8Array.of(0), id, signaturesHash));

/** @param {Uint8Array} left @param {Uint8Array} right */
export const nodeOf = (left, right) => sha256(join(Uint8Array.of(1), left, right));

/**
 * The root of a Merkle tree (RFC 6962, section 2.1), level by level: a hash without a partner goes up as it is.
 * @param {Uint8Array[]} leaves
 */
export function rootOf(leaves) {
  if (leaves.length === 0) return sha256(new Uint8Array(0));

  let level = leaves;
  while (level.length > 1) level = level.filter((_, i) => i % 2 === 0).map((hash, i) => (2 * i + 1 < level.length ? nodeOf(hash, level[2 * i + 1]) : hash));
  return level[0];
}

/**
 * Where a path leads; null when its steps are not those that index and count give it.
 * @param {Uint8Array} leaf
 * @param {number} index
 * @param {number} count
 * @param {Step[]} steps
 * @returns {Uint8Array | null}
 */
export function climb(leaf, index, count, steps) {
  if (!(count >= 1 && index >= 0 && index < count)) return null;

  let hash = leaf;
  let taken = 0;
  for (let at = index, left = count; left > 1; at = Math.floor(at / 2), left = Math.ceil(left / 2)) {
    if (at % 2 === 0 && at + 1 === left) continue;

    const step = steps[taken++];
    if (step?.side !== (at % 2 === 1 ? "left" : "right")) return null;
    hash = step.side === "left" ? nodeOf(bytesOf(step.hash), hash) : nodeOf(hash, bytesOf(step.hash));
  }
  return taken === steps.length ? hash : null;
}

/** @param {Uint8Array} hash */
export function leadingZeroBits(hash) {
  const first = hash.findIndex((byte) => byte !== 0);
  return first < 0 ? 8 * hash.length : 8 * first + Math.clz32(hash[first]) - 24;
}

/**
 * The address of a key: the last 20 bytes of Keccak-256(0x03 ‖ compressed key).
 * @param {string} publicKey 130 hex digits
 * @returns {string} 0x and 40 digits in lower case
 */
export function addressOf(publicKey) {
  return `0x${hexOf(accountOf(bytesOf(publicKey)))}`;
}

/** @param {string} event @param {number} session @param {string} seat */
export const ticketOf = (event, session, seat) => hexOf(sha256(utf8(`{"event_id":${JSON.stringify(event)},"seat":${JSON.stringify(seat)},"session":${session}}`)).subarray(0, 16));

/** Half the order of P-256, rounded down: of the two values of s that are right, the chain takes the low one. */
const HALF_ORDER = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;

/**
 * Whether a signature is right for what was signed, asked of WebCrypto. A passkey signs what its authenticator and the browser wrote, which names the transaction as its challenge.
 * @param {SignatureJson} one
 * @param {Uint8Array<ArrayBuffer>} signed the bytes whose SHA-256 is the digest: a canonical payload, a header
 * @returns {Promise<boolean>}
 */
export async function isSignedBy(one, signed) {
  if (BigInt(`0x${one.signature.slice(64)}`) > HALF_ORDER) return false;

  const [authenticator, client] = [bytesOf(one.authenticator_data ?? ""), clientDataOf(one)];
  const passkey = one.scheme === "webauthn";
  if (passkey && !await isAssertionOf(authenticator, client, sha256(signed))) return false;

  try {
    const key = await subtle().importKey("raw", bytesOf(one.public_key), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    const message = passkey ? join(authenticator, sha256(client)) : signed;
    return await subtle().verify({ name: "ECDSA", hash: "SHA-256" }, key, bytesOf(one.signature), message);
  } catch (fault) {
    // A key that is no point of the curve.
    if (fault instanceof DOMException) return false;
    throw fault;
  }
}

/**
 * Searches for a nonce, some at a time: a header's last 64 bytes with padding hold all that changes, so a try costs one compression.
 * @param {Uint8Array} header 180 bytes
 * @param {number} difficulty leading zero bits
 * @param {number} from the first nonce
 * @param {number} count how many
 * @returns {{ nonce: number, tried: number } | { nonce: null, tried: number }}
 */
export function search(header, difficulty, from, count) {
  const padded = pad(header);
  const middle = INITIAL.slice();
  compress(middle, padded, 0, middle);
  compress(middle, padded, 64, middle);
  const [offset] = FIELDS.nonce;
  const hash = new Uint32Array(8);
  for (let nonce = from; nonce < from + count; nonce++) {
    padded.setUint32(offset, Math.floor(nonce / 2 ** 32));
    padded.setUint32(offset + 4, nonce >>> 0);
    compress(middle, padded, 128, hash);
    if (Math.clz32(hash[0]) >= Math.min(difficulty, 32) && leadingZeroBits(bytesOfWords(hash)) >= difficulty) return { nonce, tried: nonce - from + 1 };
  }
  return { nonce: null, tried: count };
}
