import { isSignatureAlgorithm } from '@behalf/core/internal'
import { createVerifier, TokenError } from '@behalf/verify'
import type { ApiTarget } from '../target.ts'

/** API B's verification in this process. */
export const verifierTarget: ApiTarget = {
  name: 'api',
  create({ issuer, algorithms }) {
    const verifier = createVerifier({
      issuer,
      audience: 'api://b',
      algorithms: algorithms.filter(isSignatureAlgorithm),
      allowedActors: ['0oaApiA'],
      requiredScopes: ['orders:read'],
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
