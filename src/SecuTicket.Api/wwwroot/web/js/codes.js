// @ts-check
/**
 * Codes for the gate, made by the wallet that holds the ticket (docs/protocol.md, "Gate code"). A passkey makes one for each touch.
 *
 * @typedef {import("./wallets.js").Wallet} Wallet
 */
import { toBase45 } from "./base45.js";
import { clientStart, messageOf, PASSKEY, PLAIN, PREFIX, secondsOf, USUAL_REST } from "./gatecode.js";
import { askSigned, info } from "./ledger.js";
import { bytesOfBase64Url, rawSignature, signWithPasskey } from "./passkeys.js";
import { bytesOf, SigningError, subtle } from "./signature.js";
import { signerOf } from "./wallets.js";
import { word } from "./words.js";

/** Bytes of authenticator data that a code has room for: those without extensions. */
const AUTHENTICATOR_SIZE = 37;

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
  const message = messageOf(chain_id, ticket, at);
  const named = [...bytesOf(ticket), ...secondsOf(at), ...compressed(wallet.public_key ?? "")];
  if (wallet.kind === "browser") {
    const signature = await subtle().sign({ name: "ECDSA", hash: "SHA-256" }, /** @type {CryptoKey} */ (wallet.key), message);
    return { text: PREFIX + toBase45([PLAIN, ...named, ...new Uint8Array(signature)]), at };
  }

  const signed = await signWithPasskey(wallet, await subtle().digest("SHA-256", message));
  return { text: PREFIX + toBase45([PASSKEY, ...named, ...rawSignature(signed.signature), ...passkeyPart(signed)]), at };
}

/** @param {import("./passkeys.js").PasskeySignature} signed */
function passkeyPart({ authenticator_data, client_data_json }) {
  const authenticator = bytesOf(authenticator_data);
  const client = new TextDecoder().decode(bytesOfBase64Url(client_data_json));
  const { challenge, origin } = JSON.parse(client);
  const start = clientStart(challenge, origin);
  const utf8 = new TextEncoder();
  if (authenticator.length !== AUTHENTICATOR_SIZE || !client.startsWith(start)) throw new SigningError(word("refused.passkey_form"));

  const rest = client.slice(start.length);
  return [...authenticator.subarray(32), new URL(origin).hostname.length, origin.length, ...utf8.encode(origin), ...(rest === USUAL_REST ? [] : utf8.encode(rest))];
}

/** @param {string} publicKey 130 hex digits @returns {Uint8Array} 33 bytes */
function compressed(publicKey) {
  const point = bytesOf(publicKey);
  return Uint8Array.from([2 + (point[64] & 1), ...point.subarray(1, 33)]);
}
