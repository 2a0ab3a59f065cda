// @ts-check
/** Test money, where a node gives it to anybody. */
import { post, Refused } from "../ledger.js";
import { randomNonce } from "../signature.js";

/** What a newcomer gets for trying, in minor units. */
export const POCKET = 200_00;

/**
 * @param {string} address
 * @returns {Promise<boolean>} false where the node gives none to this browser
 * @throws {Refused}
 */
export async function fill(address) {
  try {
    await post(`/accounts/${address}/top-up`, { amount: POCKET, reference: `try-${randomNonce()}` });
    return true;
  } catch (fault) {
    if (!(fault instanceof Refused) || fault.problem.status !== 403) throw fault;
    return false;
  }
}
