import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { builtModule } from './built-module.ts'
import { bin, config, pack, prepareToPack, projectWith, run } from './packing.ts'

prepareToPack()

describe("Node's own modules in a packed function", () => {
  it('are there, however they are imported', async () => {
    const head = `import { createHash as made } from 'crypto'
      import fs, { readFileSync } from 'node:fs'
      import * as path from 'path'
      import { join } from 'node:path/posix'
      import process, { env } from 'node:process'
      import 'node:http'
      import { tmpdir } from './other.ts'
      const { request } = await import('node:https')
      for (const each of [made, readFileSync, join, tmpdir, request])
        if (typeof each !== 'function') throw new TypeError()
      if (fs.readFileSync !== readFileSync || process.env !== env) throw new TypeError()
      if (!Object.keys(path).includes('join')) throw new TypeError()`
    const { code, out } = await pack({
      'behalf.config.ts': config('', head),
      'other.ts': `export { tmpdir } from 'node:os'`,
    })
    expect([code, out]).toEqual([0, expect.stringContaining('index.mjs')])
  })

  it('are loaded as far as they are used, from a source that V8 keeps in a byte a character', async () => {
    const folder = await projectWith({})
    await run(process.execPath, [bin, 'package', '--out', 'out.zip'], { cwd: folder })
    const program = `
      import { readFileSync, writeFileSync } from 'node:fs'
      import { unzipSync } from ${JSON.stringify(builtModule('fflate'))}
      const { 'index.mjs': module } = unzipSync(readFileSync('out.zip'))
      writeFileSync('index.mjs', module)
      const before = new Set(process.moduleLoadList)
      await import(${JSON.stringify(join(folder, 'index.mjs'))})
      const loaded = process.moduleLoadList.filter((name) => !before.has(name))
      console.log(JSON.stringify({ loaded, isAscii: module.every((byte) => byte < 128) }))`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], {
      cwd: folder,
      env: {
        ISSUER: 'http://127.0.0.1:1/oauth2/default',
        AUDIENCE: 'api://a',
        HOOK_SECRET: 'hook-secret-0123456789',
      },
    })
    const { loaded, isAscii } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    expect(isAscii).toBe(true)
    expect(loaded).toEqual(expect.arrayContaining(['NativeModule crypto', 'NativeModule http']))
    // Web Crypto, and the client of `fetch`.
    expect(loaded).not.toContain('NativeModule internal/crypto/webcrypto')
    expect(loaded).not.toContain('NativeModule internal/deps/undici/undici')
  })
})
