import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../workspace.ts'

/** What a script printed. */
export interface Printed {
  readonly lines: readonly string[]
  readonly exitCode: number
}

/** Runs one of the scripts that lie beside the recorded data, against this repository as it is built. */
export async function runScript(folder: string, name: string): Promise<Printed> {
  const child = spawn(process.execPath, [join(folder, `${name}.mjs`)], {
    env: { ...process.env, BEHALF: root, AJV_FROM: join(root, 'tools/fidelity/'), NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 1))
  })
  return { lines: text.split('\n'), exitCode }
}
