import type { Sandbox } from '@behalf/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callManagement } from './management-call.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

const letters = ['a', 'b', 'c', 'd', 'e']
let sandbox: Sandbox
beforeAll(async () => {
  const policies = letters.map((name) => ({ name, rules: letters.map((rule) => ({ name: rule })) }))
  sandbox = await createQuickSandbox({
    users: letters.map((letter) => ({ login: `${letter}@example.com` })),
    apps: letters.map((clientId) => ({
      clientId,
      type: 'service',
      auth: { method: 'client_secret_basic', clientSecret: 'a-secret-for-tests' },
    })),
    authorizationServers: letters.map((id) => ({ id, scopes: letters, policies })),
    inlineHooks: letters.map((id) => ({ id, uri: 'http://127.0.0.1:9/', auth: { secret: 's' } })),
    hookKeys: letters.map((id) => ({ id })),
  })
  // Five events for the log.
  for (const id of letters) await callManagement(sandbox, 'POST', `/inlineHooks/${id}/lifecycle/deactivate`)
})
afterAll(() => sandbox.close())

const lists = async (): Promise<readonly string[]> => {
  const { body } = await callManagement(sandbox, 'GET', '/authorizationServers/a/policies')
  return [
    '/users',
    '/apps',
    '/authorizationServers',
    '/authorizationServers/a/scopes',
    '/authorizationServers/a/policies',
    `/authorizationServers/a/policies/${body[0].id}/rules`,
    '/inlineHooks',
    '/hook-keys',
    '/logs',
  ]
}

test('every list is given page by page, each entry once, until there is no next', async () => {
  for (const path of await lists()) {
    const whole = (await callManagement(sandbox, 'GET', path)).body
    expect(whole.length, path).toBeGreaterThanOrEqual(5)
    const seen: unknown[] = []
    let next: string | undefined = `${path}?limit=2`
    while (next !== undefined) {
      const page = await callManagement(sandbox, 'GET', next)
      expect(page.status, path).toBe(200)
      expect(page.body.length, path).toBeLessThanOrEqual(2)
      seen.push(...page.body)
      expect(page.headers.get('link')).toContain('rel="self"')
      next = /<[^>]*\/api\/v1([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1]
    }
    expect(seen, path).toEqual(whole)
  }
})

describe('what is no page is refused', () => {
  test.each([
    ['limit=x', 'E0000001'],
    ['limit=-1', 'E0000001'],
    ['limit=5000', 'E0000001'],
  ])('%s', async (query, errorCode) => {
    for (const path of await lists()) {
      const { status, body } = await callManagement(sandbox, 'GET', `${path}?${query}`)
      expect([status, body.errorCode], path).toEqual([400, errorCode])
    }
  })

  test('a cursor that names no entry, where Okta has cursors', async () => {
    const withCursors = ['/users', '/apps', '/authorizationServers', '/logs']
    for (const path of await lists()) {
      const { status, body } = await callManagement(sandbox, 'GET', `${path}?after=nonsense`)
      if (withCursors.includes(path)) expect([status, body.errorCode], path).toEqual([400, 'E0000029'])
      else expect(body, path).toEqual((await callManagement(sandbox, 'GET', path)).body)
    }
  })
})
