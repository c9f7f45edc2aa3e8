import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** An example that runs as a program. */
export interface RunningExample extends AsyncDisposable {
  /** Where it listens, as its ready line says. */
  readonly url: string
}

/**
 * Runs the main file of an example as a user would, with nothing but these variables in its environment, and
 * waits for its ready line. Disposal ends it with SIGTERM and fails if it does not end with exit code 0.
 *
 * @param interpreter - what runs it; this Node by default
 */
export async function runExample(
  mainFile: string,
  environment: Readonly<Record<string, string>>,
  interpreter: string = process.execPath,
): Promise<RunningExample> {
  const program = spawn(interpreter, [mainFile], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(program, 'exit')
  for await (const line of createInterface({ input: program.stdout })) {
    const [, url] = / listening on (http:\S+)/.exec(line) ?? []
    if (url === undefined) continue
    return {
      url,
      [Symbol.asyncDispose]: async () => {
        program.kill('SIGTERM')
        const [code] = await exit
        if (code !== 0) throw new Error(`${mainFile} ended with ${code}`)
      },
    }
  }
  throw new Error(`${mainFile} ended before it listened`)
}
