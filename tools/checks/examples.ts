/**
 * Type-checks every `ts` code block of the Markdown files and of the doc comments, each as a module of its
 * own, so that what is shown compiles.
 */
import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = 'dist/examples'
const documents = [
  '*.md',
  'docs/**/*.md',
  'packages/*/README.md',
  'examples/**/README.md',
  'packages/*/src/**/*.ts',
]

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

let count = 0
for (const file of globSync(documents, { exclude: isInstalled }).toSorted()) {
  const text = readFileSync(file, 'utf8')
  const source = file.endsWith('.ts') ? docComments(text) : text
  for (const [index, code] of codeBlocks(source).entries()) {
    const name = `${file.replaceAll(/[^A-Za-z0-9]+/g, '-')}-${index + 1}.ts`
    writeFileSync(join(folder, name), `// ${file}, block ${index + 1}\n${code}\nexport {}\n`)
    count++
  }
}
writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({
    extends: '../../tsconfig.tests.json',
    compilerOptions: { noUnusedLocals: false, incremental: false, tsBuildInfoFile: null },
    include: ['.'],
    references: [],
  }),
)
try {
  execFileSync('tsc', ['-p', folder], { stdio: 'inherit' })
  console.log(`examples: ${count} compile`)
} catch {
  console.error(
    `examples: some of ${count} do not compile; the first line of each file in ${folder} says where it is from`,
  )
  process.exitCode = 1
}

/** An example may have packages of its own. */
function isInstalled(path: string): boolean {
  return /(^|\/)node_modules$/.test(path)
}

function codeBlocks(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
}

/** The text of all doc comments, without their margin. */
function docComments(source: string): string {
  return [...source.matchAll(/\/\*\*([\s\S]*?)\*\//g)]
    .map(([, comment = '']) => comment.replaceAll(/^\s*\* ?/gm, ''))
    .join('\n')
}
