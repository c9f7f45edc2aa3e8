import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { BehalfProcess, folderWith } from './behalf-process.ts'

const bin = fileURLToPath(new URL('../bin/behalf.js', import.meta.url))

async function complaintOf(files: Readonly<Record<string, string>>): Promise<string> {
  await using folder = await folderWith(files)
  await using hook = new BehalfProcess(['serve', '--config', 'c.ts'], { cwd: folder.path })
  expect(await hook.exitCode()).toBe(2)
  expect(hook.stderr).toHaveLength(1)
  return hook.stderr[0]?.replace('behalf serve: the configuration file c.ts cannot be loaded: ', '') ?? ''
}

describe('a configuration that cannot be loaded', () => {
  const imports = (name: string): string => `import './${name}'\nexport default {}`

  it.each<[Readonly<Record<string, string>>, RegExp]>([
    [{ 'c.ts': 'export default {\n  a: 1,\n  b: ;\n}' }, /^c\.ts:3:6: Expression expected$/],
    [{ 'c.ts': imports('p.ts'), 'p.ts': '\nconst a = = 1' }, /^p\.ts:2:11: \S/],
    [{ 'c.ts': imports('p.mjs'), 'p.mjs': '\n\nlet a = {b: ;}' }, /^p\.mjs:3:13: Unexpected ";"$/],
    [{ 'c.ts': imports('p.ts'), 'p.ts': imports('q.mjs'), 'q.mjs': 'a b' }, /^q\.mjs:1:3: /],
    [
      { 'c.ts': `import x from './x.json' with { type: 'json' }\nexport default {}`, 'x.json': '{\n"a" 1}' },
      /^x\.json:2:5: /,
    ],
    [{ 'c.ts': 'enum A { B }\nexport default {}' }, /^c\.ts:1:1: TypeScript enum is not supported/],
    [
      { 'c.ts': `import { x } from './p.ts'\nexport default {}`, 'p.ts': 'export const y = 1' },
      /^c\.ts:1:10: .*does not provide an export named 'x'$/,
    ],
    [{ 'c.ts': imports('none.ts') }, /^Cannot find module '.*none\.ts' imported from .*c\.ts$/],
    [{ 'c.ts': "\nthrow new RangeError('s3cret')" }, /^it threw a RangeError at c\.ts:2:7$/],
    [
      { 'c.ts': imports('p.mjs'), 'p.mjs': '["a" "s3cret"]' },
      /^p\.mjs:1:6: Expected "\]" but found a literal$/,
    ],
  ])('is told with file, line, column and message: %j', async (files, sentence) => {
    expect(await complaintOf(files)).toMatch(sentence)
  })
})

it('a configuration that reads variables which are not set says which', async () => {
  await using folder = await folderWith({
    'c.mjs': `import { configFromEnvironment } from '${import.meta.resolve('@behalf/hook')}'
      export default configFromEnvironment({ AUDIENCE: 'api://a', HOOK_SECRET: 'hook-secret-0123456789' })`,
  })
  const { status, stderr } = spawnSync(
    process.execPath,
    [bin, 'serve', '--config', join(folder.path, 'c.mjs')],
    { encoding: 'utf8' },
  )
  expect([status, stderr]).toEqual([2, 'behalf serve: the configuration is refused:\n  ISSUER: is not set\n'])
})

describe('a Node that is too old', () => {
  it.each(['20.20.2', '22.17.1'])('is told before anything else is loaded: %s', async (version) => {
    await using folder = await folderWith({
      'old.mjs': `Object.defineProperty(process.versions, 'node', { value: '${version}' })`,
    })
    const { href } = pathToFileURL(join(folder.path, 'old.mjs'))
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', href, bin, 'serve', '--config', 'c.ts'],
      { encoding: 'utf8' },
    )
    const complaint = `behalf: needs Node 22.18 or later, and this is Node ${version}\n`
    expect([status, stderr]).toEqual([2, complaint])
  })

  // The machine's own Node, not the one that runs the tests: an old one must be able to read the program's first lines at
  // all. Where there is none, the test before says what is answered.
  it.skipIf(!existsSync('/usr/bin/node'))('is told by itself, when this machine has one', () => {
    const version = spawnSync('/usr/bin/node', ['--version'], { encoding: 'utf8' }).stdout.trim().slice(1)
    const { status, stdout, stderr } = spawnSync('/usr/bin/node', [bin, '--version'], { encoding: 'utf8' })
    const [major = 0, minor = 0] = version.split('.').map(Number)
    if (major > 22 || (major === 22 && minor >= 18)) expect([status, stdout]).toEqual([0, '0.1.0\n'])
    else
      expect([status, stderr]).toEqual([
        2,
        `behalf: needs Node 22.18 or later, and this is Node ${version}\n`,
      ])
  })

  it('is told when it does not read TypeScript, although it could', async () => {
    await using folder = await folderWith({ 'c.ts': 'export default {}' })
    await using hook = new BehalfProcess(['serve', '--config', 'c.ts'], {
      cwd: folder.path,
      env: { NODE_OPTIONS: '--no-experimental-strip-types' },
    })
    expect(await hook.exitCode()).toBe(2)
    expect(hook.stderr).toEqual([
      expect.stringMatching(/c\.ts is TypeScript, which Node reads from 22\.18 on .* this is Node \d/),
    ])
  })
})
