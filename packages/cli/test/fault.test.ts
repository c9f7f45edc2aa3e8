import { createSandbox, defaultApiToken, defaultOrg, type Sandbox } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { recordedTerminal } from './recorded-terminal.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await createSandbox(oneServer)
})
afterAll(() => sandbox.close())

async function fault(...args: string[]) {
  const terminal = recordedTerminal({ env: { OKTA_API_TOKEN: defaultApiToken } })
  const code = await main(['fault', ...args, '--sandbox', sandbox.url], terminal)
  return { code, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') }
}

describe('behalf fault', () => {
  it('brings a fault about, lists it and clears it', async () => {
    const [, { clientId }] = defaultOrg.apps
    expect(await fault('client-revoked', `clientId=${clientId}`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^in force: client-revoked clientId=0oaApiA0+1 \(\S+\)$/),
    })
    expect(await fault('clock-skew', 'seconds=-90')).toMatchObject({ code: 0 })
    const [, skew] = sandbox.faults
    expect(sandbox.faults.map(({ fault: { kind } }) => kind)).toEqual(['client-revoked', 'clock-skew'])
    expect((await fault('list')).stdout).toMatch(/^client-revoked .*\nclock-skew seconds=-90 \(\S+\)$/)
    expect((await fault('clear', skew?.id ?? '')).stdout).toBe('cleared')
    expect(sandbox.faults).toHaveLength(1)
    await fault('clear')
    expect((await fault('list')).stdout).toBe('no fault is in force')
  })

  it('lists the kinds with what they take', async () => {
    expect((await fault('kinds')).stdout).toMatch(
      /^hook-slow +delayMs=… +the hook answers late: plain token once/m,
    )
    expect(JSON.parse((await fault('kinds', '--json')).stdout)).toContainEqual(
      expect.objectContaining({ kind: 'hook-status' }),
    )
  })

  it.each([
    [['nonsense'], 1, /the sandbox refuses it: .*kind: expected one of/],
    [['hook-slow'], 1, /delayMs: is missing/],
    [['hook-slow', '4000'], 2, /NAME=VALUE/],
    [['hook-slow', 'delayMs=10', 'bogus=1'], 1, /bogus: is not known; expected kind, delayMs/],
    [['clear', 'fault-99'], 1, /Resource not found: fault-99/],
    [[], 2, /expected KIND\S+: the kind of a fault/],
    [['list', 'more'], 2, /'more' is one word too many for behalf fault list/],
    [['clear', 'fault-1', 'fault-2'], 2, /'fault-2' is one word too many/],
  ])('says what is wrong with %j', async (args, code, sentence) => {
    const outcome = await fault(...args)
    expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringMatching(sentence)])
  })

  it('tells its token to nobody but a sandbox that runs', async () => {
    for (const [url, code] of [
      ['https://no-such-host.invalid', 2],
      ['http://127.0.0.1:9', 1],
    ] as const) {
      const terminal = recordedTerminal({ env: { OKTA_API_TOKEN: 'any' } })
      expect(await main(['fault', 'list', '--sandbox', url], terminal)).toBe(code)
    }
  })

  it('says where the token is that it needs', async () => {
    const terminal = recordedTerminal()
    expect(await main(['fault', 'list', '--sandbox', sandbox.url], terminal)).toBe(2)
    expect(terminal.stderr.join('\n')).toMatch(/OKTA_API_TOKEN is not set; the sandbox prints it/)
  })
})
