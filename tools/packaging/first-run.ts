import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { freePort } from '../free-port.ts'
import { installationPage } from '../release/installation-page.ts'

/** What it took to come from an empty folder to a user's orders. */
export interface FirstRun {
  readonly commands: readonly string[]
  readonly seconds: number
}

/**
 * Walks as a new user does: the lines of the page of the tarballs in an empty folder, then `npm run dev`, and the command
 * that this says to try, which must bring a user's orders from API B through API A, both of them the project's own.
 *
 * @param tarballs - the folder of the tarballs
 * @throws Error with what was printed when a command fails, or brings something else
 */
export async function walkFirstRun(tarballs: string, folder: string): Promise<FirstRun> {
  mkdirSync(folder, { recursive: true })
  const begun = performance.now()
  const lines = shellLines(installationPage(tarballs))
  for (const line of lines) runLine(line, folder)
  await moveApis(join(folder, 'package.json'))

  const start = 'npm run dev -- --sandbox-port 0'
  const dev = spawn('bash', ['-c', start], {
    cwd: folder,
    env: withThisNode(),
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const trial = await trialOf(dev.stdout)
    const brought = runLine(trial, folder)
    if (!brought.includes('"ordersOf":"alice@example.com"')) throw new Error(`${trial}\n${brought}`)
    return { commands: [...lines, start, trial], seconds: (performance.now() - begun) / 1000 }
  } finally {
    const ended = once(dev, 'close')
    process.kill(-(dev.pid ?? Number.NaN), 'SIGTERM')
    await ended
  }
}

/** The command that `npm run dev` says to try, once everything is ready. */
async function trialOf(output: NodeJS.ReadableStream): Promise<string> {
  let trial: string | undefined
  const printed: string[] = []
  for await (const line of createInterface({ input: output })) {
    printed.push(line)
    trial ??= /^ {2}(curl .*)/.exec(line)?.[1]
    if (trial !== undefined && line.includes('ready; each exchange')) {
      output.resume()
      return trial
    }
  }
  throw new Error(`npm run dev has ended:\n${printed.join('\n')}`)
}

function shellLines(page: string): readonly string[] {
  return (/^```sh\n([\s\S]*?)^```/m.exec(page)?.[1] ?? '').trim().split('\n')
}

function runLine(line: string, cwd: string): string {
  const { status, stdout, stderr } = spawnSync('bash', ['-euc', line], {
    cwd,
    env: withThisNode(),
    encoding: 'utf8',
    timeout: 300_000,
  })
  if (status !== 0) throw new Error(`${line}\n${stdout}${stderr}`)
  return stdout
}

/** The environment in which `node` is what runs this. */
export function withThisNode(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` }
}

/** To ports that nobody has. */
async function moveApis(manifest: string): Promise<void> {
  let text = readFileSync(manifest, 'utf8')
  for (const port of ['3001', '3002']) text = text.replaceAll(`:${port}/`, `:${await freePort()}/`)
  writeFileSync(manifest, text)
}
