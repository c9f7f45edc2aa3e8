import { createSandbox, defaultApiToken, type Sandbox } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { recordedTerminal } from './recorded-terminal.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await createSandbox(oneServer)
})
afterAll(() => sandbox.close())

async function token(...args: string[]) {
  const terminal = recordedTerminal({ env: { OKTA_API_TOKEN: defaultApiToken } })
  const code = await main(['token', ...args, '--sandbox', sandbox.url], terminal)
  return { code, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') }
}

describe('behalf token', () => {
  it("prints a user's token and nothing else", async () => {
    const { code, stdout } = await token('alice@example.com', '--scope', 'orders:read')
    expect(code).toBe(0)
    expect(decodeJwt(stdout)).toMatchObject({ sub: 'alice@example.com', scp: ['orders:read'] })
    const asJson = JSON.parse((await token('alice@example.com', '--json')).stdout)
    expect(decodeJwt(asJson.access_token)['scp']).toEqual(['orders:read', 'orders:write'])
  })

  it.each([
    [['nobody@example.com'], 1, /the org has no user 'nobody@example.com'/],
    [['alice@example.com', '--app', '0oaNone'], 1, /the org has no app '0oaNone'/],
    [['alice@example.com', '--server', 'none'], 1, /no authorization server 'none'/],
    [[], 2, /LOGIN|who signs in/],
  ])('says what is wrong with %j', async (args, code, sentence) => {
    const outcome = await token(...args)
    expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringMatching(sentence)])
  })
})
