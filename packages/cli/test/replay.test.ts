import { join } from 'node:path'
import { hookEvent, SealingPair, TestIssuer, userClaims } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { folderWith } from './behalf-process.ts'
import { recordedTerminal } from './recorded-terminal.ts'

const recordedAt = Date.UTC(2026, 10, 1) / 1000

const pair = new SealingPair('seal-1')

async function replay(issuer: TestIssuer, event: object | string, ...args: string[]) {
  return replayWith({}, issuer, event, ...args)
}

async function replayWith(
  variables: Readonly<Record<string, string>>,
  issuer: TestIssuer,
  event: object | string,
  ...args: string[]
) {
  const text = typeof event === 'string' ? event : JSON.stringify(event)
  await using folder = await folderWith({ 'event.json': text, 'keys.json': JSON.stringify(pair.jwk) })
  const env = {
    ...variables,
    ISSUER: issuer.issuer,
    AUDIENCE: 'api://a',
    HOOK_SECRET: 'hook-secret-0123456789',
    CLIENT_IDS: '0oaApiA',
  }
  const terminal = recordedTerminal({ env })
  const code = await main(
    [
      'replay',
      join(folder.path, 'event.json'),
      ...args.map((arg) => arg.replace('KEYS', join(folder.path, 'keys.json'))),
    ],
    terminal,
  )
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

  describe('of a sealed assertion', () => {
    const sealedEvent = (issuer: TestIssuer) =>
      hookEvent({
        assertion: pair.seal({
          assertion: issuer.sign(userClaims(recordedAt)),
          client_id: '0oaApiA',
          aud: String(Object(hookEvent({})).data.access.claims.iss),
          iat: recordedAt,
          jti: 'once',
        }),
      })
    const own = { SEALING_KEYS: JSON.stringify(pair.jwk) }

    it.each([
      ['the keys of the configuration', own, []],
      ['a file of keys, where the hook has none', {}, ['--seal-key', 'KEYS']],
      [
        'a file of keys, where the hook has others',
        { SEALING_KEYS: JSON.stringify(new SealingPair('b').jwk) },
        ['--seal-key', 'KEYS'],
      ],
    ] as const)('opens it with %s', async (_, variables, args) => {
      await using issuer = await TestIssuer.start()
      const { code, stdout } = await replayWith(variables, issuer, sealedEvent(issuer), ...args)
      expect(stdout).toMatch(/^open +continued +it was sealed for the key seal-1$/m)
      expect(stdout).toMatch(/^verify +continued .*ann@example\.com/m)
      expect(stdout).not.toMatch(/eyJ/)
      expect(code).toBe(0)
    })

    it.each([
      ['seal_key_unknown', { SEALING_KEYS: JSON.stringify(new SealingPair('b').jwk) }],
      ['assertion_encrypted', {}],
    ])('says %s and how to open it without the key', async (reason, variables) => {
      await using issuer = await TestIssuer.start()
      const { code, stdout } = await replayWith(variables, issuer, sealedEvent(issuer))
      expect(code).toBe(1)
      expect(stdout).toMatch(new RegExp(`^open +denied +${reason}`, 'm'))
      expect(stdout).toMatch(/it is sealed for the key seal-1; --seal-key FILE/)
    })

    it('goes by the configuration for a bare one, whatever keys are given', async () => {
      await using issuer = await TestIssuer.start()
      const bare = hookEvent({ assertion: issuer.sign(userClaims(recordedAt)) })
      const { stdout } = await replayWith(own, issuer, bare, '--seal-key', 'KEYS')
      expect(stdout).toMatch(/^open +denied +seal_required/m)
      expect((await replay(issuer, bare, '--seal-key', 'KEYS')).code).toBe(0)
    })

    it.each([
      ['uses nothing up', JSON.stringify(pair.jwk), /^claim +continued +not claimed/m],
      ['needs no key of the configuration', 'undefined', /^open +denied +seal_key_unknown/m],
    ])('%s', async (_, keys, step) => {
      await using issuer = await TestIssuer.start()
      await using folder = await folderWith({
        'behalf.config.ts': `import { sealed } from '${import.meta.resolve('@behalf/hook/sealing')}'
          export default {
            authenticate: { secrets: ['hook-secret-0123456789'] },
            issuers: [{ issuer: '${issuer.issuer}', audiences: ['api://a'] }],
            clients: { '0oaApiA': {} },
            sealing: sealed({ keys: ${keys}, store: { claim: () => { throw new Error('claimed') } } }),
          }`,
      })
      const { stdout } = await replay(
        issuer,
        sealedEvent(issuer),
        '--config',
        join(folder.path, 'behalf.config.ts'),
      )
      expect(stdout).toMatch(step)
    })
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
