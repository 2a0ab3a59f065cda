// @ts-check
/**
 * What the scripts of a page say, in the reader's language. The page brings the words with it (ScriptWords.razor), so nothing is asked for.
 */

/** @type {Map<string, string> | undefined} */
let known;

function all() {
  known ??= new Map([...document.querySelectorAll("script[data-words]")].flatMap((one) => Object.entries(JSON.parse(one.textContent || "{}"))));
  return known;
}

/**
 * A word, with its places {0}, {1} … filled.
 * @param {string} name without "js."
 * @param {...(string | number)} values
 * @returns {string} the name itself where the page brought no such word
 */
export function word(name, ...values) {
  return (all().get(name) ?? name).replace(/\{(\d)\}/g, (place, index) => String(values[Number(index)] ?? place));
}

/**
 * The word for a refusal's code, or what the node said where we have none.
 * @param {{ code?: string, detail?: string }} problem
 */
export function reason(problem) {
  const name = `code.${problem.code}`;
  return all().has(name) ? word(name) : problem.detail ?? word("refused.unreachable");
}

/** @param {number} number an integer */
export function number(number) {
  const text = Math.abs(number).toFixed(0).replace(/\B(?=(\d{3})+$)/g, word("format.group"));
  return number < 0 ? `−${text}` : text;
}

/**
 * An amount with its currency, written as PageWords.Money writes it.
 * @param {number} amount minor units
 * @param {string} currency
 */
export function money(amount, currency) {
  const whole = Math.abs(amount);
  return `${amount < 0 ? "−" : ""}${number(Math.floor(whole / 100))}${word("format.decimal")}${String(whole % 100).padStart(2, "0")} ${currency}`;
}

/** The language of the page, two letters. */
export const language = () => document.documentElement.lang || "en";

/**
 * The parts of a date by their names: browsers know what they are called, but not in which order PageWords writes them.
 * @param {Date} date
 * @param {Intl.DateTimeFormatOptions} options
 * @returns {Record<string, string>}
 */
const partsOf = (date, options) => Object.fromEntries(new Intl.DateTimeFormat(language(), { day: "numeric", month: "long", year: "numeric", ...options }).formatToParts(date).map(({ type, value }) => [type, value]));

/** A day, written as PageWords.Day writes it. @param {string} date as 2027-06-15 */
export function day(date) {
  const { weekday, day, month, year } = partsOf(new Date(`${date}T00:00:00Z`), { weekday: "long", timeZone: "UTC" });
  return `${weekday} ${day} ${month} ${year}`;
}

/** Written as PageWords.Moment writes it. @param {number | string | Date} at a moment, in the reader's zone */
export function moment(at) {
  const { day, month, year, hour, minute, second } = partsOf(new Date(at), { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  return `${day} ${month} ${year}, ${hour}:${minute}:${second}`;
}

/** A name, or the id of what has one that shows nothing, as Visible.NameOf. @param {string} name @param {string} id */
export const named = (name, id) => (/[^\p{Z}\p{Cc}\p{Cf}\p{Cn}\p{Mn}\p{Me}\u115f\u1160\u2800\u3164\uffa0]/u.test(name) ? name : id);

/** @param {string} address the first and last digits are enough to tell ours apart */
export const short = (address) => (address.length > 14 ? `${address.slice(0, 8)}…${address.slice(-4)}` : address);
