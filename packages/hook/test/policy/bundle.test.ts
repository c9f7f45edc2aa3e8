import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

const source = fileURLToPath(new URL('../../src', import.meta.url))

/** Bundles a program that imports these modules of the hook, and lists the files that it consists of. */
async function inputsOf(...modules: readonly string[]): Promise<readonly string[]> {
  const { metafile } = await build({
    stdin: {
      contents: modules
        .map((module) => `export * as ${module.replace('-', '_')} from './${module}.ts'`)
        .join('\n'),
      resolveDir: source,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
    external: ['@aws-sdk/*', 'cloudflare:*'],
    alias: { '@behalf/core': fileURLToPath(new URL('../../../core/src/index.ts', import.meta.url)) },
  })
  return Object.keys(metafile.inputs)
}

const isCedar = (file: string): boolean => /cedar/i.test(file) || file.endsWith('.wasm')

describe('a bundle', () => {
  it('without Cedar contains nothing of it', async () => {
    const inputs = await inputsOf('index', 'fetch', 'node', 'lambda', 'authzen', 'mutual-tls')
    expect(inputs.some((file) => file.endsWith('hook.ts'))).toBe(true)
    expect(inputs.filter(isCedar)).toEqual([])
  })

  it('with Cedar contains it', async () => {
    expect((await inputsOf('index', 'cedar')).filter(isCedar)).toContainEqual(
      expect.stringMatching(/@cedar-policy\/cedar-wasm\/nodejs\/cedar_wasm\.js$/),
    )
  })
})
