// @ts-check
/**
 * A copy of a chain's last blocks to cheat with: changes of it, and what a node would say of each block. Nothing here asks the node or tells it anything.
 *
 * @typedef {import("./block.js").SignatureJson} SignatureJson
 * @typedef {import("./proof.js").Spec} Spec
 * @typedef {{ canonical: Uint8Array<ArrayBuffer>, signatures: SignatureJson[] }} CopiedTransaction
 * @typedef {{ header: Uint8Array<ArrayBuffer>, seal?: SignatureJson, transactions: CopiedTransaction[] }} CopiedBlock
 * @typedef {{ name: "form" | "signature" | "reward" | "root" | "work" | "seal" | "link", values: (string | number)[] }} Fault
 * @typedef {{ index: number, hash: string, faults: Fault[], state: "intact" | "broken" | "follows" }} Finding
 */
import { bytesOf, canonicalise } from "../signature.js";
import { addressOf, FIELDS, hexOf, isSignedBy, leafOf, readHeader, rootOf, search, signatureList, STAKE_VERSION, utf8, writeHeader } from "./block.js";
import { sha256 } from "./hash.js";
import { hasWork, isSealed, payloadOf } from "./proof.js";

/** Nonces tried between two looks at what else the page has to do. */
const STRETCH = 50_000;

/** Fields of payloads that are money. */
const PRICES = ["price", "max_price", "amount"];

/**
 * @param {any[]} blocks of GET /chain
 * @param {any[]} headers of GET /chain/headers, those of the same blocks
 * @returns {CopiedBlock[]}
 */
export const copyOf = (blocks, headers) => blocks.map((block) => {
  const { header, seal } = headers.find((one) => one.hash === block.hash);
  return { header: bytesOf(header), seal, transactions: block.transactions.map((/** @type {any} */ one) => ({ canonical: utf8(canonicalise(one.payload)), signatures: one.signatures })) };
});

/** @param {CopiedBlock} block */
export const hashOf = (block) => hexOf(sha256(block.header));

/** The root that the transactions give. @param {CopiedBlock} block */
const rootHashOf = (block) => hexOf(rootOf(block.transactions.map((one) => leafOf(sha256(one.canonical), sha256(signatureList(one.signatures))))));

/**
 * What a node would say of each block. The first that is wrong is refused, and with it all that follow.
 * @param {CopiedBlock[]} copy
 * @param {Spec} spec
 * @returns {Promise<Finding[]>}
 */
export async function inspect(copy, spec) {
  const faults = await Promise.all(copy.map((block, i) => faultsOf(block, copy[i - 1], spec)));
  const first = faults.findIndex((some) => some.length > 0);
  return copy.map((block, i) => ({
    index: readHeader(block.header).index, hash: hashOf(block), faults: faults[i],
    state: first < 0 || i < first ? "intact" : faults[i].length > 0 ? "broken" : "follows",
  }));
}

/** @param {CopiedBlock} block @param {CopiedBlock | undefined} before @param {Spec} spec @returns {Promise<Fault[]>} */
async function faultsOf(block, before, spec) {
  /** @type {Fault[]} */
  const faults = [];
  const header = readHeader(block.header);
  const [forms, signed] = [block.transactions.map((one) => payloadOf(one.canonical)), await Promise.all(block.transactions.map(isSigned))];
  forms.forEach((payload, i) => payload === null && faults.push({ name: "form", values: [i + 1] }));
  signed.forEach((ok, i) => !ok && forms[i] !== null && faults.push({ name: "signature", values: [i + 1, String(forms[i]?.sender ?? "?")] }));
  if (forms.some((payload, i) => payload?.type === "reward" && !(i === 0 && payload.block_index === header.index && payload.amount === spec.reward && payload.recipient.toLowerCase() === header.sealer)))
    faults.push({ name: "reward", values: [] });
  if (rootHashOf(block) !== header.root) faults.push({ name: "root", values: [rootHashOf(block), header.root] });
  const sealed = { bytes: block.header, hash: "", seal: block.seal };
  if (header.index > 0 && header.version === STAKE_VERSION && !await isSealed(sealed)) faults.push({ name: "seal", values: [header.sealer] });
  if (header.index > 0 && header.version !== STAKE_VERSION && !await hasWork(sealed, spec)) faults.push({ name: "work", values: [header.difficulty] });
  if (before && header.previous !== hashOf(before)) faults.push({ name: "link", values: [header.previous, hashOf(before)] });
  return faults;
}

/** @param {CopiedTransaction} transaction */
async function isSigned({ canonical, signatures }) {
  const payload = payloadOf(canonical);
  if (payload === null) return false;
  if (payload.type === "reward") return signatures.length === 0;

  return signatures.length > 0 && addressOf(signatures[0].public_key) === String(payload.sender).toLowerCase() && (await Promise.all(signatures.map((one) => isSignedBy(one, canonical)))).every(Boolean);
}

/**
 * Changes a block in place.
 * @param {CopiedBlock} block
 * @param {string} what byte, price, signature, remove, previous or timestamp
 * @returns {{ name: string, values: (string | number)[] } | null} what was done; null where the block has nothing of that kind
 */
export function change(block, what) {
  const wishes = block.transactions.filter((one) => payloadOf(one.canonical)?.type !== "reward");
  switch (what) {
    case "byte": return changeByte(wishes[0] ?? block.transactions[0], block);
    case "price": return changePrice([...wishes, ...block.transactions], block);
    case "signature": return changeSignature(wishes[0], block);
    case "remove": {
      const last = wishes.at(-1);
      if (!last) return null;

      const at = block.transactions.indexOf(last);
      block.transactions.splice(at, 1);
      return { name: "removed", values: [at + 1, hexOf(sha256(last.canonical))] };
    }
    case "previous": return { name: "previous", values: flip(block.header, FIELDS.previous[0]) };
    default: {
      const header = readHeader(block.header);
      block.header = writeHeader({ ...header, timestamp: header.timestamp - 1_000 });
      return { name: "timestamp", values: [] };
    }
  }
}

/** @param {Uint8Array} bytes @param {number} offset @returns {[number, string, string]} */
function flip(bytes, offset) {
  const before = bytes[offset];
  bytes[offset] ^= 1;
  return [offset + 1, hexOf(Uint8Array.of(before)), hexOf(bytes.subarray(offset, offset + 1))];
}

/** @param {CopiedTransaction | undefined} transaction @param {CopiedBlock} block */
function changeByte(transaction, block) {
  if (!transaction) return null;

  return { name: "byte", values: [block.transactions.indexOf(transaction) + 1, ...flip(transaction.canonical, transaction.canonical.length >> 1)] };
}

/** @param {CopiedTransaction[]} transactions those to look at first @param {CopiedBlock} block */
function changePrice(transactions, block) {
  for (const transaction of transactions) {
    const payload = payloadOf(transaction.canonical);
    const field = payload && PRICES.find((one) => typeof payload[one] === "number" && payload[one] > 1);
    if (!payload || !field) continue;

    const before = payload[field];
    payload[field] = Math.floor(before / 10) + 1;
    transaction.canonical = utf8(canonicalise(payload));
    return { name: "price", values: [block.transactions.indexOf(transaction) + 1, before, payload[field]] };
  }
  return null;
}

/** @param {CopiedTransaction | undefined} transaction @param {CopiedBlock} block */
function changeSignature(transaction, block) {
  if (!transaction?.signatures[0]) return null;

  const bytes = bytesOf(transaction.signatures[0].signature);
  const flipped = flip(bytes, 10);
  transaction.signatures[0].signature = hexOf(bytes);
  return { name: "signature", values: [block.transactions.indexOf(transaction) + 1, ...flipped] };
}

/**
 * Does a block's work again, over what it holds now and on top of the one before as that is now.
 * @param {CopiedBlock} block changed in place
 * @param {CopiedBlock | undefined} before
 * @returns {Promise<{ tried: number, seconds: number }>}
 */
export async function mineAgain(block, before) {
  const old = readHeader(block.header);
  const header = writeHeader({ ...old, root: rootHashOf(block), previous: before ? hashOf(before) : old.previous, nonce: 0 });
  const start = performance.now();
  let tried = 0;
  for (;;) {
    const found = search(header, old.difficulty, tried, STRETCH);
    tried += found.tried;
    if (found.nonce !== null) {
      block.header = writeHeader({ ...readHeader(header), nonce: found.nonce });
      return { tried, seconds: (performance.now() - start) / 1_000 };
    }
    await new Promise((go) => setTimeout(go));
  }
}
