import type { Denial } from '../errors/denial.ts'
import type { JsonObject } from '../json/json.ts'
import { assertOptions, type OptionRules } from '../options/option-faults.ts'
import { aFunction, aWholeNumber, oneOf } from '../options/option-rules.ts'
import type { Result } from '../result.ts'
import { type DelegatedToken, type DelegatedTokenOptions, parseDelegatedToken } from './delegated-token.ts'

const rules: OptionRules<keyof DelegatedTokenOptions> = {
  nowSeconds: { ...aWholeNumber(0), required: true },
  maxActorDepth: aWholeNumber(1),
  subject: oneOf('assertion', 'keep'),
  isSubjectOf: aFunction,
}

/**
 * Reads the claims of an access token as a delegated token, or says why it is none. It does not verify the
 * signature, issuer, audience, `nbf` or scopes: that comes before.
 *
 * @returns a denial `token_undelegated`, `actor_mismatch`, `subject_mismatch`, `actor_chain_too_deep`,
 * `token_expired` or `token_invalid`
 * @throws TypeError when an option is missing, unknown or unusable, one line for each
 * @example
 * ```ts
 * import { type JsonObject, readDelegatedToken } from '@behalf/core'
 *
 * export function userOf(verifiedClaims: JsonObject): string | undefined {
 *   const token = readDelegatedToken(verifiedClaims, { nowSeconds: Math.floor(Date.now() / 1000) })
 *   return token.ok ? token.value.subject : undefined
 * }
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.1
 */
export function readDelegatedToken(
  claims: JsonObject,
  options: DelegatedTokenOptions,
): Result<DelegatedToken, Denial> {
  assertOptions('readDelegatedToken', options, rules)
  return parseDelegatedToken(claims, options)
}
