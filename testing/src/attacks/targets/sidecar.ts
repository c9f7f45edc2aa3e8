import { type Client, clientSecretBasic, createClient } from '@behalf/client'
import { type SidecarConfig, startSidecar } from '@behalf/sidecar'
import { createVerifier } from '@behalf/verify'
import { delegatedClaims } from '../../claims.ts'
import { encodePart } from '../../signing-key.ts'
import { callerSecrets, orders, type SidecarSetup, stock } from '../setup.ts'
import type { SidecarTarget } from '../target.ts'
import type { World } from '../world.ts'
import { sendBytes } from './node.ts'

/** The sidecar in this process, over its own server. */
export const sidecarTarget: SidecarTarget = {
  name: 'sidecar',
  async start(setup, world) {
    const client = clientOf(world)
    const isExchanging = setup === 'loopback' || setup === 'secrets'
    const config = isExchanging ? tokenEndpoint(setup, world, client) : verifyEndpoint(setup, world)
    const running = await startSidecar({ drainDelayMs: 0, drainTimeoutMs: 0, ...config })
    return {
      host: new URL(running.origin).host,
      wire: (bytes) => sendBytes(running.origin, Buffer.from(bytes, 'latin1')),
      asked: () => client.statistics().calls,
      [Symbol.asyncDispose]: () => running.stop(),
    }
  },
}

/** A client of an Okta that issues whatever it is asked for, without a network. */
function clientOf(world: World): Client {
  const issuer = 'https://example.okta.com/oauth2/behalf'
  return createClient({
    issuer,
    tokenEndpoint: `${issuer}/v1/token`,
    clientId: '0oaApiA',
    auth: clientSecretBasic('secret-of-api-a'),
    fetch: async (url) => {
      const { searchParams } = new URL(url)
      const [, payload = ''] = searchParams.get('assertion')?.split('.') ?? []
      const assertion = JSON.parse(Buffer.from(payload, 'base64url').toString())
      const aud = searchParams.get('assertion_resource')
      const claims = delegatedClaims(world.nowSeconds, { iss: issuer, aud, sub: assertion.sub, assertion })
      const token = `${encodePart({ alg: 'RS256', kid: 'k' })}.${encodePart(claims)}.${'A'.repeat(342)}`
      return Response.json({ access_token: token, token_type: 'Bearer', expires_in: 300 })
    },
  })
}

function tokenEndpoint(setup: 'loopback' | 'secrets', world: World, client: Client): SidecarConfig {
  return {
    token: {
      verifier: createVerifier({
        issuer: world.okta.issuer,
        audience: 'api://a',
        accept: ['user', 'machine'],
      }),
      client,
      targets: { [orders]: { scopes: ['orders:read'] }, [stock]: {} },
      callers: setup === 'loopback' ? 'loopback' : { secrets: callerSecrets },
    },
  }
}

function verifyEndpoint(proxy: Exclude<SidecarSetup, 'loopback' | 'secrets'>, world: World): SidecarConfig {
  return {
    verify: {
      proxy,
      verifier: createVerifier({ issuer: world.okta.issuer, audience: 'api://b' }),
      routes: [
        { path: '/admin/**', requiredScopes: ['admin'] },
        { path: '/public/**' },
        { path: '/**', methods: ['GET'] },
      ],
    },
  }
}
