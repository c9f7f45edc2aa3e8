import type { JsonObject } from '@behalf/core'
import { memberAt, textAt } from './members.ts'

/** Where the keys are with which Okta authenticates to the owners of OAuth-secured hooks. */
export const hookKeysPath = '/api/v1/hook-keys'

/** Says where one public key is shown; its documents are known by the id, public keys by the `keyId`. */
export function publicKeyPath(hookKey: JsonObject): string {
  return `${hookKeysPath}/public/${encodeURIComponent(textAt(hookKey, 'keyId'))}`
}

/**
 * Returns a hook key as a JWK that libraries take. Okta shows `alg: "RSA"` and `use: null`, which no JOSE library accepts,
 * and signs with RS256.
 *
 * @returns undefined when it is no RSA key
 * @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/HookKey/
 */
export function usableJwk(shown: JsonObject): JsonObject | undefined {
  const [kid, n, e] = [textAt(shown, 'kid'), textAt(shown, 'n'), textAt(shown, 'e')]
  if (memberAt(shown, 'kty') !== 'RSA' || kid === '' || n === '' || e === '') return undefined
  return { kty: 'RSA', alg: 'RS256', use: 'sig', kid, n, e }
}
