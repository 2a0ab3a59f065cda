// @ts-check
/**
 * Codes for the gate, made by the wallet that holds the ticket (docs/protocol.md, "Gate code"). A passkey makes one for each touch.
 *
 * @typedef {import("./wallets.js").Wallet} Wallet
 */
import { askSigned, info } from "./ledger.js";
import { bytesOfBase64Url, rawSignature, signWithPasskey } from "./passkeys.js";
import { bytesOf, SigningError, subtle } from "./signature.js";
import { signerOf } from "./wallets.js";
import { word } from "./words.js";

/** How long gates take a code, in seconds from when it was made. */
export const GOOD_FOR_SECONDS = 30;

const PREFIX = "ST1:";
const PLAIN_VERSION = 1;
const PASSKEY_VERSION = 2;
const USUAL_REST = ',"crossOrigin":false}';
const AUTHENTICATOR_SIZE = 37;
const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const utf8 = new TextEncoder();

/**
 * A code for now.
 * @param {Wallet} wallet the holder's
 * @param {string} ticket 32 hex digits
 * @returns {Promise<{ text: string, at: number }>} what the QR code says, and when it was made: unix seconds
 * @throws {SigningError | import("./ledger.js").Refused}
 */
export async function gateCode(wallet, ticket) {
  const at = Math.floor(Date.now() / 1000);
  if (wallet.kind === "kept") return { text: (await askSigned("GET", `/tickets/${ticket}/code`, undefined, signerOf(wallet))).code, at };

  const { chain_id } = await info();
  const seconds = new Uint8Array([at >>> 24, at >>> 16, at >>> 8, at]);
  const message = Uint8Array.from([...utf8.encode("SecuTicket gate code"), ...utf8.encode(chain_id), ...bytesOf(ticket), ...seconds]);
  const named = [...bytesOf(ticket), ...seconds, ...compressed(wallet.public_key ?? "")];
  if (wallet.kind === "browser") {
    const signature = await subtle().sign({ name: "ECDSA", hash: "SHA-256" }, /** @type {CryptoKey} */ (wallet.key), message);
    return { text: PREFIX + base45([PLAIN_VERSION, ...named, ...new Uint8Array(signature)]), at };
  }

  const signed = await signWithPasskey(wallet, await subtle().digest("SHA-256", message));
  return { text: PREFIX + base45([PASSKEY_VERSION, ...named, ...rawSignature(signed.signature), ...passkeyPart(signed)]), at };
}

/** @param {import("./passkeys.js").PasskeySignature} signed */
function passkeyPart({ authenticator_data, client_data_json }) {
  const authenticator = bytesOf(authenticator_data);
  const client = new TextDecoder().decode(bytesOfBase64Url(client_data_json));
  const { challenge, origin } = JSON.parse(client);
  const start = `{"type":"webauthn.get","challenge":"${challenge}","origin":"${origin}"`;
  if (authenticator.length !== AUTHENTICATOR_SIZE || !client.startsWith(start)) throw new SigningError(word("refused.passkey_form"));

  const rest = client.slice(start.length);
  return [...authenticator.subarray(32), new URL(origin).hostname.length, origin.length, ...utf8.encode(origin), ...(rest === USUAL_REST ? [] : utf8.encode(rest))];
}

/** @param {string} publicKey 130 hex digits @returns {Uint8Array} 33 bytes */
function compressed(publicKey) {
  const point = bytesOf(publicKey);
  return Uint8Array.from([2 + (point[64] & 1), ...point.subarray(1, 33)]);
}

/** @param {number[]} bytes @returns {string} RFC 9285 */
function base45(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 2) {
    const isPair = i + 1 < bytes.length;
    let value = isPair ? bytes[i] * 256 + bytes[i + 1] : bytes[i];
    for (let digit = isPair ? 3 : 2; digit > 0; digit--) {
      text += BASE45[value % 45];
      value = Math.floor(value / 45);
    }
  }

  return text;
}
