import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { RunningServer } from '@behalf/sidecar'
import { createVerifier } from '@behalf/verify'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSidecarOfApiA } from '../../../examples/demo/sidecar.ts'
import { signInToWebShop } from '../../../examples/demo/sign-in.ts'
import { apiA, orders, startWorld, type World } from '../../../examples/demo/world.ts'
import { python } from '../debian.ts'
import { withOutsider } from '../outsider.ts'

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const caller = { id: 'gateway', secret: 'secret-of-the-gateway' }

const stack = new AsyncDisposableStack()
let world: World
let sidecar: RunningServer
let assertion: string

beforeAll(async () => {
  world = stack.use(await startWorld({ now: () => Date.now() }))
  sidecar = await startSidecarOfApiA(world, { secrets: { [caller.id]: caller.secret } })
  stack.defer(() => sidecar.stop())
  assertion = await signInToWebShop(world.issuers.users)
})
afterAll(() => stack.disposeAsync())

const parameters = (): Record<string, string> => ({
  subject_token: assertion,
  subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  resource: orders,
  scope: 'orders:read',
})

/** What API B makes of the token. */
async function expectDelegated({ access_token: token, ...answer }: Readonly<Record<string, unknown>>) {
  expect(answer).toMatchObject({
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: expect.stringMatching(/^bearer$/i),
    scope: 'orders:read',
  })
  const apiB = createVerifier({ issuer: world.issuers.delegation, audience: orders })
  expect(await apiB.verify(String(token))).toMatchObject({ subject: 'ann@example.com', actor: { sub: apiA } })
}

test('oauth4webapi exchanges a token', async () => {
  const server = { issuer: sidecar.origin, token_endpoint: `${sidecar.origin}/token` }
  const client = { client_id: caller.id }
  const response = await oauth.genericTokenEndpointRequest(
    server,
    client,
    oauth.ClientSecretBasic(caller.secret),
    grantType,
    parameters(),
    { [oauth.allowInsecureRequests]: true },
  )
  await expectDelegated(await oauth.processGenericTokenEndpointResponse(server, client, response))
})

test('openid-client exchanges a token, and is told what is wrong in words that it knows', async () => {
  const server = { issuer: sidecar.origin, token_endpoint: `${sidecar.origin}/token` }
  const config = new openid.Configuration(
    server,
    caller.id,
    undefined,
    openid.ClientSecretBasic(caller.secret),
  )
  openid.allowInsecureRequests(config)
  await expectDelegated(await openid.genericGrantRequest(config, grantType, parameters()))
  const other = { ...parameters(), resource: 'https://elsewhere.example' }
  await expect(openid.genericGrantRequest(config, grantType, other)).rejects.toMatchObject({
    status: 400,
    error: 'invalid_target',
  })
  const stranger = new openid.Configuration(server, caller.id, undefined, openid.ClientSecretBasic('wrong'))
  openid.allowInsecureRequests(stranger)
  await expect(openid.genericGrantRequest(stranger, grantType, parameters())).rejects.toMatchObject({
    status: 401,
    code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
  })
})

/** A program that prints the answer of the token endpoint. */
async function run(command: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  const path = fileURLToPath(new URL(`clients/${file}`, import.meta.url))
  const args = [path, `${sidecar.origin}/token`, assertion, caller.id, caller.secret]
  const { stdout } = await promisify(execFile)(command, args)
  return JSON.parse(stdout)
}

withOutsider({ name: 'curl', debianPackage: 'curl', probe: ['curl', '--version'] }, () => {
  test('exchanges a token', async () => {
    await expectDelegated(await run('sh', 'curl.sh'))
  })
})

withOutsider(
  { name: 'Authlib', debianPackage: 'python3-authlib', probe: [python, '-c', 'import authlib, requests'] },
  () => {
    test('exchanges a token', async () => {
      await expectDelegated(await run(python, 'authlib-client.py'))
    })
  },
)
