import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BehalfConfig, ConfigError, configFromEnvironment, createHook, type Hook } from '@behalf/hook'
import { hookEvent, ManualClock, TestIssuer, userClaims } from '@behalf/testing'
import { readAnswer } from '@behalf/testing/hook'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { secretsIn } from '../../src/secrets/stored-text.ts'

const withoutSecret = { ISSUER: 'https://example.okta.com/oauth2/default', AUDIENCE: 'api://a' }
const good = '7,kQ0-secret-0123456789'

/** The fault of each variable. */
function faultsOf(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  try {
    createHook(configFromEnvironment({ ...withoutSecret, ...variables }))
    return {}
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return Object.fromEntries(error.faults.map(({ path, problem }) => [path, problem]))
  }
}

async function codeFor(hook: Hook, secret: string): Promise<string> {
  const headers = new Map([['authorization', [secret]]])
  const { body } = await hook.handle({ headers, body: '{}' })
  return readAnswer(body).outcome
}

const unauthenticated = 'caller_unauthenticated'

describe('a secret', () => {
  it.each([
    ['one character', 'x', /^must have at least 16 characters$/],
    ['fifteen characters', 'x'.repeat(15), /^must have at least 16 characters$/],
    ['in double quotes', `"${good}"`, /^is in quotes; write what stands between them$/],
    ['in single quotes', `'${good}'`, /^is in quotes/],
    ['in quotes that were escaped', `\\"${good}\\"`, /^is in quotes/],
    ['in typographic quotes', `“${good}”`, /^is in quotes/],
    ['in typographic quotes that open below, with blanks around them', ` „${good}” `, /^is in quotes/],
    ['behind a byte order mark', `\ufeff${good}`, /^begins with a byte order mark/],
    ['a variable that nobody has replaced', `\${HOOK_SECRET_OF_BEHALF}`, /^is a reference that nobody/],
    ['a template that nobody has rendered', '{{ .Values.hookSecret }}', /^is a reference/],
    [
      'a reference that Azure has not resolved',
      '@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/hook)',
      /^is a reference/,
    ],
    ['such a reference in lower case', '@microsoft.keyvault(secreturi=https://x.example)', /^is a reference/],
    ['a JSON object', `{"secret":"${good}"}`, /^is JSON; write the secret alone$/],
    ['a JSON list', `["${good}"]`, /^is JSON/],
    ['a JSON list over several lines', `[\n  "${good}"\n]`, /^is JSON/],
    ['with a blank before it', ` ${good}`, /^must be visible ASCII without surrounding spaces/],
    ['with a tab behind it', `${good}\t`, /^must be visible ASCII/],
    ['in quotes with blanks around them', ` "${good}" `, /^is in quotes/],
    ['with an accent', `${good}\u00e9`, /^must be visible ASCII/],
    ['of 513 characters', 'x'.repeat(513), /^must be visible ASCII without surrounding spaces, up to 512/],
  ])('%s is refused, and it is said what to write', (_name, secret, problem) => {
    const faults = faultsOf({ HOOK_SECRET: secret, HOOK_SECRET_PREVIOUS: secret })
    expect(faults).toEqual({
      HOOK_SECRET: expect.stringMatching(problem),
      HOOK_SECRET_PREVIOUS: expect.stringMatching(problem),
    })
    expect(JSON.stringify(faults)).not.toContain('kQ0')
  })

  it('in a list of the configuration is refused in the same words, and so is one with a line break', () => {
    const config: BehalfConfig = {
      authenticate: { secrets: [`${good}\n`, 'short', `"${good}"`] },
      issuers: [{ issuer: withoutSecret.ISSUER, audiences: ['api://a'] }],
      clients: 'any',
    }
    expect(() => createHook(config)).toThrow(
      /secrets\[0\]: must not end with a line break; trim it\n.*secrets\[1\]: must have at least 16.*\n.*secrets\[2\]: is in quotes/,
    )
  })

  it.each(['\n', '\r\n', '\n\n'])(
    'in the environment may end with %j, which is no part of it',
    async (end) => {
      const hook = createHook(configFromEnvironment({ ...withoutSecret, HOOK_SECRET: good + end }))
      expect(await codeFor(hook, good)).not.toBe(unauthenticated)
    },
  )

  it('is never taken apart, whatever characters were drawn for it', async () => {
    const drawn = fc
      .string({
        unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
        minLength: 16,
        maxLength: 64,
      })
      .filter((text) => !/^["'`{[]/.test(text) && !text.startsWith('arn:'))
    await fc.assert(
      fc.asyncProperty(drawn, async (secret) => {
        const hook = createHook(configFromEnvironment({ ...withoutSecret, HOOK_SECRET: secret }))
        expect(await codeFor(hook, secret)).not.toBe(unauthenticated)
        for (const fragment of secret.split(/[,;:\s]/).filter((part) => part !== secret))
          expect(await codeFor(hook, fragment)).toBe(unauthenticated)
        expect(secretsIn(secret)).toEqual([secret])
      }),
    )
  })
})

describe('several secrets', () => {
  it('of the environment count both, each as it is', async () => {
    const hook = createHook(
      configFromEnvironment({
        ...withoutSecret,
        HOOK_SECRET: good,
        HOOK_SECRET_PREVIOUS: 'former,secret-0123',
      }),
    )
    for (const secret of [good, 'former,secret-0123'])
      expect(await codeFor(hook, secret)).not.toBe(unauthenticated)
    for (const secret of ['7', 'kQ0-secret-0123456789', 'former', 'secret-0123'])
      expect(await codeFor(hook, secret)).toBe(unauthenticated)
  })

  it('need a current one, and each is named in one way', () => {
    expect(faultsOf({ HOOK_SECRET_PREVIOUS: good })).toEqual({ HOOK_SECRET: 'is not set' })
    expect(faultsOf({ HOOK_SECRET: good, HOOK_SECRET_FILE: '/run/secrets/hook' })).toEqual({
      HOOK_SECRET_FILE: 'is set beside HOOK_SECRET; leave one out',
    })
    expect(faultsOf({ HOOK_SECRET: good, HOOK_SECRET_PREVIOUS_FILE: ' ' })).toEqual({
      HOOK_SECRET_PREVIOUS_FILE: 'is empty; leave it out, or name a file',
    })
    expect(faultsOf({ HOOK_SECRET: good, HOOK_SECRET_PREVIOUS: '' })).toEqual({
      HOOK_SECRET_PREVIOUS: 'must have at least 16 characters',
    })
    expect(faultsOf({ HOOK_SECRET: `arn:aws:ssm:eu-west-1:123456789012:parameter/a,arn:aws:ssm:x` })).toEqual(
      {
        HOOK_SECRET: 'is no ARN of a Secrets Manager secret or an SSM parameter',
      },
    )
  })

  it.each([
    [`["${good}", "former-secret-0123456789"]`, [good, 'former-secret-0123456789']],
    [
      `{ "current": "${good}", "previous": "former-secret-0123456789" }\n`,
      [good, 'former-secret-0123456789'],
    ],
    [`${good}\n`, [good]],
    ['{not JSON, but long enough}', ['{not JSON, but long enough}']],
    ['{"secret":"x"}', ['{"secret":"x"}']],
    ['{"current":"x","secret":"y"}', ['{"current":"x","secret":"y"}']],
    ['[5]', ['[5]']],
  ])('that a store holds are read from %j', (text, secrets) => {
    expect(secretsIn(text)).toEqual(secrets)
  })
})

describe('a secret in a file', () => {
  const file = join(tmpdir(), `behalf-secret-${process.pid}`)
  beforeEach(() => writeFile(file, `${good}\n`))
  afterEach(() => rm(file, { force: true }))

  it('counts without the line break at its end, and its rotation is noticed', async () => {
    await using issuer = await TestIssuer.start()
    const clock = new ManualClock()
    const hook = createHook(
      configFromEnvironment({ ISSUER: issuer.issuer, AUDIENCE: 'api://a', HOOK_SECRET_FILE: file }),
      { clock },
    )
    expect(hook.secretsStatus()).toEqual({ ready: false })
    await hook.load()
    expect(hook.secretsStatus()).toEqual({ ready: true })
    const event = hookEvent({ assertion: issuer.sign(userClaims(Math.floor(clock.now() / 1_000))) })
    const exchange = async (secret: string): Promise<string> => {
      const headers = new Map([['authorization', [secret]]])
      return readAnswer((await hook.handle({ headers, body: JSON.stringify(event) })).body).outcome
    }
    expect(await exchange(good)).toBe('permit')

    await writeFile(file, 'next,secret-0123456789')
    clock.advance(60_000)
    expect(await exchange('next,secret-0123456789')).toBe('permit')
    expect(await exchange(good)).toBe(unauthenticated)
  })

  it.each([
    ['is missing', undefined, 'Error (ENOENT) was thrown'],
    ['is empty', '', 'one of them must have at least 16 characters'],
    ['holds quotes', `"${good}"\n`, 'one of them is in quotes; write what stands between them'],
    ['holds JSON', `{"secret":"${good}"}`, 'one of them is JSON; write the secret alone'],
  ])('that %s is no secret, and it is said why', async (_name, text, fault) => {
    if (text === undefined) await rm(file)
    else await writeFile(file, text)
    const hook = createHook(configFromEnvironment({ ...withoutSecret, HOOK_SECRET_FILE: file }), {
      fetch: () => Promise.reject(new Error('no network here')),
    })
    await hook.load()
    expect(hook.secretsStatus()).toEqual({ ready: false, fault })
    expect(await codeFor(hook, text ?? good)).toBe(unauthenticated)
  })
})
