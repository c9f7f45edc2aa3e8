import { isSignatureAlgorithm } from '@behalf/core/internal'
import { createVerifier, TokenError } from '@behalf/verify'
import type { ApiTarget } from '../target.ts'

/** API B's verification in this process. */
export const verifierTarget: ApiTarget = {
  name: 'api',
  create({ accept, issuer, audience, algorithms, assertionIssuers }) {
    const trusted = { issuer, audience, algorithms: algorithms.filter(isSignatureAlgorithm) }
    const verifier =
      accept === 'user'
        ? createVerifier({ ...trusted, accept: ['user'] })
        : createVerifier({
            ...trusted,
            allowedActors: ['0oaApiA'],
            requiredScopes: ['orders:read'],
            ...(assertionIssuers === undefined ? {} : { assertionIssuers }),
          })
    return async (token) => {
      try {
        await verifier.verify(token)
        return 'accept'
      } catch (error) {
        return error instanceof TokenError ? error.code : `it threw ${String(error)}`
      }
    }
  },
}
