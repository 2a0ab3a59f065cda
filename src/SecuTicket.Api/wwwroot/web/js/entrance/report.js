// @ts-check
/**
 * Brings to the node what this gate did, oldest first: receipts, then admissions to the chain. The same again changes nothing there, so it may be
 * broken off anywhere.
 */
import { post, send } from "../ledger.js";
import { canonicalise, randomNonce, VALID_SECONDS } from "../signature.js";
import { keyOf, sign } from "./key.js";

/** Most of one request. */
const MAX_BATCH = 1_000;

/** @typedef {{ conflicts: number, refused: string[] }} Reported tickets let in elsewhere too, and why receipts or admissions were not taken */

/**
 * @param {import("./receipts.js").ReceiptLog} log
 * @returns {Promise<Reported>}
 * @throws {import("../ledger.js").Refused} when the node does not take anything at all
 */
export async function report(log) {
  const conflicts = new Set();
  const refused = new Set();
  for (const batch of batches(log.open.filter((kept) => !kept.uploaded))) {
    const { gate, event_id } = log.pairing;
    const { verdicts } = await post("/gate/receipts", { gate, event_id, receipts: batch.map((kept) => kept.receipt) });
    await log.note(batch.filter((kept, i) => taken(kept, verdicts[i])).map((kept) => ({ ...kept, uploaded: true })));
  }

  for (const batch of batches(log.open.filter((kept) => !kept.redeemed))) {
    const answers = await redeem(log, batch);
    await log.note(batch.filter((_, i) => written(answers[i])).map((kept) => ({ ...kept, redeemed: true })));
  }

  return { conflicts: conflicts.size, refused: [...refused].sort() };

  /** @param {import("./store.js").KeptReceipt} kept @param {{ verdict: string, code?: string, first?: { gate: string } }} verdict */
  function taken(kept, { verdict, code, first }) {
    if (first && first.gate !== log.pairing.gate) conflicts.add(kept.receipt.ticket_id);
    if (verdict === "invalid") refused.add(code ?? "invalid");
    return verdict !== "invalid";
  }

  /** @param {{ status: string, code?: string }} answer redeemed already is no error: by this gate before, or by another one, and that is a conflict that the receipt tells */
  function written({ status, code }) {
    const done = status === "pending" || status === "confirmed" || code === "already_redeemed";
    if (!done) refused.add(code ?? status);
    return done;
  }
}

/**
 * @param {import("./receipts.js").ReceiptLog} log
 * @param {import("./store.js").KeptReceipt[]} batch
 * @returns {Promise<{ status: string, code?: string }[]>} one for each
 */
async function redeem(log, batch) {
  const lines = await Promise.all(batch.map(async ({ receipt }) => JSON.stringify(await admissionOf(log.pairing, receipt.ticket_id))));
  const answers = await send("/transactions/batch", { method: "POST", headers: { "Content-Type": "application/x-ndjson" }, body: `${lines.join("\n")}\n` }, linesOf);
  // What cannot be told apart is asked again.
  return answers.length === batch.length ? answers : batch.map(() => ({ status: "unreadable" }));
}

/** @param {string} text @returns {any[]} none where it is not the node's: a portal's page, say */
function linesOf(text) {
  try {
    return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  } catch (fault) {
    if (fault instanceof SyntaxError) return [];
    throw fault;
  }
}

/**
 * An admission for the chain, signed by this gate. Its chain is the one that it was paired for: nobody needs to be asked.
 * @param {import("./store.js").Pairing} pairing
 * @param {string | null} ticket_id
 */
export async function admissionOf(pairing, ticket_id) {
  const payload = { type: "redeem_ticket", ticket_id, chain_id: pairing.chain_id, sender: pairing.gate, nonce: randomNonce(), valid_until: Math.floor(Date.now() / 1000) + VALID_SECONDS };
  return { ...payload, signatures: [await sign(keyOf(pairing), canonicalise(payload))] };
}

/** @template T @param {T[]} all */
function* batches(all) {
  for (let start = 0; start < all.length; start += MAX_BATCH) yield all.slice(start, start + MAX_BATCH);
}
