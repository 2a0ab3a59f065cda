// @ts-check
/** The wallets of this browser: the chosen one and what it holds; all of them (all.js), how they come here (making.js), and who may write (letters.js). */
import { info, listen, read } from "../ledger.js";
import { chosen, onChange, wallets } from "../wallets.js";
import { money, short, word } from "../words.js";
import { onWritten, tellWritten } from "../written.js";
import { item, renamed } from "./all.js";
import { linkOf } from "./elsewhere.js";
import "./letters.js";
import { saveBackup } from "./making.js";
import { fill, POCKET } from "./pocket.js";
import { drawing } from "./qr.js";
import { fail, find, onPress, say } from "./room.js";
import { TicketList } from "./tickets.js";

const list = new TicketList(find("tickets"), find("tickets-none"), find("tickets-rest"));

/** Shows the chosen wallet and all others. */
async function show() {
  const [wallet, all] = [await chosen(), await wallets()];
  find("welcome").hidden = wallet !== null;
  for (const name of ["present", "tickets-place", "messages-place"]) find(name).hidden = wallet === null;
  find("all").hidden = all.length === 0;
  const used = /** @type {HTMLElement | null | undefined} */ (document.activeElement?.closest(".wallet"))?.dataset.address;
  const named = new Map(renamed(find("wallets")).map((row) => [row.dataset.address, row]));
  find("wallets").replaceChildren(...all.map((one) => named.get(one.address) ?? item(one, one.address === wallet?.address)));
  // Who pressed a button of a wallet, or types its name, is still at that wallet.
  if (used !== undefined) /** @type {HTMLElement | null} */ (document.querySelector(`.wallet[data-address="${used}"] :is(input, button)`))?.focus();
  if (wallet === null) return;

  // What another wallet has is not this one's, also where the node does not say what this one has.
  if (find("address").textContent !== wallet.address) {
    find("balance").textContent = "–";
    list.clear();
  }

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
  /** @type {HTMLAnchorElement} */ (find("elsewhere-link")).href = url;
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
  // Meanwhile another wallet may have been chosen.
  if (find("address").textContent === wallet.address) find("balance").textContent = money(account.balance, currency);
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

  if (await fill(wallet.address)) {
    say("good", word("money.come", money(POCKET, (await info()).currency)));
    tellWritten();
    return;
  }

  find("money").setAttribute("aria-disabled", "true");
  find("money-why").textContent = word("money.closed");
});

const again = () => show().catch((fault) => fail(fault.message)).finally(() => find("room").classList.add("known"));

/** What a block may have changed; what the person is doing on the page stays as it is. */
async function refresh() {
  const wallet = await chosen();
  if (wallet !== null && !document.hidden) await Promise.all([balance(wallet), list.show(wallet.address)]).catch(() => {});
}

onChange(again);
onWritten(refresh);
addEventListener("visibilitychange", refresh);
listen({ block: refresh }, refresh);
again();
