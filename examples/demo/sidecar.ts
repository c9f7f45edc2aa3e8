import { clientSecretBasic, createClient } from '@behalf/client'
import { type Callers, type RunningServer, startSidecar } from '@behalf/sidecar'
import { createVerifier } from '@behalf/verify'
import { apiA, orders, secretOf, type World } from './world.ts'

/** Starts the sidecar of API A: what a service in another language asks for tokens. */
export function startSidecarOfApiA(
  { issuers, hook }: World,
  callers: Callers = 'loopback',
): Promise<RunningServer> {
  return startSidecar({
    drainDelayMs: 0,
    token: {
      verifier: createVerifier({ issuer: issuers.users, audience: 'api://a', accept: ['user'] }),
      client: createClient({
        issuer: issuers.delegation,
        clientId: apiA,
        auth: clientSecretBasic(secretOf(apiA)),
        seal: { jwksUri: `${hook.origin}/.well-known/jwks.json` },
      }),
      targets: { [orders]: { scopes: ['orders:read'] } },
      callers,
    },
  })
}
