// @ts-check
/**
 * Signs what the Swagger page sends, inside the page.
 *
 * The Authorize dialog's "account" is HTTP Basic only in name: the header Swagger UI makes of it is taken out of every request before
 * anything else happens, and used to compute an HMAC-SHA256 (WebCrypto) over the request's canonical JSON (RFC 8785). The secret leaves
 * the page on no request, whatever its method, its route or its fate.
 *
 * @typedef {{ account: string, secret: string }} Credentials
 * @typedef {{ url: string, method?: string, headers: Record<string, string>, body?: unknown, loadSpec?: boolean, userFetch?: () => Promise<Response> }} PageRequest
 * @typedef {{ url?: string, ok?: boolean, obj?: any }} PageResponse
 * @typedef {{ "x-transaction-type"?: string, "x-signed-request"?: boolean }} Operation
 * @typedef {{ paths: Record<string, Record<string, Operation>>, "x-examples"?: Record<string, string> }} ApiDocument
 * @typedef {{ chain_id: string, node: string }} NodeInfo
 */

/** How long a transaction signed here may wait, in seconds: a day. */
const VALID_SECONDS = 86_400;

/** Random bytes in a nonce: 24 characters of base64url. */
const NONCE_BYTES = 18;

/** What the person at the page must do something about. */
export class SigningError extends Error {}

/**
 * The canonical form of RFC 8785, for the JSON that SecuTicket signs: integers only, no lone surrogates.
 * @param {unknown} value
 * @returns {string}
 * @throws {TypeError} when the value has no canonical form
 */
export function canonicalise(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return canonicalString(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError(`${value} is no integer within ±(2^53−1)`);
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalise).join(",")}]`;
  if (typeof value === "object") {
    const members = /** @type {Record<string, unknown>} */ (value);
    // The default order of sort() is that of UTF-16 code units, which is RFC 8785's.
    return `{${Object.keys(members).sort().map((key) => `${canonicalString(key)}:${canonicalise(members[key])}`).join(",")}}`;
  }
  throw new TypeError(`${typeof value} is not JSON`);
}

/** @param {string} text */
function canonicalString(text) {
  if (/\p{Surrogate}/u.test(text)) throw new TypeError("a string has half a surrogate pair");
  return JSON.stringify(text);
}

/**
 * @param {string} secret 64 hex digits: the 32 bytes of the key
 * @param {string} text signed as UTF-8
 * @returns {Promise<string>} 64 hex digits
 */
export async function hmacSha256(secret, text) {
  const subtle = requireCrypto();
  const bytes = Uint8Array.from(secret.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const key = await subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return hex(await subtle.sign("HMAC", key, new TextEncoder().encode(text)));
}

/**
 * The body with what was missing, and its HMAC. A body the page can not sign (no JSON object, a fraction, signed already) is returned as
 * it was typed, so that the server's own answer says what is wrong with it. Fields are added to the text, never rewritten: what was typed
 * is what is sent.
 * @param {string} text
 * @param {string} type of the route's transactions, or "any" where the body must say
 * @param {string} chainId
 * @param {Credentials} credentials
 * @param {number} now unix seconds
 * @returns {Promise<string>}
 */
export async function signTransaction(text, type, chainId, credentials, now) {
  const typed = parseObject(text);
  if (typed === null || "hmac" in typed || (type === "any" && !("type" in typed))) return text;

  const defaults = { type, chain_id: chainId, sender: credentials.account, nonce: randomNonce(), valid_until: now + VALID_SECONDS };
  /** @type {Record<string, unknown>} */
  const added = Object.fromEntries(Object.entries(defaults).filter(([field]) => !(field in typed)));
  const { signatures: _, ...payload } = { ...typed, ...added };
  let canonical;
  try {
    canonical = canonicalise(payload);
  } catch (fault) {
    if (fault instanceof TypeError) return text;
    throw fault;
  }

  added.hmac = await hmacSha256(credentials.secret, canonical);
  return append(text, added, Object.keys(typed).length > 0);
}

/**
 * The value of the Authorization header of a request that is no transaction but must prove who asks.
 * @param {{ method: string, path: string, body: string }} request path with query
 * @param {NodeInfo} info
 * @param {Credentials} credentials
 * @param {number} now unix seconds
 */
export async function requestToken(request, info, credentials, now) {
  const bodyHash = hex(await requireCrypto().digest("SHA-256", new TextEncoder().encode(request.body)));
  const proof = {
    type: "request", method: request.method, path: request.path, sender: credentials.account, at: now,
    body_sha256: bodyHash, chain_id: info.chain_id, node: info.node,
  };
  const signed = { ...proof, hmac: await hmacSha256(credentials.secret, canonicalise(proof)) };
  return `SecuTicket ${base64Url(new TextEncoder().encode(JSON.stringify(signed)))}`;
}

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

  /** The last ids seen, by what they are. @type {Record<string, string>} */
  #seen = {};

  /** Addresses created on this page, the last one first. @type {string[]} */
  #accounts = [];

  /** @param {string} origin */
  constructor(origin) {
    this.origin = origin;
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
   * @param {PageRequest} request changed in place
   * @param {Credentials | null} credentials
   */
  async #complete(request, credentials) {
    /** @type {ApiDocument} */
    const document = await this.#load("/swagger/v1/swagger.json");
    this.#putSeenIds(request, document["x-examples"] ?? {}, credentials);
    if (credentials === null) return;

    const url = new URL(request.url, this.origin);
    const method = (request.method ?? "GET").toUpperCase();
    const operation = operationOf(document, method, url.pathname);
    const now = Math.floor(Date.now() / 1000);
    if (operation["x-transaction-type"] !== undefined) {
      const info = await this.#info();
      request.body = await signLines(request, operation["x-transaction-type"], info.chain_id, credentials, now);
    } else if (operation["x-signed-request"]) {
      const proven = { method, path: url.pathname + url.search, body: textOf(request.body) };
      request.headers.Authorization = await requestToken(proven, await this.#info(), credentials, now);
    }
  }

  /**
   * Swagger UI's response interceptor: remembers the ids that examples stand for.
   * @template {PageResponse} T
   * @param {T} response
   * @returns {T}
   */
  remember(response) {
    const answer = response.ok ? response.obj : null;
    if (typeof answer !== "object" || answer === null) return response;
    if (typeof answer.event_id === "string" && "transaction_id" in answer) this.#seen.event_id = answer.event_id;
    if (Array.isArray(answer.ticket_ids) && answer.ticket_ids.length > 0) this.#seen.ticket_id = answer.ticket_ids[0];
    if (typeof answer.address === "string" && "secret" in answer) this.#accounts.unshift(answer.address);
    return response;
  }

  /**
   * @param {PageRequest} request changed in place
   * @param {Record<string, string>} examples
   * @param {Credentials | null} credentials
   */
  #putSeenIds(request, examples, credentials) {
    const other = this.#accounts.find((account) => account.toLowerCase() !== credentials?.account.toLowerCase());
    const seen = other === undefined ? this.#seen : { ...this.#seen, account: other };
    for (const [kind, example] of Object.entries(examples)) {
      if (seen[kind] === undefined) continue;
      request.url = request.url.replaceAll(example, seen[kind]);
      if (typeof request.body === "string") request.body = request.body.replaceAll(example, seen[kind]);
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

/** @param {unknown} body */
function textOf(body) {
  if (body === undefined || body === null) return "";
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** @param {string} text @returns {Record<string, unknown> | null} */
function parseObject(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch (fault) {
    if (fault instanceof SyntaxError) return null;
    throw fault;
  }
}

/**
 * @param {string} text of a JSON object
 * @param {Record<string, unknown>} added
 * @param {boolean} hasFields
 */
function append(text, added, hasFields) {
  const [before, after] = text.includes("\n") ? ["\n  ", "\n"] : [" ", " "];
  const fields = Object.entries(added).map(([field, value]) => `${before}${JSON.stringify(field)}: ${JSON.stringify(value)}`);
  const head = text.slice(0, text.lastIndexOf("}")).trimEnd();
  return `${head}${hasFields ? "," : ""}${fields.join(",")}${after}}`;
}

function randomNonce() {
  return base64Url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
}

/** @param {Uint8Array} bytes */
function base64Url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {ArrayBuffer} buffer */
function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Browsers offer WebCrypto to secure pages only: https, or this machine. */
function requireCrypto() {
  if (!globalThis.crypto?.subtle) throw new SigningError("This browser signs only on https pages or on localhost. Open the page under one of them.");
  return crypto.subtle;
}

/** @type {any} */ (globalThis).SecuTicketPage = new SigningPage(globalThis.location?.origin ?? "");
