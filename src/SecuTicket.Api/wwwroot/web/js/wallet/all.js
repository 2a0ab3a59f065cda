// @ts-check
/** The list of this browser's wallets: which one is used, what they are called, and how one is given up. */
import { button, element } from "../elements.js";
import { info, read, Refused } from "../ledger.js";
import { choose, keep, remove } from "../wallets.js";
import { money, number, short, word } from "../words.js";
import { onSubmit } from "./forms.js";
import { fail, find, onPress } from "./room.js";

/** @typedef {import("../wallets.js").Wallet} Wallet */

/** @param {Wallet} wallet @param {boolean} isChosen */
export function item(wallet, isChosen) {
  const act = (/** @type {string} */ tone, /** @type {string} */ words, /** @type {() => Promise<void>} */ does) => {
    const made = button(tone, words);
    made.setAttribute("aria-label", `${words}: ${wallet.name || wallet.address}`);
    onPress(made, does);
    return made;
  };
  /** @type {HTMLElement} */
  const row = element("li", "wallet",
    element("div", "",
      element("strong", "", wallet.name || short(wallet.address)), " ", element("span", "badge", word(`kind.${wallet.kind}`)),
      ...(isChosen ? [" ", element("span", "badge good", word("in_use"))] : []),
      element("p", "hash", wallet.address)),
    element("div", "actions",
      ...(isChosen ? [] : [act("quiet", word("use"), async () => choose(wallet.address))]),
      act("quiet", word("rename"), async () => rename(row, wallet)),
      act("danger", word("remove"), async () => forget(wallet))));
  row.dataset.address = wallet.address;
  return row;
}

/** @param {HTMLElement} row @param {Wallet} wallet */
function rename(row, wallet) {
  const input = element("input", "");
  Object.assign(input, { name: "name", maxLength: 40, value: wallet.name });
  input.setAttribute("aria-label", word("rename.new"));
  const save = element("button", "", word("rename.save"));
  save.type = "submit";
  const form = element("form", "actions", input, save);
  row.replaceChildren(form);
  input.select();
  onSubmit(form, async ({ name }) => {
    await keep({ ...wallet, name: name.trim() });
    form.dataset.saved = "";
  }, fail);
}

/**
 * The wallets of a list whose names somebody types: they stay as they are when it is drawn anew.
 * @param {HTMLElement} list
 * @returns {HTMLElement[]}
 */
export function renamed(list) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(".wallet:has(form:not([data-saved]))"))];
}

/** How often a removal was asked for: what is answered about another wallet than the last is not shown. */
let asked = 0;

/** What would be lost, and only then the removal. @param {Wallet} wallet */
async function forget(wallet) {
  const mine = ++asked;
  const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("dialog[data-remove]"));
  const held = await holdings(wallet);
  if (mine !== asked || dialog.open) return;

  find("remove-what").textContent = held;
  find("remove-why").textContent = word(wallet.kind === "browser" && wallet.backup === undefined ? "remove.browser" : `remove.${wallet.kind === "browser" ? "backed" : wallet.kind}`);
  dialog.returnValue = "no";
  // One wallet at a time: who listened for another does not any more.
  dialog.onclose = async () => {
    if (dialog.returnValue !== "yes") return;

    // The button that was pressed goes with its wallet.
    const isLast = find("wallets").children.length === 1;
    /** @type {HTMLElement} */ (document.getElementById(isLast ? "add" : "all")).focus();
    await remove(wallet.address);
  };
  dialog.showModal();
}

/** What a wallet holds, or that nobody can tell now. @param {Wallet} wallet */
async function holdings(wallet) {
  const name = wallet.name || short(wallet.address);
  try {
    const [{ currency }, account] = await Promise.all([info(), read(`/accounts/${wallet.address}?pending=true`)]);
    return word("remove.what", name, money(account.balance, currency), number(account.tickets));
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    return word("remove.unread", name);
  }
}
