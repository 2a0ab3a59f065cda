// @ts-check
/** What operators press: a block now, the heaviest chain of the known nodes, a new node. The admin key, where one is due, is only in its field and on those requests. */
import { post, Refused } from "../ledger.js";
import { money, moment, number, word } from "../words.js";
import { tellWritten } from "../written.js";

const panel = /** @type {HTMLElement} */ (document.querySelector("[data-operator]"));
const key = /** @type {HTMLInputElement | null} */ (panel.querySelector("[data-admin-key]"));
const said = /** @type {HTMLElement} */ (panel.querySelector("[data-operator-said]"));

/** @param {string} words @param {"good" | "bad" | "warn"} how */
function say(words, how) {
  said.textContent = words;
  said.className = `note said ${how}`;
}

/** @returns {Record<string, string>} */
const credentials = () => (key?.value ? { Authorization: `Bearer ${key.value}` } : {});

/** What needs the key is possible as soon as something is typed; whether it is right, the node says. */
function enable() {
  for (const button of panel.querySelectorAll("[data-needs=key]"))
    if (key?.value) button.removeAttribute("aria-disabled");
    else button.setAttribute("aria-disabled", "true");
}

/**
 * @param {HTMLElement} button
 * @param {() => Promise<string>} act
 */
async function press(button, act) {
  if (button.getAttribute("aria-disabled") === "true" || button.getAttribute("aria-busy") === "true") return;

  button.setAttribute("aria-busy", "true");
  try {
    say(await act(), "good");
    tellWritten();
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;

    const next = /** @type {any} */ (fault.problem).next;
    say(next ? word("mine.later", moment(next.starts_at)) : fault.message, "bad");
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** What the node counted of its search: nonces, and seconds; null where it does not say, which what is asked of it next tells. */
async function counted() {
  const metrics = await fetch("/metrics", { cache: "no-store" }).then((answer) => answer.text()).catch(untold);
  if (metrics === null) return null;

  /** @param {string} name */
  const read = (name) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(metrics)?.[1] ?? 0);
  return { tried: read("secuticket_hashes_tried_total"), seconds: read("secuticket_search_seconds_total") };
}

/** What fetch says where nobody answers, or an answer breaks off. @param {unknown} fault @returns {null} */
function untold(fault) {
  if (fault instanceof TypeError) return null;
  throw fault;
}

async function mine() {
  const before = await counted();
  const { index } = await post("/mine", {}, credentials());
  const after = await counted();
  const [tried, seconds] = before && after ? [after.tried - before.tried, after.seconds - before.seconds] : [0, 0];
  if (!(tried > 0 && seconds > 0)) return word("mine.done", number(index));

  // Millions with two decimals are written as an amount of hundredths.
  return word("mine.found", number(index), number(tried), number(Math.max(Math.round(seconds * 1_000), 1)), money(Math.round(tried / seconds / 10_000), "").trim());
}

async function resolve() {
  const { replaced, length, fetched } = await post("/nodes/resolve", {}, credentials());
  return word(replaced ? "resolve.replaced" : "resolve.kept", number(length - 1), number(fetched.blocks), number(fetched.headers));
}

// The buttons of a live part are replaced, so presses are heard around them.
panel.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  if (button?.hasAttribute("data-mine")) press(button, mine);
  if (button?.hasAttribute("data-resolve")) press(button, resolve);
});
panel.querySelector("[data-register]")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const field = /** @type {HTMLInputElement} */ (form.querySelector("input"));
  press(/** @type {HTMLElement} */ (form.querySelector("button")), async () => {
    await post("/nodes/register", { nodes: [field.value.trim()] }, credentials());
    field.value = "";
    return word("register.done");
  });
});
key?.addEventListener("input", enable);
document.addEventListener("secuticket:live", enable);
