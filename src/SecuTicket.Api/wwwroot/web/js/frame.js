// @ts-check
/** The head of every page: who signs, and what they have. */
import { info, read } from "./ledger.js";
import { chosen, onChange } from "./wallets.js";
import { money, short, word } from "./words.js";

const chip = document.querySelector("[data-wallet-chip]");

async function show() {
  if (!chip) return;
  const wallet = await chosen();
  if (wallet === null) {
    chip.textContent = word("wallet.none");
    return;
  }

  chip.textContent = wallet.name || short(wallet.address);
  try {
    const [{ currency }, { balance }] = await Promise.all([info(), read(`/accounts/${wallet.address}`)]);
    chip.textContent = word("wallet.balance", wallet.name || short(wallet.address), money(balance, currency));
  } catch {
    // The name stands; what could not be read is said where something was asked for.
  }
}

onChange(show);
addEventListener("secuticket:written", show);
show();
