// @ts-check
/** What people type: read strictly, and said beside the field when it is not what it should be. */
import { read, Refused } from "../ledger.js";
import { word } from "../words.js";

/** What is wrong with a field. */
export class Wrong extends Error {
  /** @param {string} field the field's name @param {string} message */
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

/** Minor units of one major unit. */
const UNITS = 100;

/** The most that JSON keeps exact, and the ledger takes. */
const MOST = Number.MAX_SAFE_INTEGER;

/**
 * A price as people write it: 50, 50.00, 1 250,50 or 1,250.50.
 * @param {string} typed
 * @param {number | null} cap the most, in minor units; null for any
 * @param {(amount: number) => string} written
 * @returns {number} minor units, at least 1
 * @throws {Wrong}
 */
export function priceOf(typed, cap, written) {
  const text = typed.trim().replace(/[\s\u00a0\u202f'’]/g, "");
  if (text === "") throw new Wrong("price", word("wrong.empty"));

  // No group begins with 0, and no sign stands for both groups and decimals: 0.500 and 1.250.50 may be slips.
  const parts = /^(\d+|[1-9]\d{0,2}(?:(?:\.\d{3})+(?!\.)|(?:,\d{3})+(?!,)))(?:[.,](\d{1,2}))?$/.exec(text);
  if (!parts) throw new Wrong("price", word("wrong.price"));

  const amount = Number(parts[1].replace(/[.,]/g, "")) * UNITS + Number((parts[2] ?? "").padEnd(2, "0"));
  if (amount < 1) throw new Wrong("price", word("wrong.price.zero"));
  if (cap !== null && amount > cap) throw new Wrong("price", word("wrong.price.cap", written(cap)));
  if (!(amount <= MOST)) throw new Wrong("price", word("wrong.price.huge"));
  return amount;
}

/**
 * An account's address; its checksum is the node's to judge.
 * @param {string} field
 * @param {string} typed
 * @param {string} [own] which it must not be
 * @returns {Promise<string>}
 * @throws {Wrong}
 */
export async function addressOf(field, typed, own) {
  const address = typed.trim();
  if (address === "") throw new Wrong(field, word("wrong.empty"));
  if (!/^0x[0-9a-fA-F]{40}$/.test(address)) throw new Wrong(field, word("wrong.address"));
  if (own && address.toLowerCase() === own.toLowerCase()) throw new Wrong(field, word("wrong.own"));
  try {
    return (await read(`/accounts/${address}`)).address;
  } catch (fault) {
    if (fault instanceof Refused && fault.code === "invalid_field") throw new Wrong(field, word("wrong.checksum"));
    throw fault;
  }
}

/**
 * Does what a form is for, once at a time; says beside a field what is wrong with it, and puts the focus there.
 * @param {HTMLFormElement} form
 * @param {(fields: Record<string, string>) => Promise<void>} act
 * @param {(message: string) => void} fail says what is wrong with none of the fields
 */
export function onSubmit(form, act, fail) {
  let isBusy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
    if (isBusy || button.getAttribute("aria-disabled") === "true") return;

    isBusy = true;
    button.setAttribute("aria-busy", "true");
    for (const error of form.querySelectorAll("[data-error]")) error.textContent = "";
    for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    try {
      await act(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])));
    } catch (fault) {
      if (fault instanceof Wrong) point(form, fault);
      else if (fault instanceof Error) fail(fault.message);
    } finally {
      isBusy = false;
      button.removeAttribute("aria-busy");
    }
  });
}

/** @param {HTMLFormElement} form @param {Wrong} wrong */
function point(form, wrong) {
  const input = /** @type {HTMLInputElement} */ (form.elements.namedItem(wrong.field));
  const error = form.querySelector(`[data-error="${wrong.field}"]`) ?? form.querySelector("[data-error]");
  if (error) error.textContent = wrong.message;
  input.setAttribute("aria-invalid", "true");
  input.focus();
}
