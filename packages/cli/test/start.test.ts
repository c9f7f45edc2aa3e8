import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { folderWith } from './behalf-process.ts'

const bin = fileURLToPath(new URL('../bin/behalf.js', import.meta.url))

/** Writes down every module that is loaded, at the end of the process. */
const listModules = `import { registerHooks } from 'node:module'
const loaded = []
registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context) } })
process.on('exit', () => process._rawDebug(loaded.join('\\n')))`

async function modulesOf(...args: string[]): Promise<readonly string[]> {
  await using folder = await folderWith({ 'list.mjs': listModules })
  const { href } = pathToFileURL(join(folder.path, 'list.mjs'))
  const { stderr, status } = spawnSync(process.execPath, ['--import', href, bin, ...args], {
    encoding: 'utf8',
  })
  expect(status).toBe(0)
  return stderr.split('\n').filter((url) => url.startsWith('file:'))
}

describe('a configuration', () => {
  it.each([
    ['that ends the process', 'process.exit(0)'],
    ['that waits for ever', 'await new Promise(() => {})'],
  ])('%s is told of, and is no success', async (_, code) => {
    await using folder = await folderWith({ 'ends.mjs': `${code}\nexport default {}` })
    const commands = [
      ['package', '--config', 'ends.mjs', '--out', 'hook.zip'],
      ['serve', '--config', 'ends.mjs', '--port', '0'],
    ]
    for (const args of commands) {
      const { stderr, status } = spawnSync(process.execPath, [bin, ...args], {
        cwd: folder.path,
        encoding: 'utf8',
      })
      expect(stderr).toMatch(
        /file ends\.mjs cannot be loaded: it ends the process while it is loaded, or waits/,
      )
      expect(status).toBe(2)
    }
  })
})

describe('what is loaded', () => {
  it.each([
    [['--version']],
    [['--help']],
    [['serve', '--help']],
    [['provision', '--help']],
    [['policy', '--help']],
  ])('for %j is nothing but the command line itself', async (args) => {
    const modules = await modulesOf(...args)
    expect(modules.length).toBeGreaterThan(3)
    expect(modules.filter((url) => !/packages\/cli\/(bin|dist)\//.test(url))).toEqual([])
  })

  it('for one command is not what the others need', async () => {
    const modules = (await modulesOf('completion', 'bash')).join('\n')
    expect(modules).not.toMatch(/valibot|esbuild|okta-sdk|packages\/(sandbox|hook|client|verify)\//)
  })
})
