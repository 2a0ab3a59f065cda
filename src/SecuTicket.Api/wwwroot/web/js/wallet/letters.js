// @ts-check
/** Messages of organisers to a wallet's account: whether they may write, and what they wrote. */
import { element } from "../elements.js";
import { askSigned } from "../ledger.js";
import { chosen, onChange, signerOf } from "../wallets.js";
import { moment, word } from "../words.js";
import { find, onPress, say } from "./room.js";

/** Whose messages are shown. @type {string | undefined} */
let shownTo;

// What was written to one account is nothing for whoever looks at another one.
onChange(async () => {
  if ((await chosen())?.address === shownTo) return;

  shownTo = undefined;
  find("letters").replaceChildren();
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
  // Meanwhile another wallet may have been chosen.
  if ((await chosen())?.address !== wallet.address) return;

  shownTo = wallet.address;
  find("letters").replaceChildren(...letters.map((/** @type {any} */ letter) => element("li", "",
    element("h3", "", letter.subject),
    element("p", "small soft", element("bdi", "", letter.event_name), " · ", moment(letter.at)),
    element("p", "letter", letter.text))));
  if (letters.length === 0) say("", word("messages.none"));
});
