import { clientSecretBasic, createClient } from '@behalf/client'
import { createTokenEndpoint } from '@behalf/sidecar'
import { delegatedClaims, encodePart, userClaims } from '@behalf/testing'
import { createVerifier } from '@behalf/verify'
import { nowSeconds, type TokenUserMaker, unsigned } from './token-user.ts'

const okta = 'https://example.okta.com/oauth2/behalf'

/** Okta's token endpoint and its hook, without a network; the client does not look at signatures. */
async function answerTokenRequest(url: string): Promise<Response> {
  const [, payload = ''] = new URL(url).searchParams.get('assertion')?.split('.') ?? []
  const assertion = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const claims = delegatedClaims(nowSeconds(), { iss: okta, sub: assertion.sub, aud: 'api://b', assertion })
  const accessToken = `${encodePart({ alg: 'EdDSA', kid: 'key-1' })}.${encodePart(claims)}.${'A'.repeat(86)}`
  return Response.json({ access_token: accessToken, token_type: 'Bearer', expires_in: 3600 })
}

/** A sidecar that exchanges subject tokens. */
export const sidecar: TokenUserMaker = (users) => {
  const client = createClient({
    issuer: okta,
    tokenEndpoint: `${okta}/v1/token`,
    clientId: '0oaApiA',
    auth: clientSecretBasic('secret-of-api-a'),
    fetch: answerTokenRequest,
  })
  const exchange = createTokenEndpoint({
    verifier: createVerifier({
      issuer: users.issuer,
      audience: 'api://a',
      accept: ['user'],
      algorithms: ['EdDSA'],
    }),
    client,
    targets: { 'api://b': {} },
    callers: 'loopback',
  })
  return {
    async present(index, isHostile) {
      const claims = userClaims(nowSeconds(), { jti: `AT.${index}`, sub: `user-${index}@example.com` })
      const subject = users.sign(claims)
      const response = await exchange(
        new Request('http://127.0.0.1/token', {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
            subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
            subject_token: isHostile ? unsigned(subject) : subject,
          }),
        }),
      )
      return (await response.text()).includes('"access_token"')
    },
    statistics: () => client.statistics(),
  }
}
