import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { privateKeyJwt } from '@behalf/client'
import { importVerificationKey } from '@behalf/core/internal'
import { sealed } from '@behalf/hook/sealing'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { folderWith } from './behalf-process.ts'
import { recordedTerminal } from './recorded-terminal.ts'

async function keys(...args: string[]) {
  const terminal = recordedTerminal()
  const code = await main(['keys', ...args], terminal)
  return { code, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') }
}

describe('behalf keys', () => {
  it.each([
    ['pem', 'RS256'],
    ['jwk', 'RS256'],
    ['pem', 'ES256'],
    ['jwk', 'ES256'],
  ])(
    "writes a client's private key as %s for %s, for its owner only, and prints the public half",
    async (format, algorithm) => {
      await using folder = await folderWith({})
      const file = join(folder.path, 'api-a')
      const { code, stdout } = await keys(
        'client',
        '--out',
        file,
        '--format',
        format,
        '--algorithm',
        algorithm,
        '--json',
      )
      expect(code).toBe(0)
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      const text = await readFile(file, 'utf8')
      const privateKey = format === 'pem' ? text : JSON.parse(text)
      expect(privateKeyJwt({ privateKey }).faults).toEqual([])
      const { publicJwk } = JSON.parse(stdout)
      expect(publicJwk).not.toHaveProperty('d')
      expect(publicJwk).toMatchObject({
        alg: algorithm,
        use: 'sig',
        kid: expect.stringMatching(/^[\w-]{43}$/),
      })
      const ownPublicKey = createPublicKey(
        createPrivateKey(format === 'pem' ? text : { key: privateKey, format: 'jwk' }),
      )
      expect(publicJwk).toMatchObject(ownPublicKey.export({ format: 'jwk' }))
    },
  )

  it('writes test keys of which one signs and the other verifies', async () => {
    await using folder = await folderWith({})
    expect((await keys('test', '--out', folder.path, '--kid', 'test-1')).code).toBe(0)
    const read = async (name: string) => JSON.parse(await readFile(join(folder.path, name), 'utf8'))
    const [published, ...others] = (await read('jwks.json')).keys
    expect(others).toEqual([])
    expect(importVerificationKey(published)).toMatchObject({ kid: 'test-1', algorithms: ['RS256'] })
    expect(await read('signing-key.json')).toMatchObject({ ...published, d: expect.any(String) })
  })

  it('makes a pair that the hook opens seals with, and shows where each half goes but never the private one', async () => {
    await using folder = await folderWith({})
    const file = join(folder.path, 'sealing keys.json')
    const { code, stdout } = await keys('seal', '--out', file, '--kid', 'seal-2026')
    expect(code).toBe(0)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const text = await readFile(file, 'utf8')
    expect(sealed({ keys: text }).faults).toEqual([])
    const { d, ...publicJwk } = JSON.parse(text).keys[0]
    expect(publicJwk).toMatchObject({ crv: 'P-256', use: 'enc', alg: 'ECDH-ES', kid: 'seal-2026' })
    expect(JSON.parse(/^\{[\s\S]*^\}$/m.exec(stdout)?.[0] ?? '')).toEqual(publicJwk)
    expect(stdout).not.toContain(d)
    expect(stdout).toContain(`SEALING_KEYS_FILE='${file}'`)
    expect(stdout).toContain('SEAL_JWKS_URI=')
    const again = await keys('seal', '--out', file)
    expect([again.code, await readFile(file, 'utf8')]).toEqual([1, text])
    const json = await keys('seal', '--out', join(folder.path, 'other.json'), '--json')
    expect(JSON.parse(json.stdout).publicJwk).toMatchObject({ kid: expect.stringMatching(/^[\w-]{43}$/) })
    expect(JSON.parse(json.stdout).publicJwk).not.toHaveProperty('d')
  })

  it('overwrites nothing', async () => {
    await using folder = await folderWith({ 'api-a.pem': 'mine' })
    const file = join(folder.path, 'api-a.pem')
    const { code, stderr } = await keys('client', '--out', file)
    expect(code).toBe(1)
    expect(stderr).toMatch(/exists already and is left as it is/)
    expect(await readFile(file, 'utf8')).toBe('mine')
  })

  it.each(['jwks.json', 'signing-key.json'])(
    'writes no half of the test keys when there is a %s',
    async (name) => {
      await using folder = await folderWith({ [name]: 'mine' })
      const { code, stderr } = await keys('test', '--out', folder.path)
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining(`${name} exists already, so nothing was written`),
      ])
      expect(await readdir(folder.path)).toEqual([name])
    },
  )

  it.each([
    [[], /expected seal, client or test$/],
    [['client'], /--out is missing/],
    [['seal'], /--out is missing/],
    [['seal', '--out', 'a', '--kid', 'x'.repeat(257)], /--kid must be 1 to 256 characters/],
    [['client', '--out', 'a', '--algorithm', 'HS256'], /--algorithm must be RS256 or ES256/],
    [['client', '--out', 'a', '--format', 'der'], /--format must be pem or jwk/],
  ])('refuses %j with exit code 2', async (args, sentence) => {
    const { code, stderr } = await keys(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(sentence)
  })

  it('says that a folder is missing', async () => {
    await using folder = await folderWith({})
    const { code, stderr } = await keys('client', '--out', join(folder.path, 'none', 'a.pem'))
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/does not exist; check the path, or create its folder/),
    ])
  })
})
