// @ts-check
/** The gate's page: finds out how far this device is a gate, and goes on from there. */
import { onChoice } from "../language.js";
import { word } from "../words.js";
import { Line } from "./line.js";
import { Lock } from "./lock.js";
import { loadSettings, openMenu } from "./menu.js";
import { Outbox } from "./outbox.js";
import { hasPin } from "./pin.js";
import { ReceiptFault, ReceiptLog } from "./receipts.js";
import { BETWEEN_ROSTERS, Rosters } from "./rosters.js";
import { Scanning } from "./scanning.js";
import { part, show, shown } from "./screens.js";
import { awaitOrganiser, choosePin, pair } from "./setup.js";
import { wake } from "./sound.js";
import { followShell, offerInstall } from "./shell.js";
import { keep, recall } from "./store.js";
import { Turnstile } from "./turnstile.js";
import { Verdict } from "./verdict.js";

/** Waits until what was scanned is judged and was seen; nothing is before this device is a gate. */
let judged = async () => {};

const kept = followShell(() => judged(), (take) => {
  part("note-version").textContent = word("version");
  part("version").hidden = false;
  part("version").onclick = () => {
    // Nothing is scanned from here on; the last result is waited for.
    show("newer");
    take();
  };
});
kept.then((isKept) => {
  for (const note of document.querySelectorAll("[data-note-unkept]")) note.textContent = isKept ? "" : word("unkept");
});
offerInstall(part("install"));
onChoice(async (link) => {
  // The other pages are told too, where there is a network.
  if (navigator.onLine) await fetch(link.href).catch(() => {});
  location.reload();
});

// Two pages would number their receipts alike, so the second one lets nobody in.
if (!isSecureContext) show("insecure");
else {
  navigator.locks.request("secuticket-gate", { ifAvailable: true }, async (held) => {
    if (held === null) return show("elsewhere");
    await start();
    await new Promise(() => {});
  }).catch((fault) => {
    // Neither locks nor storage are there in a browser that was told to keep nothing.
    if (!(fault instanceof DOMException)) throw fault;
    show("unkept");
  });
}

async function start() {
  /** @type {import("./store.js").Pairing} */
  const pairing = await recall("pairing") ?? await pair();
  const rosters = new Rosters(pairing);
  await rosters.load();
  if (rosters.newest === null) await awaitOrganiser(pairing, rosters);
  if (!await hasPin()) await choosePin();
  let log;
  try {
    log = await ReceiptLog.open(pairing);
  } catch (fault) {
    if (!(fault instanceof ReceiptFault)) throw fault;
    return show("gap");
  }

  const settings = await loadSettings();
  const line = new Line();
  const outbox = new Outbox(log, line);
  const verdict = new Verdict(settings);
  const lock = new Lock(() => settings.idle);
  const turnstile = new Turnstile(line, log, () => /** @type {import("./rosters.js").Roster} */ (rosters.newest));
  const scanning = new Scanning({ pairing, log, rosters, line, turnstile, verdict, lock }, () => outbox.nudge());
  judged = () => scanning.done();
  const tellMenu = openMenu({ pairing, log, rosters, line, settings, outbox });

  sound(settings);
  part("lock-now").addEventListener("click", () => lock.close());
  part("menu").addEventListener("click", () => lock.askFor("menu"));
  lock.addEventListener("ask", () => verdict.hide());
  lock.addEventListener("open", tellMenu);
  outbox.addEventListener("change", () => scanning.tell());

  const look = async () => {
    if (!line.isUp) return;
    outbox.nudge();
    scanning.sayList(await rosters.sync());
  };
  line.addEventListener("change", look);
  setInterval(look, BETWEEN_ROSTERS);

  scanning.refresh();
  await scanning.look();
  if (await recall("locked")) await lock.close();
  else show("scan");
  lock.stir();
  // Receipts are not for the browser to clear away when it wants room.
  navigator.storage?.persist?.();
  stayAwake();
  look();
}

/** @param {import("./menu.js").Settings} settings */
function sound(settings) {
  const button = part("sound");
  button.setAttribute("aria-pressed", String(!settings.isMuted));
  button.addEventListener("click", async () => {
    settings.isMuted = !settings.isMuted;
    // What is shown is kept: it is so too when the page is opened again.
    await keep("settings", { ...settings });
    button.setAttribute("aria-pressed", String(!settings.isMuted));
  });
  addEventListener("pointerdown", wake, { once: true });
}

/** A gate's screen does not go dark between two people, where the browser can see to it. */
function stayAwake() {
  const ask = () => {
    if (document.visibilityState === "visible" && shown() !== "lock") navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}

