import { defineConfig, secretFile } from '@behalf/hook'
import { sealed } from '@behalf/hook/sealing'

// The files of the Secret `behalf-hook`. They are read again when they change.
const secrets = '/run/secrets/behalf'

export default defineConfig({
  authenticate: { secrets: [secretFile(`${secrets}/hook-secret`)] },
  sealing: sealed({ keys: secretFile(`${secrets}/sealing-keys.json`) }),
  issuers: [{ issuer: 'https://example.okta.com/oauth2/users', audiences: ['api://a'] }],
  clients: { '0oaApiA': { scopes: ['orders:read'] } },
  resources: { 'https://orders.example': { verifier: 'behalf' } },
})
