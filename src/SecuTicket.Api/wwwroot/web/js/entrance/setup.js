// @ts-check
/** A device becomes a gate: a code of the organiser's, this device's own key, the organiser's yes, the list of tickets, and a PIN. */
import { askSigned, read, Refused, Unanswered } from "../ledger.js";
import { reason, word } from "../words.js";
import { Camera, canRead } from "./camera.js";
import { createKey, signerOf } from "./key.js";
import { PIN, setPin } from "./pin.js";
import { complain, onSend, part, show, shown } from "./screens.js";
import { forget, keep } from "./store.js";

/** @typedef {import("./store.js").Pairing} Pairing */

/** How often the node is asked whether the organiser said yes, in milliseconds. */
const BETWEEN_LOOKS = 2_000;

/** Crockford's alphabet, without the letters that look like digits. */
const CODE = /^[0-9A-HJKMNP-TV-Z]{12}$/;

/**
 * A pairing code as it is typed, or at the end of the address that the organiser's screen shows as a QR code.
 * @param {string} text
 * @returns {string | null} with hyphens; null for none
 */
export function pairingCode(text) {
  const typed = text.split("=").at(-1)?.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1") ?? "";
  return CODE.test(typed) ? `${typed.slice(0, 4)}-${typed.slice(4, 8)}-${typed.slice(8)}` : null;
}

/** @returns {Promise<Pairing>} once the node took the code */
export async function pair() {
  const [name, code] = [/** @type {HTMLInputElement} */ (part("pair-name")), /** @type {HTMLInputElement} */ (part("pair-code"))];
  const given = pairingCode(location.search);
  if (given !== null) {
    code.value = given;
    history.replaceState(null, "", location.pathname);
  }

  const stop = await offerCamera(code);
  show("pair");
  return new Promise((resolve) => onSend(part("pair"), async () => {
    const pairing = await claim(name, code);
    if (pairing === null) return;
    stop();
    resolve(pairing);
  }));
}

/** @param {HTMLInputElement} name @param {HTMLInputElement} code @returns {Promise<Pairing | null>} null where something is to be put right first */
async function claim(name, code) {
  const [called, typed] = [name.value.trim(), pairingCode(code.value)];
  const isNamed = /^\P{Cc}{1,64}$/u.test(called);
  // The first one that is wrong has the focus.
  complain(code, typed === null ? word("pair.code.wrong") : "");
  complain(name, isNamed ? "" : word("pair.name.wrong"));
  if (typed === null || !isNamed) return null;
  try {
    // Read here too: what stands before the node may answer in its place, and that must not be kept.
    const { node, chain_id } = await read("/info") ?? {};
    if (typeof node !== "string" || typeof chain_id !== "string") throw new Unanswered();
    const key = await createKey();
    const paired = await askSigned("POST", "/gate/pair", { code: typed, name: called }, signerOf(key));
    // What is signed was for the node that was asked first, so another one's answer is none.
    if (typeof paired?.event_id !== "string") throw new Unanswered();
    if (paired.node !== node || paired.chain_id !== chain_id) throw new Refused({ code: "wrong_node" });
    const { event_id, event_name } = paired;
    /** @type {Pairing} */
    const pairing = { event_id, event_name, chain_id, node, gate: key.address, public_key: key.public_key, key: key.key, name: called };
    await keep("pairing", pairing);
    return pairing;
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    complain(code, fault.message);
    return null;
  }
}

/** @param {HTMLInputElement} code @returns {Promise<() => void>} stops the camera */
async function offerCamera(code) {
  const button = part("pair-camera");
  if (!await canRead()) return () => {};
  const camera = new Camera(part("pair-video"), (text) => {
    const read = pairingCode(text);
    if (read === null) return;
    code.value = read;
    camera.stop();
    code.focus();
  }, (fault) => {
    camera.video.hidden = !camera.isOn;
    if (fault !== null) complain(code, cameraFault(fault));
  });
  button.hidden = false;
  button.addEventListener("click", () => { if (camera.isOn) camera.stop(); else camera.start(); });
  return () => camera.stop();
}

/** Why a camera does not start, in the reader's language. @param {DOMException} fault */
export const cameraFault = ({ name }) => word(name === "NotAllowedError" ? "camera.refused" : name === "NotFoundError" || name === "OverconstrainedError" ? "camera.none" : "camera.busy");

/**
 * Shows this gate's address until the organiser listed it and the list of tickets is here.
 * @param {Pairing} pairing
 * @param {import("./rosters.js").Rosters} rosters
 */
export async function awaitOrganiser(pairing, rosters) {
  part("waiting-event").textContent = pairing.event_name;
  part("waiting-address").textContent = pairing.gate.replace(/^0x|.{4}/g, "$& ").trim();
  part("start-over").addEventListener("click", async () => {
    await forget();
    location.reload();
  });
  show("waiting");
  while (!await isListed(pairing, rosters)) await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS));
}

/** @param {Pairing} pairing @param {import("./rosters.js").Rosters} rosters */
async function isListed({ event_id, gate }, rosters) {
  const state = part("waiting-state");
  try {
    const { gates } = await read(`/events/${event_id}`) ?? {};
    if (!Array.isArray(gates)) throw new Unanswered();
    state.textContent = word("waiting.not_yet");
    if (!gates.includes(gate)) return false;
    state.textContent = word("waiting.fetching");
    const fault = await rosters.sync();
    if (fault !== null) state.textContent = reason({ code: fault });
    return rosters.newest?.event.gates.includes(gate) === true;
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    state.textContent = fault.message;
    return false;
  }
}

/** Has a person choose a PIN, a new one or the first. @param {string} next the screen to go back to, also without a new one; empty for none */
export function choosePin(next = "") {
  part("pin-back").hidden = next === "";
  part("pin-back").onclick = () => show(next);
  const [pin, again] = [/** @type {HTMLInputElement} */ (part("pin-new")), /** @type {HTMLInputElement} */ (part("pin-again"))];
  [pin.value, again.value] = ["", ""];
  complain(again, "");
  complain(pin, "");
  show("pin");
  return new Promise((/** @type {(value: void) => void} */ resolve) => {
    chosen = async () => {
      complain(again, again.value === pin.value ? "" : word("pin.differs"));
      complain(pin, PIN.test(pin.value) ? "" : word("pin.wrong"));
      if (!PIN.test(pin.value) || again.value !== pin.value) return;
      await setPin(pin.value);
      [pin.value, again.value] = ["", ""];
      if (next !== "" && shown() === "pin") show(next);
      resolve();
    };
  });
}

/** What is done with the PIN that is chosen now. @type {() => Promise<void>} */
let chosen = async () => {};
onSend(part("pin"), () => chosen());
