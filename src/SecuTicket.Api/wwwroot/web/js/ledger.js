// @ts-check
/**
 * The node's HTTP contract, as a page uses it: read, write a transaction, ask with a signature. Nothing here knows how a wallet signs.
 *
 * @typedef {{ node: string, chain_id: string, engine: string, height: number, tip: string, currency: string }} Info
 * @typedef {import("./signature.js").Signer} Signer
 * @typedef {{ transaction_id: string, status: "pending" | "confirmed" | "rejected", code?: string, detail?: string, event_id?: string, ticket_ids?: string[], block_index?: number }} Written
 */
import { canonicalise, randomNonce, requestToken, sha256Hex, VALID_SECONDS } from "./signature.js";
import { reason, word } from "./words.js";

/** The node refused; `problem` is its answer (RFC 9457), and the message is in the reader's language where we have words for the code. */
export class Refused extends Error {
  /** @param {{ code?: string, detail?: string, status?: number, errors?: Record<string, string[]> }} problem */
  constructor(problem) {
    super(reason(problem));
    this.problem = problem;
  }

  get code() { return this.problem.code ?? ""; }
}

/** Nobody said why: no answer came, it broke off, or what stands before the node gave one of its own. The node may have what was sent. */
export class Unanswered extends Refused {
  constructor() {
    super({ detail: word("refused.unreachable") });
  }
}

/**
 * Whether it is the node that refuses: its problems have a type of their own. A page of what stands before it, such as a network's portal or a proxy, has none.
 * @param {any} problem
 */
export const isOfNode = (problem) => problem?.type === `/problems/${problem?.code}`;

/** Milliseconds between two tries of a transaction whose answer was lost. */
const LOST_AGAIN_MS = 2_000;

/** @type {Promise<Info> | undefined} */
let asked;

/** Who the node is and which chain it keeps; asked for once. @returns {Promise<Info>} */
export function info() {
  asked ??= read("/info").catch((fault) => { asked = undefined; throw fault; });
  return asked;
}

/**
 * @param {string} path
 * @returns {Promise<any>} the answer's JSON
 * @throws {Refused}
 */
export const read = (path) => send(path, { method: "GET" });

/**
 * Completes a payload, has it signed and posts it.
 * @param {string} route such as /tickets/purchase
 * @param {Record<string, unknown> & { type: string }} fields the payload without sender, nonce, chain and expiry
 * @param {Signer} signer
 * @param {object} [options]
 * @param {number} [options.wait] seconds for a block, 0 to 30
 * @param {(id: string) => void | Promise<void>} [options.sending] hears the transaction's id before anything is sent, and may throw then
 * @param {() => void} [options.lost] hears that the answer was lost. The same transaction, which the node takes once, is sent then until the node says what became of it; without this the fault is thrown
 * @returns {Promise<Written>}
 * @throws {Refused} also when the node rejected it while we waited
 */
export async function write(route, fields, signer, { wait = 0, sending, lost } = {}) {
  const { chain_id } = await info();
  const payload = { ...fields, chain_id, sender: signer.address, nonce: randomNonce(), valid_until: Math.floor(Date.now() / 1000) + VALID_SECONDS };
  const canonical = canonicalise(payload);
  const proof = await signer.sign(canonical);
  await sending?.(await sha256Hex(canonical));
  const body = { ...payload, ...proof };
  let written = await post(route, body, wait > 0 ? { Prefer: `wait=${wait}` } : {}).catch((fault) => {
    if (!lost || !(fault instanceof Unanswered)) throw fault;

    lost();
    return undefined;
  });
  while (written === undefined) {
    await new Promise((later) => setTimeout(later, LOST_AGAIN_MS));
    written = await post(route, body).catch((fault) => {
      if (!(fault instanceof Unanswered) && !isBusy(fault)) throw fault;
    });
  }

  if (written.status === "rejected") throw new Refused(written);
  return written;
}

/** Whether the node has no time to say anything now. @param {unknown} fault */
export const isBusy = (fault) => fault instanceof Refused && (fault.problem.status === 429 || /** @type {number} */ (fault.problem.status) >= 500);

/**
 * A request that is no transaction but must prove who asks (Authorization: SecuTicket …).
 * @param {string} method
 * @param {string} path with query
 * @param {unknown} body undefined for none
 * @param {Signer} signer
 * @returns {Promise<any>}
 */
export async function askSigned(method, path, body, signer) {
  const text = body === undefined ? "" : JSON.stringify(body);
  const token = await requestToken({ method, path, body: text }, await info(), signer, Math.floor(Date.now() / 1000));
  const headers = { Authorization: token, ...(text ? { "Content-Type": "application/json" } : {}) };
  return send(path, { method, headers, body: text || undefined });
}

/**
 * @param {string} path
 * @param {unknown} body
 * @param {Record<string, string>} [headers]
 * @returns {Promise<any>}
 */
export const post = (path, body, headers = {}) => send(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });

/**
 * Every item of a paged answer.
 * @param {string} path
 * @returns {AsyncGenerator<any>}
 */
export async function* items(path) {
  let after = null;
  do {
    const page = await read(`${path}${path.includes("?") ? "&" : "?"}limit=1000${after === null ? "" : `&after=${encodeURIComponent(after)}`}`);
    yield* page.items;
    after = page.next;
  } while (after !== null);
}

/** Milliseconds, from and to: everybody's pages are refused at once when a node has no place for more listeners, and knock again each at its own time. */
const REOPENED = [3_000, 8_000];

/** Milliseconds, from and to, after which what is shown is read where nobody tells it. */
const UNTOLD = [15_000, 30_000];

/** @param {number[]} span */
const within = ([least, most]) => least + Math.random() * (most - least);

/**
 * What happens on the chain, as it happens, while somebody looks: a browser has six connections to a node that speaks HTTP/1.1, and with each tab listening the seventh would not load.
 * Connects again by itself, also where a browser gives up: after any answer but a stream, such as that of a node that has no place or begins anew.
 * @param {Partial<Record<"block" | "transaction" | "reorganisation", (event: any) => void>>} heard
 * @param {() => void} opened it listens, from now on or again: what happened before must be read
 * @param {() => void} [untold] it has not listened for a while, and says so again until it does
 * @returns {() => void} stops listening
 */
export function listen(heard, opened, untold = opened) {
  /** @type {EventSource | undefined} */
  let source;
  /** @type {number | undefined} */
  let knocking;
  /** @type {number | undefined} */
  let waiting;

  function wait() {
    waiting ??= setTimeout(() => {
      waiting = undefined;
      untold();
      wait();
    }, within(UNTOLD));
  }

  function open() {
    const begun = source = new EventSource("/stream");
    source.addEventListener("open", () => {
      clearTimeout(waiting);
      waiting = undefined;
      opened();
    });
    source.addEventListener("error", () => {
      wait();
      if (begun.readyState === EventSource.CLOSED) knocking = setTimeout(open, within(REOPENED));
    });
    for (const [name, act] of Object.entries(heard)) source.addEventListener(name, (event) => act(JSON.parse(/** @type {MessageEvent} */ (event).data)));
    wait();
  }

  function close() {
    source?.close();
    source = undefined;
    clearTimeout(knocking);
    clearTimeout(waiting);
    waiting = undefined;
  }

  function look() {
    if (document.hidden) close();
    else if (!source) open();
  }

  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    document.removeEventListener("visibilitychange", look);
    close();
  };
}

/** What fetch says where nobody answers, an answer breaks off, or the page is left meanwhile. @param {unknown} fault @returns {never} */
function broken(fault) {
  throw fault instanceof TypeError || (fault instanceof DOMException && fault.name === "AbortError") ? new Unanswered() : fault;
}

/** @param {string} text @returns {any} undefined for what is no JSON */
function parsed(text) {
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} request
 * @param {(text: string) => any} [parse] makes the answer of its text; undefined where it is none of the node's
 * @returns {Promise<any>}
 * @throws {Refused}
 */
export async function send(path, request, parse = parsed) {
  const { ok, status, text } = await fetch(path, { ...request, cache: "no-store", credentials: "omit" })
    .then(async (answer) => ({ ok: answer.ok, status: answer.status, text: await answer.text() }))
    .catch(broken);
  const body = (ok ? parse : parsed)(text);
  if (!ok && isOfNode(body)) throw new Refused({ status, ...body });
  if (!ok || body === undefined) throw new Unanswered();
  return body;
}
