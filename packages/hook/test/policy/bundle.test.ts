import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { root, workspacePackages } from '../../../../tools/workspace.ts'

const sources = Object.fromEntries(
  workspacePackages().flatMap(({ subpaths }) =>
    subpaths.map(({ specifier, source }) => [specifier, `${root}${source}`]),
  ),
)

/** Bundles a program that imports these subpaths, and lists the files that it consists of. */
async function inputsOf(...specifiers: readonly string[]): Promise<readonly string[]> {
  const { metafile } = await build({
    stdin: {
      contents: specifiers.map((specifier, index) => `export * as m${index} from '${specifier}'`).join('\n'),
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
    external: ['@aws-sdk/*', 'cloudflare:*'],
    alias: sources,
  })
  return Object.keys(metafile.inputs)
}

const isCedar = (file: string): boolean => /cedar/i.test(file) || file.endsWith('.wasm')

describe('a bundle', () => {
  it('without Cedar contains nothing of it', async () => {
    const others = Object.keys(sources).filter(
      (specifier) => specifier.startsWith('@behalf/hook') && specifier !== '@behalf/hook/cedar',
    )
    const inputs = await inputsOf(...others)
    expect(inputs.some((file) => file.endsWith('hook.ts'))).toBe(true)
    expect(inputs.filter(isCedar)).toEqual([])
  })

  it('with Cedar contains it', async () => {
    expect((await inputsOf('@behalf/hook', '@behalf/hook/cedar')).filter(isCedar)).toContainEqual(
      expect.stringMatching(/@cedar-policy\/cedar-wasm\/nodejs\/cedar_wasm\.js$/),
    )
  })
})
