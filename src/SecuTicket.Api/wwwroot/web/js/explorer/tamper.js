// @ts-check
/** The page on which one cheats: a copy of the last blocks, changed and mined again here. The node is only read. */
import { element } from "../elements.js";
import { read } from "../ledger.js";
import { money, number, word } from "../words.js";
import { readHeader } from "./block.js";
import { change, copyOf, hashOf, inspect, mineAgain } from "./copy.js";
import { told } from "./faults.js";

const section = /** @type {HTMLElement} */ (document.querySelector("[data-tamper]"));
/** @template {HTMLElement} T @param {string} name @returns {T} */
const find = (name) => /** @type {T} */ (section.querySelector(`[data-tamper-${name}]`));
const form = /** @type {HTMLFormElement} */ (find("form"));
const choice = /** @type {HTMLSelectElement} */ (find("block"));
const what = /** @type {HTMLSelectElement} */ (find("what"));
const mine = find("mine");
const mineWhy = find("mine-why");
const said = find("said");
const list = find("copy");
const isStaked = section.dataset.engine === "proof-of-stake";
const maxDifficulty = Number(section.dataset.maxDifficulty);

/** @type {import("./copy.js").CopiedBlock[]} */
let copy = [];
/** @type {string[]} the hashes as the chain has them */
let hashes = [];
/** @type {import("./proof.js").Spec} */
let spec;
let currency = "";

/** How often the copy was inspected and something was pressed: of two at once only what comes of the later is shown and said. */
let [inspected, pressed] = [0, 0];

/** @param {string} words @param {string} how */
function say(words, how) {
  said.textContent = words;
  said.className = `note said ${how}`;
}

async function load() {
  say("", "");
  const limit = Number(section.dataset.blocks);
  const [latest, chain, node] = await Promise.all([read(`/chain?limit=${limit}`), read("/chain/spec"), read("/info")]);
  const { headers } = await read(`/chain/headers?from=${latest.chain[0].index}&limit=${latest.chain.length}`);
  [spec, currency] = [chain, node.currency];
  copy = copyOf(latest.chain, headers);
  hashes = copy.map(hashOf);
  choice.replaceChildren(...copy.map((block, i) => new Option(word("tamper.option", number(readHeader(block.header).index), number(block.transactions.length)), String(i))));

  // In the middle, so that there is something before and behind; rather one in which somebody did something.
  const busy = copy.findIndex((block, i) => i > 0 && i < copy.length - 1 && block.transactions.some((one) => one.signatures.length > 0));
  choice.value = String(busy < 0 ? copy.length >> 1 : busy);
  await show();
}

/** The copy as the node has it, read again. @returns {Promise<[string, "good"]>} */
async function begin() {
  await load();
  return [word("tamper.fresh"), "good"];
}

async function show() {
  const turn = ++inspected;
  const findings = await inspect(copy, spec);
  if (turn !== inspected) return findings;

  list.replaceChildren(...findings.map(line));
  const difficulty = readHeader(copy[Number(choice.value)].header).difficulty;
  const isTooHard = difficulty > maxDifficulty;
  mineWhy.textContent = isStaked ? word("tamper.mine_staked") : isTooHard ? word("tamper.mine_hard", difficulty) : word("tamper.mine_what", difficulty);
  if (isStaked || isTooHard) mine.setAttribute("aria-disabled", "true");
  else mine.removeAttribute("aria-disabled");
  return findings;
}

/** @param {import("./copy.js").Finding} finding @param {number} i */
function line(finding, i) {
  return element("li", finding.state,
    element("p", "what",
      element("strong", "", word("tamper.block_name", number(finding.index))), " ",
      element("span", `badge ${{ intact: "good", broken: "bad", follows: "warn" }[finding.state]}`, word(`tamper.${finding.state}`)), " ",
      element("span", "small soft", word(finding.hash === hashes[i] ? "tamper.as_it_was" : "tamper.other_hash"))),
    element("p", "hash", finding.hash),
    element("ul", "small", ...finding.faults.map((fault) => element("li", "", word(`fault.${fault.name}`, ...fault.values)))));
}

/** What holds after something was done: which block breaks, or that the copy is another chain now. @param {import("./copy.js").Finding[]} findings */
async function conclude(findings) {
  const broken = findings.find((one) => one.state === "broken");
  const last = findings[findings.length - 1];
  const verdict = broken ? word("tamper.breaks", number(broken.index)) : last.hash === hashes[hashes.length - 1] ? word("tamper.whole") : word("tamper.another_chain");

  // Asked again, to show it: the node's chain is what it was.
  const { hash } = await read(`/chain/headers/${last.index}`);
  return `${verdict} ${hash === hashes[hashes.length - 1] ? word("tamper.untouched", number(last.index)) : ""}`;
}

/** @param {() => Promise<[string, "good" | "bad" | "warn"]>} act */
async function guard(act) {
  const turn = ++pressed;
  try {
    const words = await act();
    if (turn === pressed) say(...words);
  } catch (fault) {
    const words = told(fault);
    if (turn === pressed) say(words, "bad");
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  guard(async () => {
    // There is nothing to change where it could not be read: whoever presses has it read again.
    if (copy.length === 0) return begin();

    const done = change(copy[Number(choice.value)], what.value);
    if (!done) return [word("tamper.nothing_there"), "warn"];

    const values = done.name === "price" ? [done.values[0], ...done.values.slice(1).map((amount) => money(Number(amount), currency))] : done.values;
    return [`${word(`tamper.did.${done.name}`, ...values)} ${await conclude(await show())}`, "bad"];
  });
});
mine.addEventListener("click", () => {
  if (mine.getAttribute("aria-disabled") === "true" || mine.getAttribute("aria-busy") === "true") return;

  mine.setAttribute("aria-busy", "true");
  guard(async () => {
    if (copy.length === 0) return begin();

    const at = Number(choice.value);
    say(word("tamper.mining"), "");
    const { tried, seconds } = await mineAgain(copy[at], copy[at - 1]);
    const findings = await show();
    return [`${word("tamper.mined", number(findings[at].index), number(tried), number(Math.max(Math.round(seconds * 1_000), 1)))} ${await conclude(findings)}`, findings.some((one) => one.state === "broken") ? "bad" : "warn"];
  }).finally(() => mine.removeAttribute("aria-busy"));
});
find("reset").addEventListener("click", () => guard(begin));
choice.addEventListener("change", show);

section.hidden = false;
guard(begin);
