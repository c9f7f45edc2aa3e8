import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { delegatedClaims, generateSigningKey, listen, signJwt } from '@behalf/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { folderWith } from './behalf-process.ts'
import './okta-sdk-loaded.ts'
import { recordedTerminal } from './recorded-terminal.ts'

const hostile = fc
  .array(
    fc.constantFrom(
      '\u001b[31m',
      '\u001b]0;x\u0007',
      '\u001b]8;;http://evil\u001b\\',
      '\u009b2J',
      '\r',
      '\n✓ ok',
      '\u202e',
      '\u2028',
      '\u200b',
      '\u{e0041}',
      'ann',
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => `x${parts.join('')}`)

/** An org that answers whatever is asked with names and sentences of its own choice. */
async function hostileOrg(text: string) {
  return listen(({ url = '', method }, response) => {
    const origin = `http://${response.req.headers.host}`
    const lists = /\/api\/v1\/(?!authorizationServers\/default$)|\/keys/.test(url) && method === 'GET'
    const member = {
      id: text,
      name: text,
      label: text,
      status: text,
      system: false,
      conditions: { people: text },
    }
    const refuses = text.length % 3 === 0
    const issuer = url.includes('default') ? `${origin}/oauth2/default` : text
    const document = refuses
      ? {
          errorCode: text,
          errorSummary: text,
          errorCauses: [{ errorSummary: text }],
          error: text,
          error_description: text,
        }
      : lists
        ? [member]
        : {
            ...member,
            issuer,
            jwks_uri: `${origin}/keys`,
            token_endpoint: `${origin}/token`,
            keys: [{ kid: text }],
          }
    response
      .writeHead(refuses ? 400 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(document))
  })
}

/** What none but the terminal itself may print, and no line holds more than a line. */
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

describe('whatever a command is told by others', () => {
  it('does not steer the terminal', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        await using org = await hostileOrg(text)
        await using folder = await folderWith({
          'c.mjs': `export default { clients: { [${JSON.stringify(text)}]: 7 }, issuers: [{ [${JSON.stringify(text)}]: 1 }] }`,
          't.yaml': `cases: [{ name: ${JSON.stringify(text)}, expect: permit, ${JSON.stringify(text)}: 1 }]`,
          'p.cedar': `@id(${JSON.stringify(text).replaceAll('\\u', '\\x')}) permit(principal, action, resource) when { nonsense };`,
          'e.json': JSON.stringify({ eventTime: '2026-11-01T00:00:00Z', data: text }),
          'org.yaml': `users: [{ login: ${JSON.stringify(text)}, ${JSON.stringify(text)}: 1 }]`,
        })
        const file = (name: string): string => join(folder.path, name)
        const issuer = `${org.origin}/oauth2/default`
        const token = signJwt(generateSigningKey(), {
          iss: 'https://example.okta.com/oauth2/default',
          exp: 9_000_000_000,
          ...delegatedClaims(1, { sub: text }),
          [text]: text,
        })
        const env = {
          OKTA_ORG_URL: org.origin,
          OKTA_API_TOKEN: 'a',
          CLIENT_ID: '0oaApiA',
          CLIENT_SECRET: 'b',
          ASSERTION: token,
          ISSUER: issuer,
          AUDIENCE: 'api://a',
          HOOK_SECRET: 'hook-secret-0123456789',
        }
        for (const args of [
          [text],
          ['policy', text],
          ['serve', text],
          ['serve', `--${text}`],
          ['serve', '--config', text],
          ['serve', '--config', file('c.mjs')],
          ['inspect', token],
          ['inspect', token, '--json'],
          ['inspect', token, '--issuer', issuer],
          ['exchange', '--issuer', issuer, '--scope', 'a'],
          ['exchange', '--issuer', issuer, '--scope', 'a', '--json'],
          ['doctor', '--issuer', issuer, '--hook', `${org.origin}/hook`, '--samples', '1'],
          ['doctor', '--issuer', issuer, '--json'],
          ['provision', '--hook', 'https://hook.example/', '--scope', 'a', '--app', text],
          ['provision', '--hook', 'https://hook.example/', '--yes', '--json'],
          ['provision', '--destroy', '--hook-name', text, '--yes'],
          ['fault', 'list', '--sandbox', org.origin],
          ['fault', 'kinds', '--sandbox', org.origin],
          ['fault', text, '--sandbox', org.origin],
          ['policy', 'check', file('p.cedar')],
          ['policy', 'check', '--config', file('c.mjs')],
          ['policy', 'test', file('t.yaml')],
          ['policy', 'explain', '--event', file('e.json')],
          ['replay', file('e.json'), '--config', file('c.mjs')],
          ['replay', text],
          ['sandbox', '--seed', file('org.yaml')],
          ['keys', 'test', '--out', file(text)],
          ['init', '--issuer', text, '--dir', file(text)],
          ['completion', text],
        ]) {
          const terminal = recordedTerminal({ env })
          const done = main(args, terminal)
          // What would run on ends at once.
          terminal.stop()
          await done
          for (const line of [...terminal.stdout, ...terminal.stderr, ...terminal.progress])
            expect(line).not.toMatch(steering)
        }
      }),
      { numRuns: 8 },
    )
  }, 60_000)

  it('reaches it one way only: nothing but the terminal writes to the streams of the process', () => {
    const src = fileURLToPath(new URL('../src/', import.meta.url))
    const files = globSync('**/*.ts', { cwd: src }).filter((name) =>
      /\bconsole\.|\bstd(?:out|err)\b(?!:)/.test(
        readFileSync(join(src, name), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''),
      ),
    )
    // Those of children that are read, and those of the packed function, which are no terminal's.
    const others = [
      ...['dev/hook-process.ts', 'dev/own-api.ts'],
      ...['lambda/stamp.ts', 'lambda/trial-process.ts', 'lambda/trial.ts'],
    ]
    expect(files.filter((name) => !others.includes(name))).toEqual(['terminal/process-terminal.ts'])
  })
})
