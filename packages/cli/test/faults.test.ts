import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { BehalfProcess, folderWith } from './behalf-process.ts'
import { builtModule } from './built-module.ts'

const project = [
  '--issuer',
  'https://example.com',
  '--audience',
  'a',
  '--client',
  'c',
  '--resource',
  'r',
  '--scope',
  's',
]

/** As in a project that has not installed Cedar's engine. */
const withoutCedar = `import { registerHooks } from 'node:module'
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, specifier.startsWith('@cedar-policy/') ? { ...context, parentURL: 'file:///nowhere/a.js' } : context),
})`

async function complaintOf(process: BehalfProcess): Promise<string> {
  expect(await process.exitCode()).toBe(2)
  expect(process.stderr).toHaveLength(1)
  return process.stderr[0] ?? ''
}

describe('faults of the file system', () => {
  it.each([
    [['package', '--out', 'folder'], /^behalf package: folder is a folder; name a file$/],
    [['package', '--out', 'file/x.zip'], /^behalf package: file exists already; choose another path$/],
    [['keys', 'test', '--out', 'file'], /^behalf keys test: file\/signing-key\.json leads through a file/],
    [
      ['init', '--hook-only', ...project, '--dir', 'file'],
      /^behalf init: file\/behalf\.config\.ts leads through a file/,
    ],
    [
      ['sandbox', '--port', '0', '--state', 'nodir/s.json'],
      /^behalf sandbox: .*nodir\/s\.json.* create it first$/,
    ],
    [
      ['sandbox', '--port', '0', '--state', 'file/s.json'],
      /^behalf sandbox: .*file\/s\.json.* create it first$/,
    ],
  ])('%j is answered with one sentence', async (args, sentence) => {
    await using folder = await folderWith({ file: '' })
    await mkdir(join(folder.path, 'folder'))
    await using running = new BehalfProcess(args, { cwd: folder.path })
    expect(await complaintOf(running)).toMatch(sentence)
  })
})

describe('a missing engine of Cedar', () => {
  it.each([
    [['policy', 'check', 'a.cedar'], {}],
    [['serve', '--config', 'c.ts'], {}],
    [
      ['serve'],
      {
        POLICY_FILES: 'a.cedar',
        ISSUER: 'https://example.okta.com/oauth2/default',
        AUDIENCE: 'a',
        HOOK_SECRET: 'hook-secret-0123456789',
        CLIENT_IDS: 'c',
      },
    ],
  ])('%j says what to install', async (args, env) => {
    const hook = JSON.stringify(builtModule('@behalf/hook/cedar'))
    await using folder = await folderWith({
      'a.cedar': 'permit(principal, action, resource);',
      'c.ts': `import { cedar } from ${hook}\nexport default {}`,
      'without.mjs': withoutCedar,
    })
    const { href } = pathToFileURL(join(folder.path, 'without.mjs'))
    await using running = new BehalfProcess(args, {
      cwd: folder.path,
      env: { NODE_OPTIONS: `--import=${href}`, ...env },
    })
    expect(await complaintOf(running)).toMatch(
      /Cedar policies need the package @cedar-policy\/cedar-wasm: npm install @cedar-policy\/cedar-wasm$/,
    )
  })
})
