import { memoryRevocations, type RevocationStore } from '@behalf/core'
import { isSignatureAlgorithm, userKey } from '@behalf/core/internal'
import { type Access, createVerifier, TokenError } from '@behalf/verify'
import { spoil } from '../spoil.ts'
import type { ApiReply, ApiSetup, ApiTarget } from '../target.ts'

/** API B's verification in this process, by a handler that writes into what it was given. */
export const verifierTarget: ApiTarget = {
  name: 'api',
  create({ accept, issuer, audience, algorithms, assertionIssuers, cutOffs, verifiedTokens = {} }) {
    const trusted = { issuer, audience, algorithms: algorithms.filter(isSignatureAlgorithm), verifiedTokens }
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
    const handle = createHandler()
    return async (token) => {
      try {
        return handle(await verifier.verify(token))
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

/** Knows the very claims that it was given before, where the token asks for it. */
function createHandler(): (access: Access) => ApiReply {
  const given = new WeakSet()
  return (access) => {
    const { claims } = access
    const isRemembered = claims['policy'] === 'tell' && given.has(claims)
    given.add(claims)
    spoil(access)
    spoil(claims)
    return isRemembered ? 'remembered' : 'accept'
  }
}
