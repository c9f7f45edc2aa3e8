import { generateKeyPairSync } from 'node:crypto'
import type { Clock } from '@behalf/core'
import { createHook, type DecisionRecord } from '@behalf/hook'
import { startNodeServer } from '@behalf/hook/node'
import { sealed } from '@behalf/hook/sealing'
import { createSandbox, type Sandbox } from '@behalf/sandbox'
import { onTestFinished } from 'vitest'
import { freePort } from '../../../../tools/free-port.ts'

export const orders = 'https://orders.example'
export const apiA = '0oaApiA'
/** May do all that API A may. */
export const thief = '0oaThief'
export const secretOf = (clientId: string): string => `secret-of-${clientId}`

const hookSecret = 'shared-by-okta-and-the-hook'

/** An org with its hook, which opens seals. */
export interface SealedWorld {
  readonly okta: Sandbox
  /** The users' authorization server, and two that issue delegated tokens. */
  readonly issuers: Readonly<Record<'users' | 'delegation' | 'other', string>>
  /** Where the hook publishes its keys. */
  readonly jwksUri: string
  /** What the hook wrote down, the latest last. */
  readonly decisions: readonly DecisionRecord[]
  /** Ann's access token for API A. */
  userToken(): Promise<string>
}

/**
 * Starts an org and its hook, until the test ends.
 *
 * @param required - whether the hook refuses bare assertions
 * @param clock - the hook's
 */
export async function startSealedWorld(required: boolean, clock: Clock): Promise<SealedWorld> {
  const port = await freePort()
  const issuerOf = (id: string): string => `http://127.0.0.1:${port}/oauth2/${id}`
  const issuers = { users: issuerOf('users'), delegation: issuerOf('behalf'), other: issuerOf('other') }
  const decisions: DecisionRecord[] = []
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { crv = '', x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' })
  const client = { audiences: ['api://a'], resources: [orders] }
  const hook = createHook(
    {
      authenticate: { secrets: [hookSecret] },
      issuers: [{ issuer: issuers.users, audiences: ['api://a'] }],
      clients: { [apiA]: client, [thief]: client },
      resources: { [orders]: { scopes: { 'orders:read': {} }, verifier: 'behalf' } },
      sealing: sealed({ keys: [{ kty: 'EC', crv, x, y, d, kid: 'seal-1' }], required }),
    },
    { clock, onDecision: (record) => decisions.push(record) },
  )
  const server = await startNodeServer(hook, { clock, drainDelayMs: 0 })
  onTestFinished(() => server.stop())
  const service = (clientId: string) =>
    ({
      clientId,
      type: 'service',
      auth: { method: 'client_secret_basic', clientSecret: secretOf(clientId) },
    }) as const
  const placeholder = { audience: 'https://undelegated.invalid', scopes: ['orders:read', 'orders:write'] }
  const okta = await createSandbox({
    port,
    hook: { uri: `${server.origin}/inline-hook`, secret: hookSecret },
    authorizationServers: [
      { id: 'users', audience: 'api://a', scopes: ['a:use'] },
      { id: 'behalf', ...placeholder },
      { id: 'other', ...placeholder },
    ],
    users: [{ login: 'ann@example.com' }],
    apps: [
      { clientId: '0oaWebShop', type: 'spa', redirectUris: ['http://127.0.0.1:3000/callback'] },
      service(apiA),
      service(thief),
    ],
  })
  onTestFinished(() => okta.close())
  return {
    okta,
    issuers,
    jwksUri: `${server.origin}/.well-known/jwks.json`,
    decisions,
    userToken: () => okta.userToken({ login: 'ann@example.com' }),
  }
}
