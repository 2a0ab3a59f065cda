// @ts-check
/** The forms by which a wallet comes into this browser: a new one, an account that is there already, a backup, a link of another device. */
import { download } from "../elements.js";
import { askSigned, read, Refused } from "../ledger.js";
import { add, createBrowserKey, keptWallet, restoreBrowserKey, signerOf } from "../wallets.js";
import { word } from "../words.js";
import { offered } from "./elsewhere.js";
import { addressOf, onSubmit, Wrong } from "./forms.js";
import { create, isOffered } from "./kinds.js";
import { fail, find, onPress, say } from "./room.js";

/** Bytes of a backup file, many times over. */
const MOST_BACKUP = 16 * 1024;

/** Characters of a passphrase, at least. */
const LEAST_PASSPHRASE = 8;

/** What a refusal says of the secret that was typed. Others, such as that nobody answers, say nothing of it. */
const SAID_OF_SECRETS = new Map([["unknown_account", "wrong.secret.unknown"], ["signature_invalid", "wrong.secret.other"]]);

/** @param {string} address @param {string} end @param {object} kept */
const save = (address, end, kept) => download(`secuticket-${address.slice(0, 10)}${end}.json`, "application/json", JSON.stringify(kept, null, 2));

/** @param {import("../wallets.js").Wallet} wallet one that has a backup */
export const saveBackup = (wallet) => save(wallet.address, "", wallet.backup ?? {});

/** Shows a kept account's secret, this once. @param {string} address @param {string} secret */
function showSecret(address, secret) {
  const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("dialog[data-secret]"));
  find("secret-text").textContent = secret;
  find("secret-save").onclick = () => save(address, "-secret", { address, secret });
  dialog.returnValue = "";
  // Escape is pressed without a thought, and the secret is not shown again. Where a browser knows no closedby, and lets itself be told to stay only once, it is opened again.
  dialog.onclose = () => {
    if (dialog.returnValue === "done") find("secret-text").textContent = "";
    else dialog.showModal();
  };
  dialog.showModal();
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-create]"))) {
  const kind = form.dataset.create ?? "";
  if (!isOffered(kind)) {
    form.querySelector("button")?.setAttribute("aria-disabled", "true");
    const why = form.querySelector("[data-why]");
    if (why) why.textContent = word("passkey.absent");
  }

  onSubmit(form, async ({ name, passphrase }) => {
    if (passphrase && passphrase.length < LEAST_PASSPHRASE) throw new Wrong("passphrase", word("wrong.passphrase.short"));

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

const importing = /** @type {HTMLFormElement} */ (document.querySelector("form[data-import]"));
onSubmit(importing, async ({ address, secret, name }) => {
  const read = await addressOf("address", address);
  const digits = secret.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(digits)) throw new Wrong("secret", word("wrong.secret"));

  const wallet = await keptWallet(name.trim() || word("kind.kept"), read, digits);
  try {
    // Whether the secret is the account's can be told only by asking for what the account alone may ask.
    await askSigned("GET", `/accounts/${read}/messages?limit=1`, undefined, signerOf(wallet));
  } catch (fault) {
    const says = fault instanceof Refused ? SAID_OF_SECRETS.get(fault.code) : undefined;
    if (says === undefined) throw fault;
    throw new Wrong("secret", word(says));
  }

  await add(wallet);
  importing.reset();
  say("good", word("created"));
}, fail);

const restoring = /** @type {HTMLFormElement} */ (document.querySelector("form[data-restore]"));
onSubmit(restoring, async ({ passphrase }) => {
  const file = /** @type {HTMLInputElement} */ (document.getElementById("restore-file")).files?.[0];
  if (!file) throw new Wrong("file", word("wrong.file.none"));
  if (file.size > MOST_BACKUP) throw new Wrong("file", word("wrong.file"));

  try {
    await restoreBrowserKey(JSON.parse(await file.text()), passphrase);
  } catch (fault) {
    const code = /** @type {Error} */ (fault).message;
    if (code === "backup_passphrase") throw new Wrong("passphrase", word("wrong.passphrase"));
    // What is in the file may be no JSON, and no key.
    if (code === "backup_unknown" || fault instanceof SyntaxError || fault instanceof DOMException) throw new Wrong("file", word("wrong.file"));
    throw fault;
  }

  restoring.reset();
  say("good", word("restored"));
}, fail);

/** What a link from another device tells: public data, taken only when the person says so. */
let given = offered(location.hash);

function offer() {
  find("offered").hidden = given === null;
}

onPress(find("offered-take"), async () => {
  const taken = given;
  if (taken === null) return;

  const { address } = await read(`/accounts/derive?public_key=${taken.public_key}`);
  await add({ address, kind: "passkey", name: word("kind.passkey"), ...taken, created: Date.now() });
  if (given === taken) {
    given = null;
    history.replaceState(null, "", "/wallet");
  }

  offer();
  say("good", word("created"));
});

// Opened where this page is shown already, a link changes nothing but what is behind the #. So does one to a place on the page, which takes no offer away.
addEventListener("hashchange", () => {
  given = offered(location.hash) ?? given;
  offer();
  if (offered(location.hash)) find("offered").scrollIntoView({ block: "nearest" });
});
offer();
