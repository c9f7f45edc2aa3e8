import { memoryRevocations, type RevocationStore } from '@behalf/core'
import { isSignatureAlgorithm, userKey } from '@behalf/core/internal'
import { createVerifier, TokenError } from '@behalf/verify'
import type { ApiSetup, ApiTarget } from '../target.ts'

/** API B's verification in this process, by a handler that writes into what it was given. */
export const verifierTarget: ApiTarget = {
  name: 'api',
  create({ accept, issuer, audience, algorithms, assertionIssuers, cutOffs }) {
    const trusted = { issuer, audience, algorithms: algorithms.filter(isSignatureAlgorithm) }
    const verifier =
      accept === 'user'
        ? createVerifier({ ...trusted, accept: ['user'] })
        : createVerifier({
            ...trusted,
            allowedActors: ['0oaApiA'],
            requiredScopes: ['orders:read'],
            ...(assertionIssuers === undefined ? {} : { assertionIssuers }),
            ...(cutOffs === undefined
              ? {}
              : { revocation: { store: storeOf(cutOffs), whenUnavailable: 'deny' as const } }),
          })
    return async (token) => {
      try {
        spoil(await verifier.verify(token))
        return 'accept'
      } catch (error) {
        return error instanceof TokenError ? error.code : `it threw ${String(error)}`
      }
    }
  },
}

function storeOf(cutOffs: NonNullable<ApiSetup['cutOffs']>): RevocationStore {
  const store = memoryRevocations()
  for (const { org, uid, atSeconds } of cutOffs) store.raise(userKey(org, ['uid'], { uid }) ?? '', atSeconds)
  return store
}

/** Writes into all that whoever brings the same token again may be given, too. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const name of Object.keys(value)) {
    spoil(Reflect.get(value, name))
    Reflect.set(value, name, 'spoilt')
  }
}
