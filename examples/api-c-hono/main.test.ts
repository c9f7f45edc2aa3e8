import { fileURLToPath } from 'node:url'
import { delegatedClaims, TestIssuer } from '@behalf/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runExample } from '../run-example.ts'
import { startApiC } from './main.ts'

let issuer: TestIssuer
beforeAll(async () => {
  issuer = await TestIssuer.start()
})
afterAll(() => issuer.close())

/** What API C is called with at the end of a chain: the user, API B now, API A before. */
function chainToken(overrides: Readonly<Record<string, unknown>> = {}): string {
  const act = { sub: '0oaApiB', sub_profile: 'service', act: { sub: '0oaApiA', sub_profile: 'service' } }
  const claims = { aud: 'api://c', cid: '0oaApiB', scp: ['stock:read'], act, ...overrides }
  return issuer.sign(delegatedClaims(Math.floor(Date.now() / 1000), claims))
}

const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } })

it('answers for the user, and names the chain', async () => {
  const lines: string[] = []
  const log = (line: string): void => void lines.push(line)
  const allowedActors = ['0oaApiB']
  const api = await startApiC({ issuer: issuer.issuer, audience: 'api://c', allowedActors, log })
  try {
    const url = `${api.url}/stock`
    const answered = await fetch(url, bearer(chainToken()))
    expect([answered.status, await answered.json()]).toEqual([
      200,
      { stockFor: 'ann@example.com', actors: ['0oaApiB', '0oaApiA'] },
    ])
    const skipping = chainToken({ cid: '0oaApiA', act: { sub: '0oaApiA' } })
    expect((await fetch(url, bearer(skipping))).status).toBe(403)
    const machine = chainToken({ sub: '0oaApiB', act: undefined, assertion: undefined })
    const refused = await fetch(url, bearer(machine))
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="invalid_token"',
    ])
    expect(lines).toEqual([
      expect.stringContaining('actor_not_allowed'),
      expect.stringContaining('token_undelegated'),
    ])
  } finally {
    await api.close()
  }
})

it('runs as a program', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  await using program = await runExample(main, { ISSUER: issuer.issuer, AUDIENCE: 'api://c', PORT: '0' })
  expect((await fetch(`${program.url}/stock`, bearer(chainToken()))).status).toBe(200)
})
