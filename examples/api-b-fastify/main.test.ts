import { fileURLToPath } from 'node:url'
import { clientSecretBasic, createClient } from '@behalf/client'
import { delegatedClaims, type LoopbackServer, listen, TestIssuer } from '@behalf/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApiC } from '../api-c-hono/main.ts'
import { runExample } from '../run-example.ts'
import { startApiB } from './main.ts'

let issuer: TestIssuer
beforeAll(async () => {
  issuer = await TestIssuer.start()
})
afterAll(() => issuer.close())

function delegated(overrides: Readonly<Record<string, unknown>> = {}): string {
  return issuer.sign(delegatedClaims(Math.floor(Date.now() / 1000), overrides))
}

const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } })

it('answers for the user, and says who asks', async () => {
  const lines: string[] = []
  const log = (line: string): void => void lines.push(line)
  const allowedActors = ['0oaApiA']
  const api = await startApiB({ issuer: issuer.issuer, audience: 'api://b', allowedActors, log })
  try {
    const url = `${api.url}/orders`
    const answered = await fetch(url, bearer(delegated()))
    expect([answered.status, await answered.json()]).toEqual([
      200,
      { ordersOf: 'ann@example.com', actors: ['0oaApiA'] },
    ])
    // What Okta issues when its hook could not answer.
    const machine = delegated({ sub: '0oaApiA', act: undefined, assertion: undefined })
    const refused = await fetch(url, bearer(machine))
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="invalid_token"',
    ])
    expect((await fetch(url, bearer(delegated({ scp: [] })))).status).toBe(403)
    const order = (scope: string) => fetch(url, { method: 'POST', ...bearer(delegated({ scp: [scope] })) })
    expect((await order('orders:read')).status).toBe(403)
    expect(await (await order('orders:write')).json()).toEqual({
      orderedFor: 'ann@example.com',
      actors: ['0oaApiA'],
    })
    expect(lines).toEqual([
      expect.stringContaining('token_undelegated'),
      expect.stringContaining('insufficient_scope'),
      expect.stringContaining('insufficient_scope'),
    ])
  } finally {
    await api.close()
  }
})

/** Okta's side of an exchange by API B: puts it in front of the chain of the assertion in the query. */
function startTokenEndpoint(): Promise<LoopbackServer> {
  return listen((request, response) => {
    const assertion = new URL(request.url ?? '', 'http://localhost').searchParams.get('assertion') ?? ''
    const claims = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString())
    const act = { sub: '0oaApiB', sub_profile: 'service', act: claims.act }
    const token = delegated({
      aud: 'api://c',
      cid: '0oaApiB',
      scp: ['stock:read'],
      act,
      assertion: claims.assertion,
    })
    const answer = { access_token: token, token_type: 'Bearer', expires_in: 300, scope: 'stock:read' }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
}

it('asks API C on behalf of the same user, with its own name in front of the chain', async () => {
  await using tokenEndpoint = await startTokenEndpoint()
  const stock = await startApiC({ issuer: issuer.issuer, audience: 'api://c', allowedActors: ['0oaApiB'] })
  const client = createClient({
    issuer: issuer.issuer,
    clientId: '0oaApiB',
    auth: clientSecretBasic('secret'),
    resource: 'api://c',
    tokenEndpoint: `${tokenEndpoint.origin}/token`,
    expectedAudience: 'api://b',
    allowedOrigins: [stock.url],
  })
  const apiC = { url: stock.url, client }
  const api = await startApiB({ issuer: issuer.issuer, audience: 'api://b', apiC })
  try {
    expect(await (await fetch(`${api.url}/orders`, bearer(delegated()))).json()).toEqual({
      ordersOf: 'ann@example.com',
      actors: ['0oaApiA'],
      stock: { stockFor: 'ann@example.com', actors: ['0oaApiB', '0oaApiA'] },
    })
  } finally {
    await api.close()
    await stock.close()
  }
})

it('runs as a program', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  await using program = await runExample(main, { ISSUER: issuer.issuer, AUDIENCE: 'api://b', PORT: '0' })
  expect((await fetch(`${program.url}/orders`, bearer(delegated()))).status).toBe(200)
})
