// @ts-check
/**
 * What is behind the PIN: how this gate is set, what it has still to send, and how it is taken off this device.
 *
 * @typedef {{ isMuted: boolean, stays: number, idle: number }} Settings stays: seconds of a result, 0 until a key, -1 as long as it needs; idle: minutes, 0 for never
 */
import { download } from "../elements.js";
import { moment, number, reason, word } from "../words.js";
import { part, show } from "./screens.js";
import { choosePin } from "./setup.js";
import { forget, keep, receipts, recall } from "./store.js";

/** @type {Settings} */
const USUAL = { isMuted: false, stays: -1, idle: 15 };

/** @returns {Promise<Settings>} */
export const loadSettings = async () => ({ ...USUAL, ...await recall("settings") });

/**
 * @param {{ pairing: import("./store.js").Pairing, log: import("./receipts.js").ReceiptLog, rosters: import("./rosters.js").Rosters, line: import("./line.js").Line, settings: Settings,
 *   outbox: import("./outbox.js").Outbox }} gate
 * @returns {() => void} tells anew how it stands
 */
export function openMenu(gate) {
  const { pairing, log, rosters, settings, outbox } = gate;
  const state = part("menu-state");
  part("gate-name").textContent = pairing.name;
  part("gate-address").textContent = pairing.gate;
  part("gate-node").textContent = pairing.node;
  let isSaved = false;

  const tell = () => {
    part("gate-event").textContent = rosters.newest?.event.name ?? pairing.event_name;
    part("gate-list").textContent = word("menu.list", number(rosters.newest?.count ?? 0), moment(rosters.syncedAt));
    part("gate-unsent").textContent = number(log.open.length);
    part("gate-conflicts").textContent = number(outbox.conflicts);
    part("menu-refused").textContent = outbox.refused.length === 0 ? "" : word("menu.refused", outbox.refused.map((code) => reason({ code })).join(" "));
    const isOpen = log.open.length > 0 && !isSaved;
    part("unpair").setAttribute("aria-disabled", String(isOpen));
    part("unpair-why").textContent = isOpen ? word("menu.unpair.unsent", number(log.open.length)) : word("menu.unpair.why");
  };
  rosters.addEventListener("change", tell);
  outbox.addEventListener("change", tell);

  choice("stays", settings.stays, (value) => { settings.stays = value; });
  choice("idle", settings.idle, (value) => { settings.idle = value; });

  /** @param {string} name @param {() => Promise<string>} act its answer is said */
  const does = (name, act) => part(name).addEventListener("click", async () => {
    state.textContent = word("menu.busy");
    state.textContent = await act();
    tell();
  });
  /** @param {boolean} anew */
  const sync = async (anew) => {
    const fault = await rosters.sync(anew);
    return fault === null ? word("menu.synced", number(rosters.newest?.count ?? 0)) : reason({ code: fault });
  };
  does("sync", () => sync(false));
  does("sync-anew", () => sync(true));
  does("send", async () => await outbox.send() ? word(log.open.length === 0 ? "menu.sent" : "menu.sent_some") : reason({ code: "unreachable" }));
  does("save", async () => {
    const lines = (await receipts()).map((kept) => JSON.stringify(kept.receipt));
    download(`receipts-${pairing.event_id}-${pairing.gate}.ndjson`, "application/x-ndjson", lines.map((line) => `${line}\n`).join(""));
    isSaved = true;
    return word("menu.saved", number(lines.length));
  });

  part("back").addEventListener("click", () => show("scan"));
  part("change-pin").addEventListener("click", () => choosePin("menu"));
  part("unpair").addEventListener("click", () => {
    if (part("unpair").getAttribute("aria-disabled") !== "true") /** @type {HTMLDialogElement} */ (part("unpair-sure")).showModal();
  });
  part("unpair-no").addEventListener("click", () => /** @type {HTMLDialogElement} */ (part("unpair-sure")).close());
  part("unpair-yes").addEventListener("click", async () => {
    await forget();
    location.reload();
  });
  tell();
  return tell;

  /** @param {"stays" | "idle"} name @param {number} value @param {(value: number) => void} set */
  function choice(name, value, set) {
    const select = /** @type {HTMLSelectElement} */ (part(name));
    select.value = String(value);
    select.addEventListener("change", async () => {
      set(Number(select.value));
      await keep("settings", { ...settings });
    });
  }
}
