// @ts-check
/** A ticket's page: the proof of its last change, checked here. */
import { element } from "../elements.js";
import { read } from "../ledger.js";
import { word } from "../words.js";
import { told } from "./faults.js";
import { changeOne, check, proofOf } from "./proof.js";

const section = /** @type {HTMLElement} */ (document.querySelector("[data-proof]"));
const card = /** @type {HTMLElement} */ (section.querySelector("[data-proof-card]"));
const button = /** @type {HTMLButtonElement} */ (section.querySelector("[data-proof-check]"));
const tamper = /** @type {HTMLInputElement} */ (section.querySelector("[data-proof-tamper]"));
const where = /** @type {HTMLSelectElement} */ (section.querySelector("[data-proof-where]"));
const said = /** @type {HTMLElement} */ (section.querySelector("[data-proof-said]"));
const list = /** @type {HTMLElement} */ (section.querySelector("[data-proof-steps]"));

/** @type {Promise<[any, import("./proof.js").Spec]> | undefined} the proof and the specification, asked for once */
let asked;

/** How often it was checked: what comes of an older check is not shown. */
let runs = 0;

/** @param {string} words @param {string} how */
function say(words, how) {
  said.textContent = words;
  said.className = `note said ${how}`;
}

async function run() {
  const mine = ++runs;
  button.setAttribute("aria-busy", "true");
  try {
    asked ??= Promise.all([read(`/tickets/${section.dataset.proof}/proof`), read("/chain/spec")]);
    const [json, spec] = await asked;
    const whole = proofOf(json);
    const changed = tamper.checked ? changeOne(whole, where.value) : null;
    if (tamper.checked && !changed) {
      list.replaceChildren();
      return say(word("proof.nothing_there"), "warn");
    }

    const steps = await check(changed?.proof ?? whole, spec);
    if (mine !== runs) return;

    list.replaceChildren(...steps.map(line));
    const wrong = steps.filter((step) => !step.ok).length;
    const change = changed ? `${word("proof.changed", changed.offset + 1, byte(changed.from), byte(changed.to))} ` : "";
    const rest = json.headers_complete ? "" : ` ${word("proof.cut")}`;
    say(change + (wrong === 0 ? word("proof.right", steps.length, whole.later.length + 1) + rest : word("proof.wrong", wrong, steps.length)), wrong === 0 ? "good" : "bad");
  } catch (fault) {
    asked = undefined;
    if (mine !== runs) return;

    list.replaceChildren();
    say(told(fault), "bad");
  } finally {
    if (mine === runs) button.removeAttribute("aria-busy");
  }
}

/** @param {number} value */
const byte = (value) => value.toString(16).padStart(2, "0");

/** @param {import("./proof.js").Step} step */
function line(step) {
  const mark = element("span", "mark", step.ok ? "✓" : "✗");
  mark.setAttribute("aria-hidden", "true");
  const item = element("li", step.ok ? "good" : "bad",
    mark,
    element("strong", "", word(`step.${step.name}`)),
    element("span", "badge", word(step.ok ? "step.right" : "step.wrong")),
    element("p", "small soft", word(`step.${step.name}.what`, ...step.values)));
  if (step.found) item.append(element("p", "hash", step.ok || !step.expected ? step.found : word("step.differs", step.found, step.expected)));
  return item;
}

button.addEventListener("click", run);
tamper.addEventListener("change", run);
where.addEventListener("change", () => tamper.checked && run());

// The ticket's last change is another one: so is its proof.
document.addEventListener("secuticket:live", () => { asked = undefined; });
card.hidden = false;
