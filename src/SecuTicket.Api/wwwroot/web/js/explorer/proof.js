// @ts-check
/**
 * Checks a proof of inclusion (GET /tickets/{id}/proof) step by step, with nothing but the chain's specification: docs/protocol.md, and decision 013 for what it proves and what not.
 *
 * @typedef {import("./block.js").SignatureJson} SignatureJson
 * @typedef {{ bytes: Uint8Array<ArrayBuffer>, hash: string, seal?: SignatureJson }} SealedHeader
 * @typedef {{ chain: string, ticket: string, canonical: Uint8Array<ArrayBuffer>, id: string, signatures: SignatureJson[], block: SealedHeader, path: import("./block.js").Step[], index: number, count: number, later: SealedHeader[] }} Proof
 * @typedef {{ chain_id: string, engine: string, reward: number, proof_of_work?: { difficulty: number, retarget_interval?: number } }} Spec
 * @typedef {{ name: string, ok: boolean, values: (string | number)[], found?: string, expected?: string }} Step
 */
import { bytesOf, canonicalise } from "../signature.js";
import { addressOf, climb, hexOf, isSignedBy, leadingZeroBits, leafOf, readHeader, signatureList, STAKE_VERSION, ticketOf, utf8 } from "./block.js";
import { sha256 } from "./hash.js";

/** The difficulty of a specification that says none. */
const DEFAULT_DIFFICULTY = 16;

/** @param {any} json the node's answer @returns {Proof} */
export function proofOf(json) {
  /** @param {any} header @returns {SealedHeader} */
  const sealed = (header) => ({ bytes: bytesOf(header.header), hash: header.hash, seal: header.seal });
  const { transaction } = json;
  return {
    chain: json.chain_id, ticket: json.ticket_id, canonical: utf8(canonicalise(transaction.payload)), id: transaction.transaction_id, signatures: transaction.signatures,
    block: sealed(json.block_header), path: json.merkle_path, index: json.leaf_index, count: json.leaf_count, later: json.headers_to_tip.map(sealed),
  };
}

/**
 * A proof in which one bit of one byte is another; null where it has nothing of that kind.
 * @param {Proof} proof
 * @param {string} where transaction, signature, path, header or later
 * @returns {{ proof: Proof, offset: number, from: number, to: number } | null}
 */
export function changeOne(proof, where) {
  const changed = structuredClone(proof);
  /** @param {Uint8Array} bytes @param {number} offset */
  const flip = (bytes, offset) => ({ proof: changed, offset, from: bytes[offset], to: (bytes[offset] ^= 1) });
  /** @param {{ [name: string]: any }} owner @param {string} field @param {number} offset */
  const flipHex = (owner, field, offset) => {
    const bytes = bytesOf(owner[field]);
    const flipped = flip(bytes, offset);
    owner[field] = hexOf(bytes);
    return flipped;
  };

  // Of a header, the last byte of its time; of one that follows, the first of what it says of the block before.
  switch (where) {
    case "transaction": return flip(changed.canonical, changed.canonical.length >> 1);
    case "signature": return changed.signatures.length > 0 ? flipHex(changed.signatures[0], "signature", 10) : null;
    case "path": return changed.path.length > 0 ? flipHex(changed.path[0], "hash", 0) : null;
    case "header": return flip(changed.block.bytes, 147);
    default: return changed.later.length > 0 ? flip(changed.later[0].bytes, 44) : null;
  }
}

/**
 * Every step, each for itself: what is wrong is seen wherever it shows.
 * @param {Proof} proof
 * @param {Spec} spec
 * @returns {Promise<Step[]>}
 */
export async function check(proof, spec) {
  const header = readHeader(proof.block.bytes);
  const payload = payloadOf(proof.canonical);
  const id = hexOf(sha256(proof.canonical));
  return [
    chainStep(proof, payload, header.chain, spec),
    { name: "id", ok: payload !== null && id === proof.id, values: [proof.canonical.length], found: id, expected: proof.id },
    { name: "ticket", ok: payload !== null && ticketsOf(payload).includes(proof.ticket), values: [proof.ticket] },
    await signatureStep(proof, payload),
    pathStep(proof, header.root),
    headerStep(proof.block),
    await sealStep(proof.block, spec),
    { name: "time", ok: payload !== null && (payload.type === "reward" || Math.floor(header.timestamp / 1_000) <= payload.valid_until), values: [] },
    await laterStep(proof, spec),
  ];
}

/** What canonical bytes say; null where they are none. @param {Uint8Array} canonical @returns {Record<string, any> | null} */
export function payloadOf(canonical) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(canonical);
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && canonicalise(value) === text ? value : null;
  } catch (fault) {
    // No UTF-8, no JSON, or none that has a canonical form.
    if (fault instanceof SyntaxError || fault instanceof TypeError) return null;
    throw fault;
  }
}

/** @param {Record<string, any>} payload */
const ticketsOf = (payload) => (payload.type === "issue_tickets" ? payload.seats.map((/** @type {string} */ seat) => ticketOf(payload.event_id, payload.session, seat)) : [payload.ticket_id]);

/** @param {Proof} proof @param {Record<string, any> | null} payload @param {string} chain @param {Spec} spec @returns {Step} */
function chainStep(proof, payload, chain, spec) {
  const expected = hexOf(sha256(utf8(spec.chain_id)));
  return { name: "chain", ok: proof.chain === spec.chain_id && payload?.chain_id === spec.chain_id && chain === expected, values: [spec.chain_id], found: chain, expected };
}

/** @param {Proof} proof @param {Record<string, any> | null} payload @returns {Promise<Step>} */
async function signatureStep(proof, payload) {
  if (payload?.type === "reward") return { name: "unsigned", ok: proof.signatures.length === 0, values: [] };

  const isSender = proof.signatures.length > 0 && addressOf(proof.signatures[0].public_key) === String(payload?.sender).toLowerCase();
  const right = await Promise.all(proof.signatures.map((one) => isSignedBy(one, proof.canonical)));
  return { name: "signature", ok: isSender && right.every(Boolean), values: [proof.signatures.map((one) => one.scheme).join(", "), String(payload?.sender ?? "?")] };
}

/** @param {Proof} proof @param {string} expected @returns {Step} */
function pathStep(proof, expected) {
  const leaf = leafOf(bytesOf(hexOf(sha256(proof.canonical))), sha256(signatureList(proof.signatures)));
  const root = climb(leaf, proof.index, proof.count, proof.path);
  return { name: "path", ok: root !== null && hexOf(root) === expected, values: [proof.index + 1, proof.count, proof.path.length], found: root === null ? "—" : hexOf(root), expected };
}

/** @param {SealedHeader} block @returns {Step} */
function headerStep(block) {
  const hash = hexOf(sha256(block.bytes));
  return { name: "header", ok: hash === block.hash, values: [readHeader(block.bytes).index], found: hash, expected: block.hash };
}

/** @param {SealedHeader} block @param {Spec} spec @returns {Promise<Step>} */
async function sealStep(block, spec) {
  const header = readHeader(block.bytes);
  if (header.version === STAKE_VERSION) return { name: "seal", ok: await isSealed(block), values: [header.sealer] };

  const bits = leadingZeroBits(sha256(block.bytes));
  return { name: "work", ok: await hasWork(block, spec), values: [bits, header.difficulty], found: hexOf(sha256(block.bytes)) };
}

/** @param {Proof} proof @param {Spec} spec @returns {Promise<Step>} */
async function laterStep(proof, spec) {
  let before = readHeader(proof.block.bytes);
  let hash = hexOf(sha256(proof.block.bytes));
  for (const one of proof.later) {
    const header = readHeader(one.bytes);
    const isRight = header.index === before.index + 1 && header.previous === hash && header.chain === before.chain && header.version === before.version
      && (header.version === STAKE_VERSION ? await isSealed(one) : await hasWork(one, spec));
    if (!isRight) return { name: "later", ok: false, values: [proof.later.length, before.index + 1], found: header.previous, expected: hash };

    [before, hash] = [header, hexOf(sha256(one.bytes))];
  }
  return { name: "later", ok: true, values: [proof.later.length, before.index], found: hash };
}

/** @param {SealedHeader} block @param {Spec} spec */
export async function hasWork(block, spec) {
  const { difficulty } = readHeader(block.bytes);
  const { difficulty: due = DEFAULT_DIFFICULTY, retarget_interval: interval = 0 } = spec.proof_of_work ?? {};

  // Where difficulty follows from the times of blocks, a part of the chain does not say which is due.
  return (interval > 0 || difficulty === due) && leadingZeroBits(sha256(block.bytes)) >= difficulty && (!block.seal || await isSealed(block));
}

/** @param {SealedHeader} block */
export async function isSealed(block) {
  return block.seal !== undefined && block.seal !== null && addressOf(block.seal.public_key) === readHeader(block.bytes).sealer && isSignedBy(block.seal, block.bytes);
}
