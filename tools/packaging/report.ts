import { execFileSync } from 'node:child_process'

/** What has been checked so far. */
export const tally = { passed: 0, failed: 0 }

/** Counts whether something holds; prints why when it does not. */
export function check(name: string, run: () => void): boolean {
  try {
    run()
    tally.passed++
    return true
  } catch (error) {
    tally.failed++
    console.log(`FAILED  ${name}\n${describe(error).replaceAll(/^/gm, '    ')}`)
    return false
  }
}

/** {@link check} of what takes its time. */
export async function checkLater(name: string, run: () => Promise<void>): Promise<boolean> {
  const outcome = await run().then(
    () => undefined,
    (error: unknown) => ({ error }),
  )
  return check(name, () => {
    if (outcome !== undefined) throw outcome.error
  })
}

/** What a tool has printed says more than that it failed. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const output = 'stdout' in error && 'stderr' in error ? `${error.stdout}${error.stderr}` : ''
  return output.trim() === '' ? error.message : output
}

/** Runs a program to its end. */
export function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): string {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
}
