import { request as send } from 'node:http'
import { text } from 'node:stream/consumers'
import type { RunningServer } from '@behalf/sidecar'
import { createVerifier } from '@behalf/verify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSidecarOfApiA } from '../../../examples/demo/sidecar.ts'
import { signInToWebShop } from '../../../examples/demo/sign-in.ts'
import { apiA, orders, startWorld, type World } from '../../../examples/demo/world.ts'
import { readRecipes } from '../recipes.ts'
import { gateways, type WireRequest } from './gateways.ts'

const secret = 'secret-of-the-gateway'
const documented = readRecipes('docs/gateways.md', 'yaml')
const settingsOf = (name: string): string => documented.get(name) ?? ''

const stack = new AsyncDisposableStack()
let world: World
let onLoopback: RunningServer
let elsewhere: RunningServer
let assertion: string

beforeAll(async () => {
  world = stack.use(await startWorld({ now: () => Date.now() }))
  onLoopback = await startSidecarOfApiA(world)
  stack.defer(() => onLoopback.stop())
  elsewhere = await startSidecarOfApiA(world, { secrets: { gateway: secret } })
  stack.defer(() => elsewhere.stop())
  assertion = await signInToWebShop(world.issuers.users)
})
afterAll(() => stack.disposeAsync())

/** Sends what a gateway does and nothing else: no client of ours adds a header. */
async function exchange({ origin }: RunningServer, { path, headers, body }: WireRequest) {
  const call = send(`${origin}${path}`, { method: 'POST', headers, setDefaultHeaders: false })
  call.setHeader('Host', new URL(origin).host)
  call.setHeader('Content-Length', Buffer.byteLength(body))
  const answered = new Promise<{ status: number | undefined; answer: Record<string, unknown> }>(
    (resolve, reject) => {
      call.once('error', reject).once('response', async (response) => {
        resolve({ status: response.statusCode, answer: JSON.parse(await text(response)) })
      })
    },
  )
  call.end(body)
  return answered
}

test('the document shows each of them', () => {
  expect([...documented.keys()]).toEqual(gateways.map(({ name }) => name))
})

describe.each(gateways)('$name', ({ name, request, demands }) => {
  const wire = (token = assertion, key = secret): WireRequest => request(settingsOf(name), token, key)

  test.each(['on loopback', 'elsewhere'])('gets a token for API B from a sidecar %s', async (place) => {
    const { status, answer } = await exchange(place === 'elsewhere' ? elsewhere : onLoopback, wire())
    expect(status).toBe(200)
    for (const member of demands) expect([member, Boolean(answer[member])]).toEqual([member, true])
    expect(answer['token_type']).toBe('Bearer')
    const apiB = createVerifier({ issuer: world.issuers.delegation, audience: orders })
    expect(await apiB.verify(String(answer['access_token']))).toMatchObject({
      subject: 'ann@example.com',
      actor: { sub: apiA },
      scopes: ['orders:read'],
    })
  })

  test('without its credentials it gets none elsewhere', async () => {
    const { headers, ...rest } = wire()
    const without = Object.entries(headers).filter(([header]) => header.toLowerCase() !== 'authorization')
    const { status, answer } = await exchange(elsewhere, { ...rest, headers: Object.fromEntries(without) })
    expect([status, answer['error']]).toEqual([401, 'invalid_client'])
  })

  test("a token that is not the user's for this gateway is the caller's fault", async () => {
    const { status, answer } = await exchange(onLoopback, wire(`${assertion.slice(0, -8)}AAAAAAAA`))
    expect([status, answer['error']]).toEqual([400, 'invalid_request'])
  })
})

test('what LiteLLM puts into the body by default is passed over on loopback, and is not enough elsewhere', async () => {
  const settings = settingsOf('litellm').replace(/^ *token_endpoint_auth_method.*\n/m, '')
  const wire = gateways.find(({ name }) => name === 'litellm')?.request(settings, assertion, secret)
  if (wire === undefined) throw new Error('unreachable')
  expect(wire.body).toContain('client_secret=')
  expect((await exchange(onLoopback, wire)).status).toBe(200)
  expect((await exchange(elsewhere, wire)).status).toBe(401)
})

// The last one, because the hook does not come back.
test.each(gateways)(
  '$name gets 503 when the hook is down, and never the plain token',
  async ({ name, request }) => {
    await world.hook.stop()
    const another = await signInToWebShop(world.issuers.users)
    const { status, answer } = await exchange(onLoopback, request(settingsOf(name), another, secret))
    expect([status, answer['error'], answer['access_token']]).toEqual([
      503,
      'temporarily_unavailable',
      undefined,
    ])
  },
)
