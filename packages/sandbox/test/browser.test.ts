import type { Sandbox } from '@behalf/sandbox'
import { signIn } from '@behalf/sandbox/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createQuickSandbox } from './quick-sandbox.ts'

const origin = 'http://127.0.0.1:3000'
let sandbox: Sandbox
let cookies: Map<string, string>
beforeAll(async () => {
  sandbox = await createQuickSandbox()
  cookies = new Map()
  await signIn({ authorizationUrl: authorize({}), login: 'alice@example.com', cookies })
})
afterAll(() => sandbox.close())

const authorize = (parameters: Record<string, string>): string =>
  `${sandbox.url}/oauth2/default/v1/authorize?${new URLSearchParams({
    client_id: '0oaSpa00000000000001',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${origin}/callback`,
    state: 'a state with </script> in it',
    code_challenge: 'bfoS07cdwgRXrcwGJDHLYh6UFtXC5oIRbuiGFOpl2G8',
    code_challenge_method: 'S256',
    ...parameters,
  })}`

const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

describe('silent renewal by a hidden frame', () => {
  const renew = (headers: Record<string, string>) =>
    fetch(authorize({ prompt: 'none', response_mode: 'okta_post_message' }), { headers, redirect: 'manual' })

  /** What the page posts, and to whom. */
  const posted = (page: string) => {
    const [, message = '', target = ''] = /postMessage\((\{.*\}), (".*")\)/.exec(page) ?? []
    return { message: JSON.parse(message), target: JSON.parse(target) }
  }

  test('posts the code to the page of the app and to no other', async () => {
    const response = await renew({ cookie: cookie() })
    expect(response.status).toBe(200)
    const page = await response.text()
    expect(page.match(/<\/script>/g)).toHaveLength(1)
    expect(posted(page)).toEqual({
      message: expect.objectContaining({ code: expect.any(String), state: 'a state with </script> in it' }),
      target: origin,
    })
    const policy = response.headers.get('content-security-policy')
    expect(policy).toContain(`frame-ancestors ${origin}`)
    expect(policy).toContain("default-src 'none'")
    expect(response.headers.has('x-frame-options')).toBe(false)
  })

  test('or that nobody is signed in', async () => {
    const { message } = posted(await (await renew({})).text())
    expect(message).toMatchObject({ error: 'login_required' })
  })
})

describe('/api/v1/sessions/me', () => {
  const ask = (method: string, headers: Record<string, string>) =>
    fetch(`${sandbox.url}/api/v1/sessions/me`, { method, headers })

  test('tells a page of the app whose session the browser has, and ends it', async () => {
    const headers = { cookie: cookie(), origin }
    const response = await ask('GET', headers)
    expect(await response.json()).toMatchObject({ login: 'alice@example.com', status: 'ACTIVE' })
    expect(response.headers.get('access-control-allow-origin')).toBe(origin)
    expect(response.headers.get('access-control-allow-credentials')).toBe('true')
    expect((await ask('PUT', headers)).status).toBe(405)
    const ended = await ask('DELETE', headers)
    expect(ended.status).toBe(204)
    expect(ended.headers.get('set-cookie')).toMatch(/^sid=; Max-Age=0/)
    expect((await ask('GET', headers)).status).toBe(404)
  })

  test('tells nothing to other pages, nor without the cookie', async () => {
    expect((await ask('GET', { cookie: cookie(), origin: 'https://evil.example' })).status).toBe(403)
    const { status, body } = await ask('GET', {}).then(async (answer) => ({
      status: answer.status,
      body: Object(await answer.json()),
    }))
    expect([status, body.errorCode]).toEqual([404, 'E0000007'])
  })
})

test('revocation answers nothing, of no type', async () => {
  const response = await fetch(`${sandbox.url}/oauth2/default/v1/revoke`, {
    method: 'POST',
    body: new URLSearchParams({ token: 'x', client_id: '0oaSpa00000000000001' }),
  })
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    200,
    null,
    '',
  ])
})
