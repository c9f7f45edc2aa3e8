import { isDeepStrictEqual } from 'node:util'
import { writeNeeds } from '@behalf/core/internal'
import { type BehalfConfig, ConfigError, type Policy, type RehearsalOptions } from '@behalf/hook'
import { loadConfig } from '../config/config-file.ts'
import { explainFault } from '../config/explain-fault.ts'
import { watchFiles } from '../files/file-watch.ts'
import { issuersOf } from '../policy/issuers.ts'
import { readablePolicy } from '../policy/readable-policy.ts'
import { type CaseResult, runCase } from '../policy/run-case.ts'
import { readTestFile } from '../policy/test-file.ts'
import { CommandFault, type Terminal, UsageError } from '../terminal/command.ts'
import { bad, good } from '../terminal/line.ts'
import { printJson } from '../terminal/print-json.ts'
import { alignRows } from '../terminal/table.ts'
import type { Input } from '../terminal/usage.ts'
import type { policyTest } from '../usage/policy.ts'

/** Asks a policy the cases of files and compares the answers. */
export async function run({ options, words }: Input<typeof policyTest>, terminal: Terminal): Promise<number> {
  const general = loadGeneralTerms(options, terminal)
  const report = options.json ? reportJson : reportTable
  if (!options.watch) {
    const { results } = await runFiles(words, general, terminal)
    report(results, terminal)
    return results.every(({ problems }) => problems.length === 0) ? 0 : 1
  }
  await runUntilStopped(words, general, terminal, report)
  return 0
}

/** A policy, and how the configuration that it is of makes tokens. */
type Terms = Omit<RehearsalOptions, 'clock'>
type LoadTerms = () => Promise<Terms>

/** The configuration is loaded when the first file needs it. */
function loadGeneralTerms(
  { config: file, watch }: Input<typeof policyTest>['options'],
  terminal: Terminal,
): LoadTerms {
  let config: BehalfConfig | undefined
  return async () => {
    config ??= await loadConfig(file, terminal.env)
    const policy = readablePolicy(config.policy)
    if (policy === undefined)
      throw new UsageError('neither the test file nor the configuration names a policy')
    refuseFaulty(policy, issuersOf(config), watch)
    const { claims, subject, limits } = config
    return { policy, claims, subject, policyTimeoutMs: limits?.policyTimeoutMs }
  }
}

/** Reads a policy's files again, and refuses what is wrong with them. */
function refuseFaulty(policy: Policy, issuers: readonly string[] | undefined, watch: boolean): void {
  if (typeof policy === 'function') {
    // Node keeps a module as it was first imported, so a change of it would pass unnoticed.
    if (watch)
      throw new UsageError(
        '--watch follows policies in files, and this policy is a function; run the test without it after a change',
      )
    return
  }
  const reload = policy.reload?.(issuers)
  reload?.apply()
  const present = [...policy.faults, ...(policy.misfits?.(issuers) ?? [])]
  const faults = reload === undefined || reload.faults.length === 0 ? present : reload.faults
  if (faults.length > 0) throw new ConfigError(faults)
}

async function runFiles(files: readonly string[], loadTerms: LoadTerms, terminal: Terminal) {
  const results: CaseResult[] = []
  const dependencies: string[] = []
  for (const file of files) {
    const test = await readTestFile(file, terminal.clock.now())
    const terms = test.policy === undefined ? await loadTerms() : { policy: test.policy }
    const { policy } = terms
    dependencies.push(...test.files, ...(typeof policy === 'function' ? [] : (policy.files ?? [])))
    for (const item of test.cases) results.push(await runCase(item, { ...terms, clock: terminal.clock }))
  }
  return { results, files: [...new Set(dependencies)] }
}

async function runUntilStopped(
  files: readonly string[],
  loadTerms: LoadTerms,
  terminal: Terminal,
  report: typeof reportTable,
): Promise<void> {
  let watched: readonly string[] = []
  let stopWatching = (): void => undefined
  const failed = Promise.withResolvers<never>()
  const follow = (dependencies: readonly string[]): void => {
    // Watching anew would forget a change that has come while the tests ran.
    if (isDeepStrictEqual(dependencies, watched)) return
    stopWatching()
    watched = dependencies
    stopWatching = watchFiles(watched, terminal.clock, () => {
      runOnce(false).catch(failed.reject)
    })
  }
  const runOnce = async (isFirst: boolean): Promise<void> => {
    try {
      const outcome = await runFiles(files, loadTerms, terminal)
      // Before it reports: who sees the report may change a file at once.
      follow(outcome.files)
      report(outcome.results, terminal)
    } catch (error) {
      const isExpected = error instanceof ConfigError || error instanceof CommandFault
      // A wrong use stays wrong, while a file may be mended.
      if (!isExpected || (isFirst && error instanceof UsageError)) throw error
      follow(watched.length === 0 ? files : watched)
      for (const line of explainFault(error).lines) terminal.complain(line)
    }
  }
  await runOnce(true)
  try {
    await Promise.race([terminal.stopped, failed.promise])
  } finally {
    stopWatching()
  }
}

function reportJson(results: readonly CaseResult[], terminal: Terminal): void {
  const failed = results.filter(({ problems }) => problems.length > 0).length
  printJson(terminal, { passed: results.length - failed, failed, cases: results }, 2)
}

function reportTable(results: readonly CaseResult[], { print }: Terminal): void {
  const rows = results.map(({ name, decision, by, needs, problems }) => [
    problems.length === 0 ? 'ok' : bad('FAILED'),
    name,
    decision,
    by.join(', '),
    needs === undefined ? '' : `needs ${writeNeeds(needs)}`,
    bad(problems.join('; ')),
  ])
  for (const row of alignRows(rows)) print(row)
  const failed = results.filter(({ problems }) => problems.length > 0).length
  const summary = `${results.length - failed} passed, ${failed} failed`
  print(failed === 0 ? good(summary) : bad(summary))
}
