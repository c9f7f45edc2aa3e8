import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { BehalfProcess, folderWith } from './behalf-process.ts'
import { builtModule } from './built-module.ts'
import { recordedTerminal } from './recorded-terminal.ts'

const hook = (subpath: string): string =>
  JSON.stringify(fileURLToPath(builtModule(`@behalf/hook/${subpath}`)))

/** Packs a configuration; members that are not given are right. */
async function packed(members: Readonly<Record<string, string>>, imports = '') {
  const all = {
    authenticate: '{ secrets: [process.env.HOOK_SECRET_OF_TESTS] }',
    issuers: `[{ issuer: 'https://example.okta.com/oauth2/default', audiences: ['api://a'] }]`,
    clients: `{ '0oaApiA': {} }`,
    ...members,
  }
  const source = Object.entries(all).map(([name, value]) => `${name}: ${value},`)
  await using folder = await folderWith({ 'c.ts': `${imports}\nexport default { ${source.join('\n')} }` })
  const out = join(folder.path, 'out.zip')
  const terminal = recordedTerminal()
  const code = await main(['package', '--config', join(folder.path, 'c.ts'), '--out', out], terminal)
  return { code, stderr: terminal.stderr, exists: existsSync(out) }
}

describe('behalf package', () => {
  it('packs sealing where it is asked for, and nothing of it otherwise', async () => {
    await using folder = await folderWith({})
    const pack = async (...options: readonly string[]) => {
      await using packing = new BehalfProcess(['package', '--out', 'out.zip', ...options], {
        cwd: folder.path,
      })
      expect(await packing.exitCode()).toBe(0)
      const { 'index.mjs': module = new Uint8Array() } = unzipSync(
        await readFile(join(folder.path, 'out.zip')),
      )
      return { printed: packing.stdout.join('\n'), module: strFromU8(module) }
    }
    // What opens a seal is named in its own words only.
    const cipher = 'aes-256-gcm'
    expect((await pack()).module).not.toContain(cipher)
    const { printed, module } = await pack('--sealing')
    expect(module).toContain(cipher)
    expect(printed).toMatch(/set by deploy\/aws: .*SEALING_KEYS, SEALING_REQUIRED/)
  })

  it('leaves sealing to a configuration file where there is one', async () => {
    await using folder = await folderWith({ 'behalf.config.ts': 'export default {}' })
    await using packing = new BehalfProcess(['package', '--sealing'], { cwd: folder.path })
    expect(await packing.exitCode()).toBe(2)
    expect(packing.stderr).toEqual([expect.stringMatching(/--sealing is for a function.*sealing: sealed/)])
  })

  it('refuses POLICY_FILES, without which the function would permit more', async () => {
    await using folder = await folderWith({ 'a.cedar': 'forbid(principal, action, resource);' })
    await using packing = new BehalfProcess(['package', '--out', 'out.zip'], {
      cwd: folder.path,
      env: { POLICY_FILES: 'a.cedar' },
    })
    expect(await packing.exitCode()).toBe(2)
    expect(packing.stderr).toEqual([
      expect.stringMatching(/POLICY_FILES is not packed.*name them in behalf\.config\.ts/),
    ])
    expect(existsSync(join(folder.path, 'out.zip'))).toBe(false)
  })

  it.each([
    [{ policy: `'x'` }, /^ {2}policy: must be a function or a decision point/],
    [
      { policy: `{ decide: () => 1, faults: [{ path: 'a.cedar:1', problem: 'is odd' }] }` },
      /a\.cedar:1: is odd/,
    ],
    [{ colour: '1' }, /colour: is not a known setting/],
    [
      { authenticate: `{ header: 'a b', secrets: [undefined] }` },
      /authenticate\.header: must be a header name/,
    ],
    [{ authenticate: `{ secrets: [7] }` }, /authenticate\.secrets\[0\]/],
    [{ clients: '7' }, /clients: must be/],
  ])('refuses %j with exit code 2 and packs nothing', async (members, fault) => {
    const { code, stderr, exists } = await packed({ ...members })
    expect([code, exists]).toEqual([2, false])
    expect(stderr).toEqual(['behalf package: the configuration is refused:', expect.stringMatching(fault)])
  })

  it('refuses Cedar policies that are none, and names every fault', async () => {
    const policy = `cedar({ texts: { 'a.cedar': 'permit (principal action);' } })`
    const { code, stderr } = await packed({ policy, colour: '1' }, `import { cedar } from ${hook('cedar')}`)
    expect(code).toBe(2)
    expect(stderr.slice(1)).toEqual([
      expect.stringMatching(/colour: is not a known setting/),
      expect.stringMatching(/a\.cedar:1:\d+: /),
    ])
  })

  it.each([
    [{ authenticate: '{ secrets: [process.env.NOT_SET_HERE] }' }, ''],
    [{ authenticate: '{ secrets: process.env.NOT_SET_HERE?.split(",") }' }, ''],
    [{ authenticate: '{ secrets: (process.env.NOT_SET_HERE ?? "").split(",") }' }, ''],
    [{ authenticate: '{ secrets: ["arn:aws:ssm:eu-west-1:123456789012:parameter/hook"] }' }, ''],
    [{ issuers: '[{ issuer: process.env.NOT_SET_HERE, audiences: [process.env.NOT_SET_HERE] }]' }, ''],
    [
      { policy: 'authzen({ pdp: "https://pdp.example.com", token: process.env.NOT_SET_HERE ?? "" })' },
      `import { authzen } from ${hook('authzen')}`,
    ],
  ])('packs %j, which only the function has', async (members, imports) => {
    expect(await packed({ ...members }, imports)).toEqual({ code: 0, stderr: [], exists: true })
  })
})
