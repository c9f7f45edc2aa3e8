import { generateKeyPairSync } from 'node:crypto'
import { chmod, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findLiteralSecrets } from '../src/lambda/literal-secrets.ts'
import { bin, config, pack, prepareToPack, run } from './packing.ts'

prepareToPack()

const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
const jwk = JSON.stringify(privateKey.export({ format: 'jwk' }))
const reads = (name: string) => `import { readFileSync } from 'node:fs'\nreadFileSync('${name}')`
const imports = (name: string) => `import data from './${name}' with { type: 'json' }`

describe('secrets in a zip', () => {
  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      'a literal',
      { 'behalf.config.ts': config('', '', `['kept-0123456789-abc']`) },
      /authenticate\.secrets\[0\] is written out/,
    ],
    [
      'imported JSON',
      {
        'behalf.config.ts': config('', imports('s.json'), '[data.hook]'),
        's.json': '{"hook":"kept-\\"0123456789"}',
      },
      /authenticate\.secrets\[0\] is written out/,
    ],
    [
      'a fallback',
      { 'behalf.config.ts': config('', '', `[process.env['HOOK_SECRET'] ?? 'kept-0123456789-abc']`) },
      /authenticate\.secrets\[0\] is written out/,
    ],
    [
      'the token of a decision point',
      {
        'behalf.config.ts': config(
          `policy: authzen({ pdp: 'https://pdp.example.com', token: 'kept-0123456789' }),`,
          `import { authzen } from '@behalf/hook/authzen'`,
        ),
      },
      /behalf\.config\.ts:\d+: token is written out/,
    ],
    [
      'a client secret in a module',
      {
        'behalf.config.ts': config('', `import './directory.ts'`),
        'directory.ts': `const clientSecret: string = "kept-0123456789"\nexport default clientSecret`,
      },
      /directory\.ts:1: clientSecret is written out/,
    ],
    [
      'a client secret in JSON',
      {
        'behalf.config.ts': config('', `${imports('s.json')}; void data`),
        's.json': '{"client_secret":"kept-0123456789"}',
      },
      /s\.json:1: client_secret is written out/,
    ],
    [
      'a private key as PEM',
      { 'behalf.config.ts': config('', reads('client.key')), 'client.key': pem },
      /client\.key:1: holds a private key \(PEM\)/,
    ],
    [
      'a private key as JWK',
      { 'behalf.config.ts': config('', reads('key.json')), 'key.json': jwk },
      /key\.json:1: holds a private key \(JWK\)/,
    ],
    [
      'a private key in imported JSON',
      { 'behalf.config.ts': config('', `${imports('key.json')}; void data`), 'key.json': jwk },
      /key\.json:1: holds a private key \(JWK\)/,
    ],
  ])('are refused, and packed only when loudly told: %s', async (_, files, place) => {
    const refused = await pack(files)
    expect(refused.code).toBe(1)
    expect(refused.out).toMatch(/secrets would lie in the zip/)
    expect(refused.out).toMatch(place)
    expect(refused.out).not.toContain('kept-')
    const told = await pack(files, '--dangerously-pack-secrets')
    expect([told.code, told.out]).toEqual([0, expect.stringMatching(/secrets lie in the zip/)])
  })

  it.each([
    ['.env', 'A=1\nHOOK_SECRET=kept-0123456789\n', '.env:2: HOOK_SECRET is written out'],
    ['.env', 'export CLIENT_SECRET=kept-0123456789', '.env:1: CLIENT_SECRET is written out'],
    ['a.ini', 'client_secret = kept-0123456789\r\n', 'a.ini:1: client_secret is written out'],
    ['a.yaml', 'okta:\n  - clientSecret: kept-0123456789', 'a.yaml:2: clientSecret is written out'],
    [
      'a.properties',
      'okta.client-secret=x\nokta.token=kept-0123456789',
      'a.properties:2: okta.token is written out',
    ],
    ['a.json', '{"secretAccessKey":"kept-0123456789"}', 'a.json:1: secretAccessKey is written out'],
    ['a.json', '{"signing_key": "kept-0123456789"}', 'a.json:1: signing_key is written out'],
    ['a.js', "headers: { a: 'Bearer kept0123456789abc' }", 'a.js:1: holds what Authorization takes'],
    ['a.js', '`SSWS 00kept0123456789abc`', 'a.js:1: holds what Authorization takes'],
    ['a.js', "'redis://:kept-0123456789@redis:6379'", 'a.js:1: holds a URL with a password'],
    ['.env', 'DATABASE_URL=postgres://ann:kept-01@db/x', '.env:1: holds a URL with a password'],
  ])('are found in what is packed: %s %j', (name, text, place) => {
    expect(findLiteralSecrets({ [name]: Buffer.from(text) }, {}, undefined)).toEqual([place])
  })

  it.each([
    ['.env', 'HOOK_SECRET=\nCLIENT_SECRET=$FROM_ELSEWHERE\nTOKEN_URL=https://example.okta.com/token'],
    [
      'a.yaml',
      'secret: arn:aws:secretsmanager:eu-west-1:1:secret:x\ntoken: # none\npublic_key: 0123456789abc',
    ],
    ['a.cedarschema', 'entity User = { apiToken: SomeEntityType,\ntoken: SomeEntityType };'],
    [
      'a.ts',
      'const token: SomeLongType = read()\nconst h = `Bearer $' +
        '{token}`; const s = "Basic authentication"',
    ],
    [
      'a.ts',
      'const u = `redis://$' + '{user}:$' + '{password}@redis`; const v = "https://example.com:8443/a@b"',
    ],
  ])('are none in %s %j', (name, text) => {
    expect(findLiteralSecrets({ [name]: Buffer.from(text) }, {}, undefined)).toEqual([])
  })

  it.each([
    [
      'arn:aws:secretsmanager:eu-west-1:123456789012:secret:hook-AbCdEf',
      `['arn:aws:secretsmanager:eu-west-1:123456789012:secret:hook-AbCdEf']`,
    ],
    ['an unset variable', `[process.env['HOOK_SECRET']]`],
  ])('are none: %s', async (_, secrets) => {
    const head = `const tokenUrl = 'https://example.okta.com/oauth2/v1/token'; void tokenUrl`
    expect(await pack({ 'behalf.config.ts': config('', head, secrets) })).toMatchObject({ code: 0 })
  })

  it('are nobody else to read: the zip is written anew for its owner only', async () => {
    const { folder } = await pack({ 'behalf.config.ts': config('') })
    const file = join(folder, 'out.zip')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await chmod(file, 0o644)
    await run(process.execPath, [bin, 'package', '--out', 'out.zip'], {
      cwd: folder,
      env: { ISSUER: 'https://example.okta.com/oauth2/default' },
    })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })
})
