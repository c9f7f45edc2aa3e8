import { TestIssuer } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { BehalfProcess, folderWith } from './behalf-process.ts'
import { recordedTerminal } from './recorded-terminal.ts'

const environment = (issuer: string): Record<string, string> => ({
  DELEGATION_ISSUER: issuer,
  CLIENT_ID: '0oaApiA',
  CLIENT_SECRET: 'secret-of-api-a',
  ISSUER: issuer,
  AUDIENCE: 'api://a',
  RESOURCE: 'https://orders.example',
  PROXY: 'nginx',
  API_AUDIENCE: 'https://orders.example',
})

describe('behalf sidecar', () => {
  it('serves both endpoints from the environment, logs refusals without tokens, stops on SIGTERM', async () => {
    await using issuer = await TestIssuer.start()
    await using sidecar = new BehalfProcess(['sidecar', '--port', '0', '--drain-delay', '200'], {
      env: environment(issuer.issuer),
    })
    const line = await sidecar.line(/listens on/)
    expect(line).toMatch(
      /^behalf: the sidecar listens on http:\/\/127\.0\.0\.1:\d+\/token and http:\/\/127\.0\.0\.1:\d+\/verify$/,
    )
    const origin = /http:\S+(?=\/token)/.exec(line)?.[0] ?? ''
    await expect.poll(async () => (await fetch(`${origin}/readyz`)).status).toBe(200)
    const type = 'urn:ietf:params:oauth:token-type:access_token'
    const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
    const refused = await fetch(`${origin}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: grantType,
        subject_token: 'rubbish',
        subject_token_type: type,
      }),
    })
    expect([refused.status, JSON.parse(await refused.text()).error]).toEqual([400, 'invalid_request'])
    const authorization = 'Bearer rubbish'
    const headers = { authorization, 'x-original-uri': '/orders', 'x-original-method': 'GET' }
    expect((await fetch(`${origin}/verify`, { headers })).status).toBe(401)
    await sidecar.line(/"endpoint":"verify"/)
    const records = sidecar.stdout.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text))
    expect(records).toMatchObject([
      { event: 'refused', endpoint: 'token', status: 400, error: 'invalid_request', code: 'token_invalid' },
      { event: 'refused', endpoint: 'verify', status: 401, reason: expect.stringMatching(/^token_invalid/) },
    ])
    expect(sidecar.stdout.join()).not.toContain('rubbish')
    sidecar.child.kill('SIGTERM')
    await expect.poll(async () => (await fetch(`${origin}/readyz`)).status).toBe(503)
    expect(await sidecar.exitCode()).toBe(0)
  })

  it('says why it is not ready', async () => {
    await using issuer = await TestIssuer.start()
    issuer.keysAnswer = { status: 500 }
    await using sidecar = new BehalfProcess(['sidecar', '--port', '0'], { env: environment(issuer.issuer) })
    expect(await sidecar.line(/no keys of/)).toMatch(/requests are refused: .*500/)
  })

  it('refuses wrong configuration with every fault, and callers without credentials on a foreign address', async () => {
    await using issuer = await TestIssuer.start()
    const { ISSUER, API_AUDIENCE, ...incomplete } = environment(issuer.issuer)
    const faulty = recordedTerminal({ env: incomplete })
    expect(await main(['sidecar'], faulty)).toBe(2)
    expect(faulty.stderr).toEqual([
      'behalf sidecar: the environment: the options are unusable',
      '  - ISSUER: missing; expected it beside CLIENT_ID',
      '  - API_AUDIENCE: missing; expected it beside PROXY',
    ])
    const open = recordedTerminal({ env: environment(issuer.issuer) })
    expect(await main(['sidecar', '--host', '0.0.0.0', '--port', '0'], open)).toBe(2)
    expect(open.stderr.join('\n')).toMatch(/token\.callers: expected secrets or certificates/)
    await using folder = await folderWith({ 'sidecar.config.mjs': 'export default 7' })
    const other = recordedTerminal({ env: {} })
    expect(await main(['sidecar', '--config', `${folder.path}/sidecar.config.mjs`], other)).toBe(2)
    expect(other.stderr.join()).toMatch(/must export defineSidecar/)
  })
})
