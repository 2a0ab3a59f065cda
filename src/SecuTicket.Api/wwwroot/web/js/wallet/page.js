// @ts-check
/** The wallets of this browser: what they hold, how they are made, kept and given up. */
import { askSigned, info, items, listen, post, read, Refused } from "../ledger.js";
import { randomNonce } from "../signature.js";
import { add, addKept, choose, chosen, createBrowserKey, onChange, remove, restoreBrowserKey, signerOf, wallets } from "../wallets.js";
import { moment, money, number, short, word } from "../words.js";
import { linkOf, offered } from "./elsewhere.js";
import { addressOf, onSubmit, Wrong } from "./forms.js";
import { create, isOffered } from "./kinds.js";
import { drawing } from "./qr.js";
import { TicketList } from "./tickets.js";

/** What a newcomer gets for trying, in minor units. */
const POCKET = 200_00;

/** Bytes of a backup file, many times over. */
const MOST_BACKUP = 16 * 1024;

const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (document.querySelector(`[data-${name}]`));
const list = new TicketList(find("tickets"), find("tickets-none"));

/** @param {string} tone @param {string} words */
function say(tone, words) {
  const note = document.createElement("p");
  note.className = `note ${tone}`;
  note.textContent = words;
  find("said").replaceChildren(note);
  find("said").scrollIntoView({ block: "nearest" });
}

const fail = (/** @type {string} */ words) => say("bad", words);

/** Does what a button is for, and says what went wrong. @param {Element} button @param {() => Promise<void>} act */
function onPress(button, act) {
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true" || button.getAttribute("aria-busy") === "true") return;

    button.setAttribute("aria-busy", "true");
    try {
      await act();
    } catch (fault) {
      fail(/** @type {Error} */ (fault).message);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}

/** Shows the chosen wallet and all others. */
async function show() {
  const [wallet, all] = [await chosen(), await wallets()];
  find("welcome").hidden = wallet !== null;
  for (const name of ["present", "tickets-place", "messages-place"]) find(name).hidden = wallet === null;
  find("all").hidden = all.length === 0;
  const used = /** @type {HTMLElement | null | undefined} */ (document.activeElement?.closest(".wallet"))?.dataset.address;
  find("wallets").replaceChildren(...all.map((one) => item(one, one.address === wallet?.address)));
  // Who pressed a button of a wallet is still at that wallet.
  if (used !== undefined) /** @type {HTMLElement | null} */ (document.querySelector(`.wallet[data-address="${used}"] button`))?.focus();
  if (wallet === null) return;

  find("name").textContent = wallet.name || short(wallet.address);
  find("address").textContent = wallet.address;
  find("save").hidden = wallet.backup === undefined;
  elsewhere(wallet);
  await Promise.all([balance(wallet), list.show(wallet.address)]);
}

/** How another device of the person, which has the same passkey, learns of its account. @param {import("../wallets.js").Wallet} wallet */
function elsewhere(wallet) {
  const place = find("elsewhere");
  place.hidden = wallet.kind !== "passkey";
  if (wallet.kind !== "passkey") return;

  const url = linkOf(wallet);
  const link = /** @type {HTMLAnchorElement} */ (find("elsewhere-link"));
  if (link.href === url) return;

  link.href = url;
  try {
    find("elsewhere-code").replaceChildren(drawing(url, word("elsewhere.code")));
  } catch (fault) {
    // Some authenticators have long ids: then there is the link alone.
    if (!(fault instanceof RangeError)) throw fault;
    find("elsewhere-code").replaceChildren();
  }
}

/** @param {import("../wallets.js").Wallet} wallet */
async function balance(wallet) {
  const [{ currency }, account] = await Promise.all([info(), read(`/accounts/${wallet.address}?pending=true`)]);
  find("balance").textContent = money(account.balance, currency);
}

/** @param {import("../wallets.js").Wallet} wallet @param {boolean} isChosen */
function item(wallet, isChosen) {
  const row = document.createElement("li");
  row.className = "wallet";
  row.dataset.address = wallet.address;
  const text = document.createElement("div");
  const name = document.createElement("strong");
  name.textContent = wallet.name || short(wallet.address);
  const what = document.createElement("span");
  what.className = "badge";
  what.textContent = word(`kind.${wallet.kind}`);
  const address = document.createElement("p");
  address.className = "hash";
  address.textContent = wallet.address;
  text.append(name, " ", what, ...(isChosen ? [" ", chip()] : []), address);
  const actions = document.createElement("div");
  actions.className = "actions";
  const button = (/** @type {string} */ words, /** @type {string} */ tone, /** @type {() => Promise<void>} */ act) => {
    const element = document.createElement("button");
    element.type = "button";
    element.className = tone;
    element.textContent = words;
    element.setAttribute("aria-label", `${words}: ${wallet.name || wallet.address}`);
    onPress(element, act);
    return element;
  };
  if (!isChosen) actions.append(button(word("use"), "quiet", async () => choose(wallet.address)));
  actions.append(
    button(word("rename"), "quiet", async () => rename(row, wallet)),
    button(word("remove"), "danger", async () => forget(wallet)),
  );
  row.append(text, actions);
  return row;
}

function chip() {
  const badge = document.createElement("span");
  badge.className = "badge good";
  badge.textContent = word("in_use");
  return badge;
}

/** @param {HTMLElement} row @param {import("../wallets.js").Wallet} wallet */
function rename(row, wallet) {
  const form = document.createElement("form");
  form.className = "actions";
  const input = document.createElement("input");
  input.name = "name";
  input.maxLength = 40;
  input.value = wallet.name;
  input.setAttribute("aria-label", word("rename.new"));
  const save = document.createElement("button");
  save.type = "submit";
  save.textContent = word("rename.save");
  form.append(input, save);
  row.replaceChildren(form);
  input.select();
  onSubmit(form, async ({ name }) => {
    const present = await chosen();
    await add({ ...wallet, name: name.trim() });
    if (present) choose(present.address);
  }, fail);
}

/** What would be lost, and only then the removal. @param {import("../wallets.js").Wallet} wallet */
async function forget(wallet) {
  const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("dialog[data-remove]"));
  const [{ currency }, account] = await Promise.all([info(), read(`/accounts/${wallet.address}?pending=true`).catch(() => ({ balance: 0, tickets: 0 }))]);
  find("remove-what").textContent = word("remove.what", wallet.name || short(wallet.address), money(account.balance, currency), number(account.tickets));
  find("remove-why").textContent = word(wallet.kind === "browser" && wallet.backup === undefined ? "remove.browser" : `remove.${wallet.kind === "browser" ? "backed" : wallet.kind}`);
  dialog.returnValue = "no";
  dialog.showModal();
  dialog.addEventListener("close", async () => {
    if (dialog.returnValue === "yes") await remove(wallet.address);
  }, { once: true });
}

/** @param {string} name @param {string} text */
function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** @param {import("../wallets.js").Wallet} wallet */
const saveBackup = (wallet) => save(`secuticket-${wallet.address.slice(0, 10)}.json`, JSON.stringify(wallet.backup, null, 2));

/** Shows a kept account's secret, this once. @param {string} address @param {string} secret */
function showSecret(address, secret) {
  const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("dialog[data-secret]"));
  find("secret-text").textContent = secret;
  find("secret-save").onclick = () => save(`secuticket-${address.slice(0, 10)}-secret.json`, JSON.stringify({ address, secret }, null, 2));
  dialog.showModal();
  dialog.addEventListener("close", () => { find("secret-text").textContent = ""; }, { once: true });
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-create]"))) {
  const kind = form.dataset.create ?? "";
  if (!isOffered(kind)) {
    form.querySelector("button")?.setAttribute("aria-disabled", "true");
    const why = form.querySelector("[data-why]");
    if (why) why.textContent = word("passkey.absent");
  }

  onSubmit(form, async ({ name, passphrase }) => {
    if (passphrase && passphrase.length < 8) throw new Wrong("passphrase", word("wrong.passphrase.short"));

    if (kind === "browser" && passphrase) {
      saveBackup(await createBrowserKey(name.trim() || word("kind.browser"), passphrase));
    } else {
      const { wallet, secret } = await create(kind, name.trim());
      if (secret) showSecret(wallet.address, secret);
    }

    form.reset();
    say("good", word("created"));
  }, fail);
}

onSubmit(/** @type {HTMLFormElement} */ (document.querySelector("form[data-import]")), async ({ address, secret, name }) => {
  const read = await addressOf("address", address);
  const digits = secret.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(digits)) throw new Wrong("secret", word("wrong.secret"));

  const present = await chosen();
  const wallet = await addKept(name.trim() || word("kind.kept"), read, digits);
  try {
    // Whether the secret is the account's can be told only by asking for what the account alone may ask.
    await askSigned("GET", `/accounts/${read}/messages?limit=1`, undefined, signerOf(wallet));
  } catch (fault) {
    await remove(wallet.address);
    if (present) choose(present.address);
    if (!(fault instanceof Refused)) throw fault;
    throw new Wrong("secret", fault.code === "unknown_account" ? word("wrong.secret.unknown") : word("wrong.secret.other"));
  }

  say("good", word("created"));
}, fail);

onSubmit(/** @type {HTMLFormElement} */ (document.querySelector("form[data-restore]")), async ({ passphrase }) => {
  const file = /** @type {HTMLInputElement} */ (document.getElementById("restore-file")).files?.[0];
  if (!file) throw new Wrong("file", word("wrong.file.none"));
  if (file.size > MOST_BACKUP) throw new Wrong("file", word("wrong.file"));

  let backup;
  try {
    backup = JSON.parse(await file.text());
  } catch {
    throw new Wrong("file", word("wrong.file"));
  }

  try {
    await restoreBrowserKey(backup, passphrase);
  } catch (fault) {
    const code = /** @type {Error} */ (fault).message;
    if (code === "backup_passphrase") throw new Wrong("passphrase", word("wrong.passphrase"));
    // What is in the file may be no key at all.
    if (code === "backup_unknown" || fault instanceof DOMException) throw new Wrong("file", word("wrong.file"));
    throw fault;
  }

  say("good", word("restored"));
}, fail);

// A link from another device: public data, taken only when the person says so.
const given = offered(location.hash);
if (given) {
  const place = find("offered");
  place.hidden = false;
  onPress(find("offered-take"), async () => {
    const { address } = await read(`/accounts/derive?public_key=${given.public_key}`);
    await add({ address, kind: "passkey", name: word("kind.passkey"), ...given, created: Date.now() });
    place.hidden = true;
    history.replaceState(null, "", "/wallet");
    say("good", word("created"));
  });
}

onPress(find("copy"), async () => {
  await navigator.clipboard.writeText(find("address").textContent ?? "");
  say("good", word("copied"));
});

onPress(find("save"), async () => {
  const wallet = await chosen();
  if (wallet?.backup) saveBackup(wallet);
});

onPress(find("money"), async () => {
  const wallet = await chosen();
  if (!wallet) return;

  try {
    await post(`/accounts/${wallet.address}/top-up`, { amount: POCKET, reference: `try-${randomNonce()}` });
  } catch (fault) {
    if (!(fault instanceof Refused) || fault.problem.status !== 403) throw fault;
    find("money").setAttribute("aria-disabled", "true");
    find("money-why").textContent = word("money.closed");
    return;
  }

  dispatchEvent(new Event("secuticket:written"));
});

for (const button of document.querySelectorAll("[data-contact]"))
  onPress(button, async () => {
    const wallet = await chosen();
    if (!wallet) return;

    const opt_in = /** @type {HTMLElement} */ (button).dataset.contact === "true";
    await askSigned("PUT", `/accounts/${wallet.address}/contact`, { opt_in }, signerOf(wallet));
    if (!opt_in) find("letters").replaceChildren();
    say("good", word(opt_in ? "messages.allowed" : "messages.stopped"));
  });

onPress(find("read"), async () => {
  const wallet = await chosen();
  if (!wallet) return;

  const { items: letters } = await askSigned("GET", `/accounts/${wallet.address}/messages?limit=50`, undefined, signerOf(wallet));
  find("letters").replaceChildren(...letters.map((/** @type {any} */ letter) => {
    const row = document.createElement("li");
    const subject = document.createElement("h3");
    subject.textContent = letter.subject;
    const from = document.createElement("p");
    from.className = "small soft";
    from.textContent = `${letter.event_name} · ${moment(letter.at)}`;
    const text = document.createElement("p");
    text.className = "letter";
    text.textContent = letter.text;
    row.append(subject, from, text);
    return row;
  }));
  if (letters.length === 0) say("", word("messages.none"));
});

const again = () => show().catch((fault) => fail(fault.message)).finally(() => find("room").classList.add("known"));

/** What a block may have changed; what the person is doing on the page stays as it is. */
async function refresh() {
  const wallet = await chosen();
  if (wallet !== null && !document.hidden) await Promise.all([balance(wallet), list.show(wallet.address)]).catch(() => {});
}

onChange(again);
addEventListener("secuticket:written", refresh);
addEventListener("visibilitychange", refresh);
listen({ block: refresh });
again();
