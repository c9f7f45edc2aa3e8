import { ConfigError, type Policy } from '@behalf/hook'
import { CommandError, type Terminal, UsageError } from '../command.ts'
import { loadConfig } from '../config-file.ts'
import { watchFiles } from '../file-watch.ts'
import { readArguments } from '../options.ts'
import { paintFor } from '../output/paint.ts'
import { printable } from '../output/printable.ts'
import { alignRows } from '../output/table.ts'
import { type CaseResult, runCase } from '../policy/run-case.ts'
import { readTestFile } from '../policy/test-file.ts'

/** Asks a policy the cases of files and compares the answers. */
export async function testPolicy(args: readonly string[], terminal: Terminal): Promise<number> {
  const { options, words } = readArguments(args, {
    config: { type: 'string' },
    json: { type: 'boolean' },
    watch: { type: 'boolean' },
  })
  if (words.length === 0) throw new UsageError('name at least one file of test cases')
  const general = await loadGeneralPolicy(options.config, terminal)
  const report = options.json ? reportJson : reportTable
  if (!options.watch) {
    const { results } = await runFiles(words, general, terminal)
    report(results, terminal)
    return results.every(({ problems }) => problems.length === 0) ? 0 : 1
  }
  await runUntilStopped(words, general, terminal, report)
  return 0
}

type LoadPolicy = () => Promise<Policy>

/** The policy of the configuration is loaded when the first file needs it. */
async function loadGeneralPolicy(configFile: string | undefined, terminal: Terminal): Promise<LoadPolicy> {
  let loaded: Policy | undefined
  return async () => {
    loaded ??= (await loadConfig(configFile, terminal.env)).policy
    if (loaded === undefined)
      throw new UsageError('neither the test file nor the configuration names a policy')
    if (typeof loaded === 'function') return loaded
    const reload = loaded.reload?.()
    reload?.apply()
    const faults = reload?.faults ?? loaded.faults
    if (faults.length > 0) throw new ConfigError(faults)
    return loaded
  }
}

async function runFiles(files: readonly string[], loadPolicy: LoadPolicy, terminal: Terminal) {
  const results: CaseResult[] = []
  const dependencies: string[] = []
  for (const file of files) {
    const test = await readTestFile(file, terminal.clock.now())
    const policy = test.policy ?? (await loadPolicy())
    dependencies.push(...test.files, ...(typeof policy === 'function' ? [] : (policy.files ?? [])))
    for (const item of test.cases) results.push(await runCase(policy, item, terminal.clock))
  }
  return { results, files: [...new Set(dependencies)] }
}

async function runUntilStopped(
  files: readonly string[],
  loadPolicy: LoadPolicy,
  terminal: Terminal,
  report: typeof reportTable,
): Promise<void> {
  let watched = files
  let stopWatching = (): void => undefined
  const run = async (): Promise<void> => {
    try {
      const outcome = await runFiles(files, loadPolicy, terminal)
      watched = outcome.files
      report(outcome.results, terminal)
    } catch (error) {
      if (!(error instanceof ConfigError || error instanceof CommandError)) throw error
      terminal.complain(error.message)
    }
    stopWatching()
    stopWatching = watchFiles(watched, terminal.clock, () => void run())
  }
  await run()
  await terminal.stopped
  stopWatching()
}

function reportJson(results: readonly CaseResult[], terminal: Terminal): void {
  const failed = results.filter(({ problems }) => problems.length > 0).length
  terminal.print(JSON.stringify({ passed: results.length - failed, failed, cases: results }, undefined, 2))
}

function reportTable(results: readonly CaseResult[], terminal: Terminal): void {
  const paint = paintFor(terminal)
  const lines = alignRows(
    results.map(({ name, decision, by, problems }) => [
      problems.length === 0 ? 'ok' : 'FAILED',
      printable(name),
      decision,
      printable(by.join(', ')),
      printable(problems.join('; ')),
    ]),
  )
  lines.forEach((line, index) => {
    terminal.print(results[index]?.problems.length === 0 ? line : paint.bad(line))
  })
  const failed = results.filter(({ problems }) => problems.length > 0).length
  const summary = `${results.length - failed} passed, ${failed} failed`
  terminal.print(failed === 0 ? paint.good(summary) : paint.bad(summary))
}
