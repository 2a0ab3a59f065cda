// @ts-check
/**
 * Signs what the Swagger page sends, inside the page.
 *
 * The Authorize dialog's "account" is HTTP Basic only in name: the header Swagger UI makes of it is taken out of every request before
 * anything else happens, and used to compute an HMAC-SHA256 (WebCrypto) over the request's canonical JSON (RFC 8785). The secret leaves
 * the page on no request, whatever its method, its route or its fate.
 *
 * @typedef {import("../web/js/signature.js").Credentials} Credentials
 * @typedef {import("../web/js/signature.js").NodeInfo} NodeInfo
 * @typedef {{ url: string, method?: string, headers: Record<string, string>, body?: unknown, loadSpec?: boolean, userFetch?: () => Promise<Response> }} PageRequest
 * @typedef {{ url?: string, ok?: boolean, obj?: any }} PageResponse
 * @typedef {{ "x-transaction-type"?: string, "x-signed-request"?: boolean, responses?: Record<string, { content?: Record<string, unknown> }> }} Operation
 * @typedef {{ paths: Record<string, Record<string, Operation>>, "x-examples"?: Record<string, string | number> }} ApiDocument
 */
import { PageMemory } from "./memory.js";
import { hmacSha256, parseObject, requestToken, SigningError, signTransaction } from "../web/js/signature.js";

export * from "../web/js/signature.js";
export { PageMemory };

/** How long the page listens to a stream, in milliseconds: an answer that never ends would never be shown. */
const LISTEN_MILLISECONDS = 5_000;

/**
 * Takes the Basic header out of a request's headers.
 * @param {Record<string, string>} headers changed in place
 * @returns {string | null} what was in it, in base64
 */
export function takeBasic(headers) {
  let basic = null;
  for (const name of Object.keys(headers)) {
    const value = String(headers[name]);
    if (name.toLowerCase() !== "authorization" || !/^basic\b/i.test(value)) continue;
    basic = value.slice("basic".length).trim();
    delete headers[name];
  }
  return basic;
}

/**
 * @param {string} basic base64 of "account:secret"
 * @returns {Credentials}
 */
export function readCredentials(basic) {
  const text = atob(basic);
  const colon = text.indexOf(":");
  const account = text.slice(0, colon).trim();
  const secret = text.slice(colon + 1).trim();
  if (!/^0x[0-9a-fA-F]{40}$/.test(account))
    throw new SigningError("The user name under Authorize must be an account's address: 0x and 40 hex digits, as POST /accounts answered it.");
  if (!/^[0-9a-fA-F]{64}$/.test(secret))
    throw new SigningError("The password under Authorize must be the account's secret: 64 hex digits, as POST /accounts answered it once.");
  return { account, secret };
}

/**
 * The operation of the document that a request is for; the path with the fewest parameters wins, as on the server.
 * @param {ApiDocument} document
 * @param {string} method
 * @param {string} path
 * @returns {Operation}
 */
export function operationOf(document, method, path) {
  const parameters = (/** @type {string} */ template) => template.split("{").length;
  const matches = (/** @type {string} */ template) => {
    const parts = template.split("/");
    const given = path.split("/");
    return parts.length === given.length && parts.every((part, i) => part === given[i] || (part.startsWith("{") && given[i] !== ""));
  };
  const [template] = Object.keys(document.paths).filter(matches).sort((a, b) => parameters(a) - parameters(b));
  return (template !== undefined && document.paths[template][method.toLowerCase()]) || {};
}

/** What the page knows and does; one for the page's life. */
export class SigningPage {
  /** @type {Map<string, Promise<any>>} */
  #loaded = new Map();

  /** What to call when something was learned. @type {(() => void)[]} */
  #listeners = [];

  memory = new PageMemory();

  /** The account that signs, for requests that carry no credentials. @type {string | null} */
  signer = null;

  /** @param {string} origin */
  constructor(origin) {
    this.origin = origin;
  }

  /** @param {() => void} listener */
  onLearned(listener) {
    this.#listeners.push(listener);
  }

  /** @returns {Promise<ApiDocument>} */
  document() {
    return this.#load("/swagger/v1/swagger.json");
  }

  /**
   * Swagger UI's request interceptor. It never throws, for Swagger UI would show nothing: a request that can not be signed is
   * answered inside the page, and not sent.
   * @param {PageRequest} request changed in place
   * @returns {Promise<PageRequest>}
   */
  async sign(request) {
    const basic = takeBasic(request.headers ?? {});
    if (request.loadSpec || new URL(request.url, this.origin).origin !== this.origin) return request;
    try {
      await this.#complete(request, basic === null ? null : readCredentials(basic));
    } catch (fault) {
      request.userFetch = async () => notSent(fault instanceof Error ? fault.message : String(fault));
    }
    return request;
  }

  /**
   * Swagger UI's response interceptor: remembers what examples stand for.
   * @template {PageResponse} T
   * @param {T} response
   * @returns {T}
   */
  remember(response) {
    if (response.ok && this.memory.learn(response.obj)) this.#listeners.forEach((listener) => listener());
    return response;
  }

  /**
   * @param {PageRequest} request changed in place
   * @param {Credentials | null} credentials
   */
  async #complete(request, credentials) {
    const document = await this.document();
    const now = Math.floor(Date.now() / 1000);
    replaceExamples(request, document["x-examples"] ?? {}, { ...this.memory.values(credentials?.account ?? this.signer), ...PageMemory.fresh(now) });

    const url = new URL(request.url, this.origin);
    const method = (request.method ?? "GET").toUpperCase();
    const operation = operationOf(document, method, url.pathname);
    if (operation.responses?.["200"]?.content?.["text/event-stream"] !== undefined) request.userFetch = () => listen(url);
    if (credentials === null) return requireSigned(request, operation);

    if (operation["x-transaction-type"] !== undefined) {
      const info = await this.#info();
      request.body = await signLines(request, operation["x-transaction-type"], info.chain_id, credentials, now);
    } else if (operation["x-signed-request"]) {
      const proven = { method, path: url.pathname + url.search, body: textOf(request.body) };
      request.headers.Authorization = await requestToken(proven, await this.#info(), signerOf(credentials), now);
    }
  }

  /** @returns {Promise<NodeInfo>} */
  #info() {
    return this.#load("/info");
  }

  /**
   * Loads once; a failure is tried again the next time.
   * @param {string} path
   */
  #load(path) {
    let loading = this.#loaded.get(path);
    if (loading === undefined) {
      loading = loadJson(path);
      loading.catch(() => this.#loaded.delete(path));
      this.#loaded.set(path, loading);
    }
    return loading;
  }
}

/**
 * Puts what was seen in the place of what stands for it in examples.
 * @param {PageRequest} request changed in place
 * @param {Record<string, string | number>} examples
 * @param {Record<string, string>} values
 */
function replaceExamples(request, examples, values) {
  for (const [kind, example] of Object.entries(examples)) {
    const value = values[kind];
    if (value === undefined) continue;
    request.url = request.url.replaceAll(String(example), encodeURIComponent(value));
    // A function, because "$$" in a text means "$", and gate codes hold that.
    if (typeof request.body === "string") request.body = request.body.replaceAll(String(example), () => value);
  }
}

/**
 * Nobody signs here: what must be signed and is not would only be refused by the node, in words for programs.
 * @param {PageRequest} request
 * @param {Operation} operation
 */
function requireSigned(request, operation) {
  const typed = parseObject(textOf(request.body));
  const isUnsigned = operation["x-transaction-type"] !== undefined ? typed !== null && !("hmac" in typed) && !("signatures" in typed) : operation["x-signed-request"];
  const hasToken = Object.keys(request.headers).some((name) => name.toLowerCase() === "authorization");
  if (isUnsigned && !hasToken)
    throw new SigningError("Nobody signs yet. Make an account with POST /accounts, then choose it in the bar on top, or give its address and secret under Authorize.");
}

/**
 * What a stream says in a while.
 * @param {URL} url
 */
async function listen(url) {
  const response = await fetch(url, { headers: { Accept: "text/event-stream" }, credentials: "omit", signal: AbortSignal.timeout(LISTEN_MILLISECONDS) });
  if (!response.ok || response.body === null) return response;

  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of /** @type {any} */ (response.body)) text += decoder.decode(chunk, { stream: true });
  } catch (fault) {
    if (!(fault instanceof DOMException && fault.name === "TimeoutError")) throw fault;
  }
  text += `: this page stopped listening after ${LISTEN_MILLISECONDS / 1000} s; curl -N ${url} listens on\n`;
  return new Response(text, { status: response.status, headers: { "Content-Type": "text/plain" } });
}

/**
 * An answer made in the page, in the form of the server's own refusals.
 * @param {string} detail
 */
function notSent(detail) {
  const problem = { title: "Not sent", status: 401, detail, code: "not_sent" };
  const headers = { "Content-Type": "application/problem+json" };
  return new Response(JSON.stringify(problem, null, 2), { status: 401, statusText: "Not sent", headers });
}

/** @param {string} path */
async function loadJson(path) {
  const response = await fetch(path, { headers: { Accept: "application/json" }, credentials: "omit" });
  if (!response.ok) throw new SigningError(`The node did not answer ${path} (${response.status}), which signing needs.`);
  return response.json();
}

/**
 * A batch has a transaction on each line, any other body is one.
 * @param {PageRequest} request
 * @param {string} type
 * @param {string} chainId
 * @param {Credentials} credentials
 * @param {number} now
 */
async function signLines(request, type, chainId, credentials, now) {
  const text = textOf(request.body);
  const contentType = Object.entries(request.headers).find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  if (!contentType.startsWith("application/x-ndjson")) return signTransaction(text, type, chainId, credentials, now);
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const signed = await Promise.all(lines.map((line) => signTransaction(line.trim(), type, chainId, credentials, now)));
  return `${signed.join("\n")}\n`;
}

/**
 * @param {Credentials} credentials
 * @returns {import("../web/js/signature.js").Signer}
 */
function signerOf({ account, secret }) {
  return { address: account, sign: async (canonical) => ({ hmac: await hmacSha256(secret, canonical) }) };
}

/** @param {unknown} body */
function textOf(body) {
  if (body === undefined || body === null) return "";
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** @type {any} */ (globalThis).SecuTicketPage = new SigningPage(globalThis.location?.origin ?? "");
