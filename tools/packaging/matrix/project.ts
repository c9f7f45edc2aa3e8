import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Packed } from '../../release/pack.ts'
import { root } from '../../workspace.ts'
import type { Row } from './rows.ts'

const template = join(root, 'tools/packaging/matrix/project')

/** Writes a team's project: the sources, API A and API B of the README among them, and its settings. */
export function writeProject(row: Row, packed: readonly Packed[], folder: string): void {
  const source = join(folder, 'src')
  mkdirSync(source, { recursive: true })
  const copy = (file: string, as = file): void => cpSync(join(template, file), join(source, as))
  copy('exchange.ts')
  copy('declarations.ts')
  if (row.runner === 'jest') copy('test.ts', 'exchange.test.ts')
  else copy('main.ts')
  writeFileSync(join(source, 'api-a.ts'), readmeExample('@behalf/client'))
  writeFileSync(join(source, 'api-b.ts'), readmeExample('@behalf/verify'))

  const tarballs = Object.fromEntries(
    packed.map(({ manifest: { name }, tarball }) => [name, `file:${tarball}`]),
  )
  const sdks = Object.fromEntries(Object.entries(tarballs).filter(([name]) => name !== '@behalf/core'))
  const typescript = row.manager === 'yarn' ? { typescript: `~${row.typescript}.0` } : {}
  write(folder, 'package.json', {
    name: 'matrix',
    private: true,
    type: row.type,
    dependencies: row.manager === 'npm' ? tarballs : sdks,
    devDependencies: { '@types/node': `^${row.nodeTypes}.0.0`, ...typescript },
    // What is not published yet is nowhere but in the tarballs. Unlike npm, these show a team only what it depends on.
    ...(row.manager === 'pnpm' ? { pnpm: { overrides: tarballs } } : {}),
    ...(row.manager === 'yarn' ? { resolutions: tarballs } : {}),
  })
  write(folder, 'tsconfig.json', {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2022'],
      module: row.module,
      moduleResolution: row.moduleResolution,
      strict: row.strict,
      declaration: row.declaration,
      noEmitOnError: true,
      skipLibCheck: false,
      types: ['node'],
      rootDir: 'src',
      outDir: 'out',
    },
    include: ['src'],
  })
}

/** The one example of the README that imports a package, as it stands there. */
function readmeExample(specifier: string): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
  const [example, ...others] = blocks.filter((code) => code.includes(`'${specifier}'`))
  if (example === undefined || others.length > 0)
    throw new Error(`README.md: expected one example that imports ${specifier}`)
  return example
}

function write(folder: string, name: string, content: object): void {
  writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`)
}
