import { fileURLToPath } from 'node:url'
import { delegatedClaims, TestIssuer } from '@behalf/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
    expect(lines).toEqual([
      expect.stringContaining('token_undelegated'),
      expect.stringContaining('insufficient_scope'),
    ])
  } finally {
    await api.close()
  }
})

it('asks API C with the token that it was called with', async () => {
  const asked: string[] = []
  const askApiC = async (token: string): Promise<Response> => {
    asked.push(token)
    return Response.json({ stockFor: 'ann@example.com' })
  }
  const api = await startApiB({ issuer: issuer.issuer, audience: 'api://b', askApiC })
  try {
    const token = delegated()
    expect(await (await fetch(`${api.url}/orders`, bearer(token))).json()).toEqual({
      ordersOf: 'ann@example.com',
      actors: ['0oaApiA'],
      stock: { stockFor: 'ann@example.com' },
    })
    expect(asked).toEqual([token])
  } finally {
    await api.close()
  }
})

it('runs as a program', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  await using program = await runExample(main, { ISSUER: issuer.issuer, AUDIENCE: 'api://b', PORT: '0' })
  expect((await fetch(`${program.url}/orders`, bearer(delegated()))).status).toBe(200)
})
