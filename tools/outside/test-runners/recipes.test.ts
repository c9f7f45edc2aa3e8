import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../free-port.ts'
import { installOnDemand } from '../../on-demand.ts'
import { root } from '../../workspace.ts'
import { withOutsider } from '../outsider.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const recipesFolder = join(here, 'recipes')
const document = readFileSync(join(root, 'docs/sandbox.md'), 'utf8')
const recipes = new Map(
  [...document.matchAll(/<!-- recipe: (\S+) -->\n\n```\w+\n([\s\S]*?)^```$/gm)].map(
    ([, name = '', code = '']) => [name, code] as const,
  ),
)

let port = 0
beforeAll(async () => {
  installOnDemand('tools/outside/test-runners')
  port = await freePort()
  rmSync(recipesFolder, { recursive: true, force: true })
  mkdirSync(recipesFolder)
  writeFileSync(join(recipesFolder, 'package.json'), '{ "private": true }')
  // As they stand, but for a port that may be in use here.
  for (const [name, code] of recipes)
    writeFileSync(
      join(recipesFolder, name),
      code.replaceAll(':8090', `:${port}`).replaceAll('--port 8090', `--port ${port}`),
    )
}, 180_000)
afterAll(() => rmSync(recipesFolder, { recursive: true, force: true }))

/** Runs a program of the folder, or of the workspace, to its end. */
async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: unknown; output: string }> {
  const bins = [join(here, 'node_modules/.bin'), join(root, 'node_modules/.bin'), process.env['PATH']]
  const child = spawn(command, args, {
    cwd: recipesFolder,
    env: { ...process.env, NODE_OPTIONS: '', VITEST: '', ...env, PATH: bins.join(delimiter) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // What it leaves behind is ended with it.
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const [code] = await once(child, 'exit')
  try {
    process.kill(-(child.pid ?? Number.NaN))
  } catch {
    // Nothing was left.
  }
  return { code, output }
}

test('the document has all of them', () => {
  expect([...recipes.keys()]).toEqual([
    'github-actions',
    'orders.vitest.test.mjs',
    'jest.config.cjs',
    'start-sandbox.mjs',
    'stop-sandbox.mjs',
    'orders.jest.cjs',
    'playwright.config.mjs',
    'sign-in.playwright.mjs',
  ])
})

test('Vitest', async () => {
  const { code, output } = await run('vitest', ['run', '--root', recipesFolder])
  expect(output).toMatch(/2 passed/)
  expect(code).toBe(0)
}, 120_000)

test('Jest', async () => {
  const { code, output } = await run('jest', ['--rootDir', recipesFolder])
  expect(output).toMatch(/1 passed/)
  expect(code).toBe(0)
}, 120_000)

withOutsider({ name: 'Chromium', debianPackage: 'chromium', probe: ['chromium', '--version'] }, () => {
  test('Playwright', async () => {
    // The browser that is installed here, as root.
    const launch = `import recipe from './playwright.config.mjs'
export default { ...recipe, use: { launchOptions: { executablePath: 'chromium', args: ['--no-sandbox'] } } }`
    writeFileSync(join(recipesFolder, 'here.config.mjs'), launch.replace("'chromium'", "'/usr/bin/chromium'"))
    const { code, output } = await run('playwright', ['test', '--config', 'here.config.mjs'])
    expect(output).toMatch(/1 passed/)
    expect(code).toBe(0)
  }, 120_000)
})

test('GitHub Actions: the step that starts the sandbox ends once it is well', async () => {
  const [, script = ''] = /run: \|\n((?: {6}.*\n)+)/.exec(recipes.get('github-actions') ?? '') ?? []
  const asks = `curl -s http://127.0.0.1:${port}/healthz`
  const text = `${script.replaceAll('8090', `${port}`)}\n${asks}`
  const { code, output } = await run('bash', ['-e', '-c', text])
  expect([code, output]).toEqual([0, expect.stringContaining('"status":"ok"')])
}, 120_000)
