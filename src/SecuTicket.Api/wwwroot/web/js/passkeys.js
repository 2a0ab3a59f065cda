// @ts-check
/**
 * Passkeys (W3C WebAuthn Level 3): keys that the device, or its cloud, keeps and uses only after a touch. What a plain key would sign is
 * the challenge; the node, every other node and every gate check the rest (docs/protocol.md, "Signatures").
 *
 * @typedef {{ scheme: "webauthn", public_key: string, authenticator_data: string, client_data_json: string, signature: string }} PasskeySignature
 */
import { base64Url, bytesOf, hex, SigningError, subtle } from "./signature.js";
import { word } from "./words.js";

/** COSE's number of ECDSA on P-256 with SHA-256: what the chain can check. */
const ES256 = -7;

const COORDINATE = 32;

/** An address of numbers, which is no domain: passkeys belong to domains (W3C WebAuthn Level 3, 5.1.2). */
const NUMBERS = /^(\d{1,3}(\.\d{1,3}){3}|\[.*\])$/;

/** Whether this browser has passkeys at all: it has them on https pages and on localhost. */
export const hasPasskeys = () => "PublicKeyCredential" in globalThis && globalThis.isSecureContext && !NUMBERS.test(location.hostname);

/** Whether the device keeps passkeys itself, and knows whose finger it is: else it asks for a key to plug in, or a telephone. @returns {Promise<boolean>} */
export const keepsPasskeys = async () => hasPasskeys() && await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false);

/**
 * Asks the device for a new passkey of this site.
 * @param {string} name what the device calls it
 * @returns {Promise<{ public_key: string, credential_id: string }>}
 * @throws {SigningError} the person, or the device, said no
 */
export async function createPasskey(name) {
  const credential = await asked(() => navigator.credentials.create({
    publicKey: {
      rp: { name: "SecuTicket" },
      user: { id: crypto.getRandomValues(new Uint8Array(16)), name, displayName: name },
      // Nobody checks what is signed here: the key itself is the account.
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      pubKeyCredParams: [{ type: "public-key", alg: ES256 }],
      authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
      attestation: "none",
    },
  }));
  const spki = /** @type {AuthenticatorAttestationResponse} */ (credential.response).getPublicKey();
  if (spki === null) throw new SigningError(word("refused.cancelled"));
  const key = await subtle().importKey("spki", spki, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
  return { public_key: hex(await subtle().exportKey("raw", key)), credential_id: base64Url(new Uint8Array(credential.rawId)) };
}

/**
 * One touch, one signature.
 * @param {{ public_key?: string, credential_id?: string }} wallet
 * @param {BufferSource} digest 32 bytes: SHA-256 of what a plain key would sign
 * @returns {Promise<PasskeySignature>} as it stands in `signatures`
 * @throws {SigningError} the person, or the device, said no
 */
export async function signWithPasskey(wallet, digest) {
  const credential = await asked(() => navigator.credentials.get({
    publicKey: { challenge: digest, allowCredentials: [{ type: "public-key", id: bytesOfBase64Url(wallet.credential_id ?? "") }], userVerification: "preferred" },
  }));
  const response = /** @type {AuthenticatorAssertionResponse} */ (credential.response);
  return {
    scheme: "webauthn",
    public_key: wallet.public_key ?? "",
    authenticator_data: hex(response.authenticatorData),
    client_data_json: base64Url(new Uint8Array(response.clientDataJSON)),
    signature: hex(response.signature),
  };
}

/**
 * The 64 bytes r ‖ s of a signature in DER, as authenticators give it.
 * @param {string} der hex digits
 * @returns {Uint8Array}
 */
export function rawSignature(der) {
  const bytes = bytesOf(der);
  const raw = new Uint8Array(2 * COORDINATE);
  let at = 2;
  for (const end of [COORDINATE, 2 * COORDINATE]) {
    const integer = bytes.subarray(at + 2, at + 2 + bytes[at + 1]);
    const digits = integer.subarray(Math.max(0, integer.length - COORDINATE));
    raw.set(digits, end - digits.length);
    at += 2 + integer.length;
  }

  return raw;
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export function bytesOfBase64Url(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}

/** @param {() => Promise<Credential | null>} ask @returns {Promise<PublicKeyCredential>} */
async function asked(ask) {
  if (!hasPasskeys()) throw new SigningError(word("refused.insecure"));
  try {
    const credential = await ask();
    if (credential === null) throw new SigningError(word("refused.cancelled"));
    return /** @type {PublicKeyCredential} */ (credential);
  } catch (fault) {
    if (fault instanceof DOMException) throw new SigningError(word(fault.name === "SecurityError" ? "refused.other_page" : "refused.cancelled"), { cause: fault });
    throw fault;
  }
}
