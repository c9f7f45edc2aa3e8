/** An app that is told where the org is and nothing else: a user signs in, API A asks for a token, API B verifies it. */
import { clientSecretBasic, createClient } from '@behalf/client'
import { signIn } from '@behalf/sandbox/testing'
import { createVerifier } from '@behalf/verify'

const { ORG = '', INSECURE_HOSTS } = process.env
const reach = INSECURE_HOSTS === undefined ? {} : { insecureHosts: INSECURE_HOSTS.split(',') }

const api = {
  users: `${ORG}/oauth2/users`,
  delegation: `${ORG}/oauth2/behalf`,
  resource: 'https://orders.example',
}
const client = createClient({
  issuer: api.delegation,
  clientId: '0oaApiA0000000000001',
  auth: clientSecretBasic('api-a-secret-for-the-sandbox-only'),
  ...reach,
})
const verifier = createVerifier({ issuer: api.delegation, audience: api.resource, ...reach })

const page = { client_id: '0oaSpa00000000000001', redirect_uri: 'http://localhost:3000/callback' }
const pkce = 'a-verifier-of-at-least-forty-three-characters-0123'
const challenge = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pkce))).toString(
  'base64url',
)
const callback = await signIn({
  authorizationUrl: `${api.users}/v1/authorize?${new URLSearchParams({
    ...page,
    response_type: 'code',
    scope: 'openid',
    state: 'any',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })}`,
  login: 'alice@example.com',
})
const code = callback.searchParams.get('code') ?? ''
const answer = await fetch(`${api.users}/v1/token`, {
  method: 'POST',
  body: new URLSearchParams({ ...page, grant_type: 'authorization_code', code, code_verifier: pkce }),
})
const { access_token: assertion } = Object(await answer.json())
const { accessToken } = await client.acquireToken({ assertion, scopes: ['orders:read'] })
const { subject, actors } = await verifier.verify(accessToken)
console.log(`${actors.map(({ sub }) => sub).join()} for ${subject}`)
