// @ts-check
/** The head of every page: who signs, and what they have. */
import { onChoice } from "./language.js";
import { info, read, Refused } from "./ledger.js";
import { chosen, onChange } from "./wallets.js";
import { money, short, word } from "./words.js";
import { onWritten } from "./written.js";

const chip = document.querySelector("[data-wallet-chip]");

/** How often it was asked for: an answer that comes after a newer question is not shown. */
let asked = 0;

async function show() {
  if (!chip) return;
  const mine = ++asked;
  const wallet = await chosen();
  if (mine !== asked) return;
  if (wallet === null) {
    chip.textContent = word("wallet.none");
    return;
  }

  chip.textContent = wallet.name || short(wallet.address);
  try {
    const [{ currency }, { balance }] = await Promise.all([info(), read(`/accounts/${wallet.address}?pending=true`)]);
    if (mine !== asked) return;
    chip.textContent = word("wallet.balance", wallet.name || short(wallet.address), money(balance, currency));
  } catch (fault) {
    // The name stands; what could not be read is said where something was asked for.
    if (!(fault instanceof Refused)) throw fault;
  }
}

onChoice((link) => location.assign(link.href));
onChange(show);
onWritten(show);
show();
