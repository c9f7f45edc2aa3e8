import { describe, expect, test } from 'vitest'
import { basic } from './machine-token.ts'
import { callManagement } from './management-call.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

const start = 1_900_000_000_000
const windowMs = 60_000

function organ() {
  const clock = { ms: start, now: () => clock.ms }
  return { clock, sandbox: createQuickSandbox({ clock, rateLimits: { token: 2, management: 2 } }) }
}

const remaining = (headers: Headers) => headers.get('x-rate-limit-remaining')

test('a reset begins to count anew', async () => {
  await using sandbox = await organ().sandbox
  const ask = async () => (await callManagement(sandbox, 'GET', '/apps')).status
  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429])
  await sandbox.reset()
  expect(await ask()).toBe(200)
})

describe('a limit counts, refuses and ends with its minute', () => {
  test('of token requests', async () => {
    const { clock, sandbox: starting } = organ()
    await using sandbox = await starting
    const ask = () =>
      fetch(`${sandbox.url}/oauth2/default/v1/token?assertion=x`, {
        method: 'POST',
        headers: basic(),
        body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }),
      })
    expect([remaining((await ask()).headers), remaining((await ask()).headers)]).toEqual(['1', '0'])
    const refused = await ask()
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject({ errorCode: 'E0000047', errorCauses: [] })
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'x-rate-limit-limit': '2',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String((Math.floor(start / windowMs) + 1) * 60),
      'x-okta-request-id': expect.stringMatching(/^req/),
    })
    expect(refused.headers.has('retry-after')).toBe(false)
    expect(sandbox.systemLog.events('system.org.rate_limit.violation')).toMatchObject([
      { outcome: { result: 'DENY' } },
    ])
    clock.ms += windowMs
    expect((await ask()).status).toBe(200)
  })

  test('of the management API', async () => {
    const { clock, sandbox: starting } = organ()
    await using sandbox = await starting
    const ask = () => callManagement(sandbox, 'GET', '/apps')
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(200)
    const { status, body, headers } = await ask()
    expect([status, body.errorCode, headers.has('retry-after')]).toEqual([429, 'E0000047', false])
    clock.ms += windowMs
    expect((await ask()).status).toBe(200)
  })
})
