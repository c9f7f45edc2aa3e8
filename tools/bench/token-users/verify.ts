import { delegatedClaims } from '@behalf/testing'
import { createVerifier, TokenError } from '@behalf/verify'
import { nowSeconds, type TokenUserMaker, unsigned } from './token-user.ts'

/** API B's verifier, which is shown delegated tokens. */
export const verify: TokenUserMaker = (issuer) => {
  const verifier = createVerifier({ issuer: issuer.issuer, audience: 'api://b', algorithms: ['EdDSA'] })
  return {
    async present(index, isHostile) {
      const token = issuer.sign(delegatedClaims(nowSeconds(), { jti: `AT.${index}` }))
      return verifier.verify(isHostile ? unsigned(token) : token).then(
        () => true,
        (error: unknown) => {
          if (error instanceof TokenError && error.code === 'token_invalid') return false
          throw error
        },
      )
    },
  }
}
