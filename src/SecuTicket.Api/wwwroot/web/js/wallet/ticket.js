// @ts-check
/** A ticket: its changing code, and what its holder does with it. */
import { gateCode } from "../codes.js";
import { element } from "../elements.js";
import { GOOD_FOR_SECONDS } from "../gatecode.js";
import { listen, read, write } from "../ledger.js";
import { chosen, onChange, signerOf } from "../wallets.js";
import { money, word } from "../words.js";
import { onWritten, tellWritten } from "../written.js";
import { addressOf, onSubmit, priceOf } from "./forms.js";
import { drawing } from "./qr.js";
import { find, say } from "./room.js";

/** Transactions of the forms, and the routes that take them. @type {Record<string, { route: string, type: string }>} */
const ACTIONS = {
  transfer: { route: "/tickets/transfer", type: "transfer_ticket" },
  list: { route: "/tickets/list", type: "list_ticket" },
  unlist: { route: "/tickets/unlist", type: "unlist_ticket" },
  return: { route: "/tickets/return", type: "return_ticket" },
};

/** Seconds after which a code is made anew: half the time that gates take it. */
const RENEWED_SECONDS = GOOD_FOR_SECONDS / 2;

/** What can not be undone is pressed twice, with the same fields. */
const FOR_GOOD = new Set(["transfer", "return"]);

/** Milliseconds between the two: a double click is one decision, and the question is not read in less. */
const READING_MS = 700;

/** Milliseconds between two looks whether a node that went away is there again. */
const AWAY_MS = 2_000;

/** Milliseconds in which another page comes that was asked for, or does not. */
const LEAVING_MS = 10_000;

/** What is said after the page was read again. */
const SAID = "secuticket.said";

const room = /** @type {HTMLElement} */ (document.querySelector("[data-ticket]"));
const { ticket = "", owner = "", status = "", currency = "", cap } = room.dataset;
const [code, left, again] = [find("code"), find("left"), find("again")];

/** @type {import("../wallets.js").Wallet | null} */
let holder = null;
let looked = Promise.resolve();
let until = 0;
let isMaking = false;

/** Who looks at the ticket: its holder, or somebody else. */
async function look() {
  const wallet = await chosen();
  holder = wallet?.address === owner && status !== "unsold" ? wallet : null;
  for (const form of document.querySelectorAll("form[data-action]")) {
    const why = /** @type {HTMLElement} */ (form.querySelector("[data-why]"));
    why.dataset.rule ??= why.textContent ?? "";
    why.textContent = holder === null ? word(wallet === null ? "why.no_wallet" : "why.not_holder") : why.dataset.rule;
    enable(/** @type {HTMLFormElement} */ (form));
  }

  for (const cell of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("td[data-address]"))) cell.textContent = cell.dataset.address === wallet?.address ? word("you") : cell.dataset.address ?? "";
  until = 0;
  again.hidden = true;
  if (holder !== null && (status === "sold" || status === "listed")) {
    if (holder.kind === "passkey") ask();
    else await make();
  } else {
    left.textContent = "";
    code.replaceChildren(paragraph(word(status === "redeemed" ? "code.used" : status === "revoked" ? "code.revoked" : wallet === null ? "not_mine.none" : "not_mine")));
  }
}

/** @param {HTMLFormElement} form */
const pressOf = (form) => /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));

/** A form can be sent unless there is a reason against it, or its question is still being read. @param {HTMLFormElement} form */
function enable(form) {
  const why = /** @type {HTMLElement} */ (form.querySelector("[data-why]"));
  pressOf(form).setAttribute("aria-disabled", String(why.textContent !== "" || "reading" in form.dataset));
}

/** @param {string} words */
const paragraph = (words) => element("p", "soft", words);

/** A passkey signs only when its holder says so: each code is asked for. */
function ask() {
  code.replaceChildren(paragraph(word("code.passkey")));
  left.textContent = "";
  again.hidden = false;
}

async function make() {
  if (holder === null || isMaking) return;

  isMaking = true;
  try {
    const { text, at } = await gateCode(holder, ticket);
    const drawn = drawing(text, word("code.name"));
    drawn.setAttribute("data-text", text);
    code.replaceChildren(drawn);
    until = (at + (holder.kind === "passkey" ? GOOD_FOR_SECONDS : RENEWED_SECONDS)) * 1000;
    again.hidden = true;
  } catch (fault) {
    code.replaceChildren(paragraph(/** @type {Error} */ (fault).message));
    until = 0;
    again.hidden = false;
  } finally {
    isMaking = false;
  }
}

again.addEventListener("click", make);
setInterval(() => {
  if (until === 0) return;

  const seconds = Math.ceil((until - Date.now()) / 1000);
  if (seconds > 0) left.textContent = word(holder?.kind === "passkey" ? "code.good" : "code.left", seconds);
  else if (holder?.kind === "passkey") {
    until = 0;
    ask();
  } else if (!document.hidden) make();
}, 250);

/**
 * Has what can not be undone asked for once more.
 * @param {HTMLFormElement} form
 * @returns {(pressed: string, words: string) => boolean} whether what is pressed was asked before, and is meant
 */
function asking(form) {
  const plain = pressOf(form).textContent;
  /** @type {number | undefined} */
  let timer;
  const rest = () => {
    clearTimeout(timer);
    delete form.dataset.reading;
    enable(form);
  };

  // What is typed after the question is another thing than what was asked.
  form.addEventListener("input", () => {
    delete form.dataset.pressed;
    pressOf(form).textContent = plain;
    rest();
  });
  // The rest of a double click, and of a key that is held, is no answer.
  form.addEventListener("click", (event) => { if (event.detail > 1 && "pressed" in form.dataset) event.preventDefault(); });
  form.addEventListener("keydown", (event) => { if (event.repeat && event.key === "Enter") event.preventDefault(); });
  return (pressed, words) => {
    if (form.dataset.pressed === pressed) return true;

    form.dataset.pressed = pressed;
    form.dataset.reading = "";
    pressOf(form).textContent = words;
    enable(form);
    clearTimeout(timer);
    timer = setTimeout(rest, READING_MS);
    return false;
  };
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-action]"))) {
  const action = form.dataset.action ?? "";
  const isMeant = FOR_GOOD.has(action) ? asking(form) : () => true;
  onSubmit(form, async (typed) => {
    // Pressed before it was known whose wallet this is, it is done once it is.
    await looked;
    if (holder === null) return;

    const { route, type } = ACTIONS[action];
    /** @type {Record<string, unknown>} */
    const fields = { ticket_id: ticket };
    if (action === "transfer") fields.recipient = await addressOf("recipient", typed.recipient, owner);
    if (action === "list") {
      fields.price = priceOf(typed.price, cap ? Number(cap) : null, (amount) => money(amount, currency));
      if (typed.buyer.trim() !== "") fields.buyer = await addressOf("buyer", typed.buyer, owner);
    }

    if (!isMeant(JSON.stringify(fields), word(`sure.${action}`, String(fields.recipient ?? "")))) return;

    await write(route, { type, ...fields }, signerOf(holder), { lost: () => say("warn", word("unknown")) });
    tellWritten();
    say("good", word(`done.${action}`));
    sessionStorage.setItem(SAID, word(`done.${action}`));

    // Until the page is gone a press on it would do the same once more: the form stays busy.
    await reopen();
  }, (message) => say("bad", message));
}

const before = sessionStorage.getItem(SAID);
if (before !== null) {
  sessionStorage.removeItem(SAID);
  say("good", before);
}

/** Whether another page was asked for: to open this one anew would call that off. */
let isLeft = false;
addEventListener("beforeunload", () => {
  isLeft = true;
  setTimeout(() => { isLeft = false; }, LEAVING_MS);
});

/** Opens the page anew, once the node answers: until then the browser would have nothing but a page of its own. */
async function reopen() {
  while (!await fetch(location.href, { method: "HEAD", cache: "no-store" }).then((answer) => answer.ok, () => false) || isLeft) await new Promise((later) => setTimeout(later, AWAY_MS));

  location.reload();
  await new Promise(() => {});
}

/** Whether somebody types something, or is being asked. */
const isBusy = () => [...document.forms].some((form) => "pressed" in form.dataset || form.querySelector("[aria-busy=true]") !== null || [...form.elements].some((field) => field instanceof HTMLInputElement && field.value !== field.defaultValue));

/** Whether it still stands as the page says: somebody may have bought it, or a gate let its holder in. */
async function check() {
  const now = await read(`/tickets/${ticket}?pending=true`).catch(() => null);
  if (now === null || (now.status === status && now.owner === owner)) return;
  if (!isBusy()) return reopen();

  // What is typed stays, but no code is shown of a ticket that is another's.
  until = 0;
  left.textContent = "";
  again.hidden = true;
  const link = element("a", "", word("stale.open"));
  link.href = location.pathname;
  code.replaceChildren(element("p", "note warn", word("stale"), " ", link));
}

let isDue = false;

/** Looks again in a second, however much happens until then. */
function soon() {
  if (isDue) return;

  isDue = true;
  setTimeout(() => {
    isDue = false;
    if (!document.hidden) check();
  }, 1_000);
}

onChange(() => { looked = look(); });
addEventListener("visibilitychange", soon);
onWritten(soon);
listen({ block: soon, transaction: (decided) => { if (decided.type.endsWith("_ticket")) soon(); } }, soon);
looked = look();
