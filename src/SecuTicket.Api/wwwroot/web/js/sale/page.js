// @ts-check
/** The page of an event: the map, live as seats sell, and the panel where one is bought. */
import { items, listen, read } from "../ledger.js";
import { chosen, onChange } from "../wallets.js";
import { number, word } from "../words.js";
import { onWritten } from "../written.js";
import { BuyPanel } from "./buy.js";
import { Drawing } from "./drawing.js";
import { listed } from "./list.js";
import { Plan } from "./plan.js";

/** Transactions after which seats may stand otherwise. */
const MOVES = new Set(["purchase_ticket", "sell_ticket", "list_ticket", "unlist_ticket", "return_ticket", "redeem_ticket", "revoke_ticket", "transfer_ticket", "cancel_event"]);

/** Milliseconds: everybody hears of a sale at once, and everybody's page reads again some time in this span, however many sales there were in it. */
const SPREAD = [150, 900];

const room = /** @type {HTMLElement} */ (document.querySelector("[data-sale]"));
const { event, session, area, currency } = /** @type {Record<string, string>} */ ({ ...room.dataset });
const plan = new Plan(JSON.parse(document.querySelector("script[data-seats]")?.textContent ?? ""), currency);
const line = /** @type {HTMLElement} */ (room.querySelector("[data-seat-line]"));
const counts = /** @type {HTMLElement} */ (room.querySelector("[data-counts]"));
const hint = line.textContent ?? "";

const drawing = new Drawing(plan, {
  choose,
  look: (seat) => { line.textContent = seat ? plan.label(seat) : hint; },
});
const panel = new BuyPanel(room, plan, { choose, back: (seat) => drawing.focus(seat), reread });
const showList = listed(/** @type {HTMLDetailsElement} */ (room.querySelector("[data-list]")), /** @type {Element} */ (room.querySelector("[data-rows]")), plan, choose);
const place = /** @type {HTMLElement} */ (room.querySelector("[data-plan-room]"));
place.replaceChildren(drawing.element);

/** @param {import("./plan.js").Seat} seat */
function choose(seat) {
  drawing.choose(seat);
  panel.choose(seat);
}

let zoom = 0;
for (const button of room.querySelectorAll("[data-zoom]"))
  button.addEventListener("click", () => {
    zoom = Math.min(3, Math.max(-1, zoom + Number(/** @type {HTMLElement} */ (button).dataset.zoom)));
    place.style.setProperty("--zoom", String(1.3 ** zoom));
  });

/** Shows what changed since. @param {import("./plan.js").Now} [now] */
function show(now) {
  const changed = plan.take(now);
  if (changed.length === 0) return;

  for (const seat of changed) drawing.show(seat);
  const count = (/** @type {string} */ state) => plan.seats.filter((seat) => seat.state === state).length;
  counts.textContent = word("counts", number(count("free")), number(count("offered")), number(plan.seats.length));
  showList();
  panel.refresh(changed);
}

/** @type {Promise<void> | null} */
let reading = null;
let isStale = false;

/** Reads how the seats stand; while one reading is under way the next waits for it, and any number of wishes are one. */
async function reread() {
  isStale = true;
  reading ??= (async () => {
    while (isStale) {
      isStale = false;
      // What did not change is answered by 304, out of the browser's own copy.
      const answer = await fetch(`/sale/${event}/seats?session=${session}&area=${area}`, { cache: "no-cache", credentials: "omit" }).catch(() => null);
      if (answer?.ok) show(await answer.json());
    }
  })().finally(() => { reading = null; });
  return reading;
}

let isDue = false;
function soon() {
  if (isDue) return;

  isDue = true;
  const [least, most] = SPREAD;
  setTimeout(() => {
    isDue = false;
    if (document.hidden) addEventListener("visibilitychange", soon, { once: true });
    else reread();
  }, least + Math.random() * (most - least));
}

listen({
  transaction: (decided) => {
    if (MOVES.has(decided.type)) soon();
    panel.hear(decided);
  },
  reorganisation: soon,
}, () => {
  reread();
  panel.ask();
}, () => {
  soon();
  panel.ask();
});

/** How often it was asked for: an answer that comes after a newer question is not shown. */
let asked = 0;

/** Which of the seats are the reader's own. */
async function own() {
  const time = ++asked;
  const wallet = await chosen();
  plan.address = wallet?.address ?? null;
  const mine = new Set();
  if (wallet && (await read(`/accounts/${wallet.address}?pending=true`)).tickets > 0)
    for await (const ticket of items(`/accounts/${wallet.address}/tickets?pending=true`))
      if (ticket.event_id === event && ticket.session === Number(session) && ticket.status !== "unsold") mine.add(ticket.seat);
  if (time !== asked) return;

  plan.mine = mine;
  show();
}

/** What the reader has, seats and money. */
function recount() {
  own().catch(() => {
    // The map stands; which seats are one's own is said by the wallet too.
  });
  panel.payer();
}

onChange(recount);
onWritten(recount);
recount();
