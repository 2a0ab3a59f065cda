// @ts-check
/** An event's public page: each resale's way to the root of its block, and that block's header, checked here. */
import { read } from "../ledger.js";
import { bytesOf } from "../signature.js";
import { word } from "../words.js";
import { climb, hexOf, leafOf, readHeader, STAKE_VERSION } from "./block.js";
import { told } from "./faults.js";
import { sha256 } from "./hash.js";
import { hasWork, isSealed } from "./proof.js";

const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-resales-check]"));
const said = /** @type {HTMLElement} */ (document.querySelector("[data-resales-said]"));

/** @param {any} resale @param {any} header @param {import("./proof.js").Spec} spec */
async function isProven(resale, header, spec) {
  const { proof } = resale;
  const root = climb(leafOf(bytesOf(resale.transaction_id), bytesOf(proof.signatures_hash)), proof.leaf_index, proof.leaf_count, proof.merkle_path);
  const block = { bytes: bytesOf(header.header), hash: header.hash, seal: header.seal };
  const fields = readHeader(block.bytes);
  return root !== null && hexOf(root) === proof.transactions_root && fields.root === proof.transactions_root && hexOf(sha256(block.bytes)) === proof.block_hash
    && (fields.version === STAKE_VERSION ? isSealed(block) : hasWork(block, spec));
}

async function run() {
  const [, id] = /\/events\/([0-9a-f]{32})/.exec(location.pathname) ?? [];
  const after = new URLSearchParams(location.search).get("after");
  const [{ resales }, spec] = await Promise.all([read(`/events/${id}/public?limit=100${after ? `&after=${encodeURIComponent(after)}` : ""}`), read("/chain/spec")]);
  const headers = new Map();
  let right = 0;
  for (const resale of resales.items) {
    const cell = document.querySelector(`[data-resale="${resale.transaction_id}"] [data-proven]`);
    const hash = resale.proof.block_hash;
    if (!headers.has(hash)) headers.set(hash, await read(`/chain/headers/${hash}`));
    const ok = await isProven(resale, headers.get(hash), spec);
    right += ok ? 1 : 0;
    if (cell) cell.textContent = word(ok ? "resales.right" : "resales.wrong");
  }

  said.textContent = word(right === resales.items.length ? "resales.all_right" : "resales.some_wrong", right, resales.items.length);
  said.className = `note said ${right === resales.items.length ? "good" : "bad"}`;
}

if (button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    try {
      await run();
    } catch (fault) {
      said.textContent = told(fault);
      said.className = "note said bad";
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
