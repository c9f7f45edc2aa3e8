import { defineConfig } from '@behalf/hook'
import { sealed } from '@behalf/hook/sealing'
import { policy } from './behalf.policy.ts'

// `behalf dev` sets these variables to those of its sandbox.
const {
  ISSUER = 'https://example.okta.com/oauth2/users',
  AUDIENCE = 'api://a',
  CLIENT_IDS = '0oaApiA',
} = process.env
const { RESOURCE = 'https://orders.example', HOOK_SECRET, HOOK_SECRET_PREVIOUS, SEALING_KEYS } = process.env

export default defineConfig({
  // What the hook is registered with at Okta, and while it is being changed what it was registered with before.
  authenticate: {
    header: 'Authorization',
    secrets: HOOK_SECRET_PREVIOUS === undefined ? [HOOK_SECRET] : [HOOK_SECRET, HOOK_SECRET_PREVIOUS],
  },
  // The private keys, as JSON, that open what API A seals users' tokens for: the URL that they travel in is kept by Okta's
  // log and by traces. `npx behalf keys seal` makes one, and the hook publishes its public half at /.well-known/jwks.json.
  sealing: sealed({ keys: SEALING_KEYS }),
  // Whose access tokens can be exchanged: the server that users sign in at.
  issuers: [{ issuer: ISSUER, audiences: [AUDIENCE] }],
  // Who may exchange them, and for which scopes; several ids are separated by commas.
  clients: Object.fromEntries(
    CLIENT_IDS.split(',').map((id) => [
      id.trim(),
      { audiences: [AUDIENCE], resources: [RESOURCE], scopes: ['orders:read'] },
    ]),
  ),
  // What delegated tokens are for: API B, whose verifier is @behalf/verify. The server that issues them needs the audience
  // https://undelegated.invalid, which no API accepts, so that a plain token opens nothing while the hook is down.
  resources: { [RESOURCE]: { verifier: 'behalf' } },
  // What API B reads of the user's token; who the user is goes without saying.
  claims: { include: ['groups'] },
  policy,
})
