import { join } from 'node:path'
import { hookEvent, TestIssuer, userClaims } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { folderWith } from './behalf-process.ts'
import { recordedTerminal } from './recorded-terminal.ts'

const recordedAt = Date.UTC(2026, 10, 1) / 1000

async function replay(issuer: TestIssuer, event: object | string, ...args: string[]) {
  const text = typeof event === 'string' ? event : JSON.stringify(event)
  await using folder = await folderWith({ 'event.json': text })
  const env = {
    ISSUER: issuer.issuer,
    AUDIENCE: 'api://a',
    HOOK_SECRET: 'hook-secret-0123456789',
    CLIENT_IDS: '0oaApiA',
  }
  const terminal = recordedTerminal({ env })
  const code = await main(['replay', join(folder.path, 'event.json'), ...args], terminal)
  return { code, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') }
}

describe('behalf replay', () => {
  it('decides as of the time of the recording, and explains each step', async () => {
    await using issuer = await TestIssuer.start()
    const event = hookEvent({ assertion: issuer.sign(userClaims(recordedAt)) })
    const { code, stdout } = await replay(issuer, event)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^verify +continued .*ann@example\.com/m)
    expect(stdout).toMatch(/^permitted$/m)
    expect(stdout).not.toMatch(/eyJ/)
  })

  it('decides as of another time when told', async () => {
    await using issuer = await TestIssuer.start()
    const event = hookEvent({ assertion: issuer.sign(userClaims(recordedAt)) })
    const { code, stdout } = await replay(issuer, event, '--at', '2026-11-02T00:00:00Z', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ permitted: false, at: '2026-11-02T00:00:00.000Z' })
    expect(stdout).toContain('assertion_expired')
  })

  it('says what is wrong with a recording', async () => {
    await using issuer = await TestIssuer.start()
    expect(await replay(issuer, { eventTime: 'today' })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no usable eventTime/),
    })
    expect(await replay(issuer, '{ "eventTime": }')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is no hook request: it is refused as JSON: malformed/),
    })
    const terminal = recordedTerminal()
    expect(await main(['replay', 'none.json'], terminal)).toBe(2)
    expect(await main(['replay'], terminal)).toBe(2)
  })
})
