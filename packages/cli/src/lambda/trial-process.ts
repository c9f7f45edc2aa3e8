/**
 * Runs in a process of its own, in the folder that a zip was unpacked to: loads the function, calls it until its
 * configuration is loaded, and writes what came of it as one line of JSON.
 */
import { registerHooks, syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { TrialReport } from './trial.ts'

const [, , project = ''] = process.argv
const timeoutMs = 10_000
const log: string[] = []
const variables = new Set<string>()

// The runtime brings the AWS SDK; here it is the project's.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, specifier.startsWith('@aws-sdk/') ? { ...context, parentURL: project } : context),
})
const recordRead = (name: string | symbol): void => {
  if (typeof name === 'string') variables.add(name)
}
process.env = new Proxy(process.env, {
  get(target, name, receiver) {
    recordRead(name)
    return Reflect.get(target, name, receiver)
  },
  has(target, name) {
    recordRead(name)
    return Reflect.has(target, name)
  },
})
syncBuiltinESMExports()
const write = process.stdout.write.bind(process.stdout)
process.stdout.write = (chunk: unknown) => {
  log.push(...String(chunk).split('\n'))
  return true
}

function finish(report: Omit<TrialReport, 'variables'>): void {
  write(`${JSON.stringify({ ...report, variables: [...variables] })}\n`, () => process.exit(0))
}

/** The lines of the function's log; a configuration may print others. */
function records(): readonly Readonly<Record<string, unknown>>[] {
  return log.flatMap((line) => {
    try {
      return [Object(JSON.parse(line))]
    } catch {
      return []
    }
  })
}

async function tryFunction(): Promise<void> {
  const { handler } = await import(pathToFileURL(join(process.cwd(), 'index.mjs')).href)
  const untilMs = Date.now() + timeoutMs
  for (;;) {
    const { statusCode } = await handler({ httpMethod: 'POST', headers: {}, body: '{}' })
    const found = records()
    const isLoading = found.at(-1)?.['detail'] === 'the configuration is not loaded yet'
    if (!isLoading) {
      const refused = found.find((record) => 'configurationRefused' in record)?.['configurationRefused']
      finish({ status: statusCode, ...(refused === undefined ? {} : { refused: Object(refused) }) })
      return
    }
    if (Date.now() > untilMs) throw new Error('the configuration was not loaded within 10 s')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

tryFunction().catch((error: unknown) => {
  const { name, message } = error instanceof Error ? error : new Error('it threw something that is no error')
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  finish({ status: undefined, refused: { name, code, message } })
})
