import { createHook } from '@behalf/hook'
import { userClaims } from '@behalf/testing'
import { hookBody } from '../hook-call.ts'
import { nowSeconds, type TokenUserMaker, unsigned } from './token-user.ts'

const secret = 'hook-secret-0123456789'

/** A hook that is shown assertions. */
export const hook: TokenUserMaker = (users) => {
  const created = createHook({
    authenticate: { secrets: [secret] },
    issuers: [{ issuer: users.issuer, audiences: ['api://a'], algorithms: ['EdDSA'] }],
    clients: { '0oaApiA': { audiences: ['api://a'] } },
  })
  const headers = new Map([['authorization', [secret]]])
  return {
    async present(index, isHostile) {
      const claims = userClaims(nowSeconds(), { jti: `AT.${index}`, sub: `user-${index}@example.com` })
      const assertion = users.sign(claims)
      const body = hookBody(isHostile ? unsigned(assertion) : assertion)
      return (await created.handle({ headers, body })).body.startsWith('{"commands"')
    },
  }
}
