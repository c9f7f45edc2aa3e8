import type { BehalfConfig, DecisionPoint } from '@behalf/hook'
import { findConfigFile, loadConfig } from '../config/config-file.ts'
import { findUncoveredClients } from '../policy/client-coverage.ts'
import { issuersOf } from '../policy/issuers.ts'
import { readablePolicy } from '../policy/readable-policy.ts'
import { readTestFile } from '../policy/test-file.ts'
import { type Terminal, UsageError } from '../terminal/command.ts'
import { bad, good } from '../terminal/line.ts'
import { printJson } from '../terminal/print-json.ts'
import type { Input } from '../terminal/usage.ts'
import type { policyCheck } from '../usage/policy.ts'

/** Says what is wrong with policies and what is hardly meant. */
export async function run(
  { options, words }: Input<typeof policyCheck>,
  terminal: Terminal,
): Promise<number> {
  const checked = (await findPolicies(words, options.config, terminal)).map(check)
  const faults = checked.flatMap((each) => each.faults)
  const rules = checked.flatMap((each) => each.rules)
  const warnings = faults.length > 0 ? [] : checked.flatMap((each) => each.warnings)
  const failed = faults.length > 0 || (options.strict && warnings.length > 0)
  if (options.json) {
    const policies = rules.map(({ id, effect, place }) => ({ id, effect, place }))
    printJson(terminal, { faults, warnings, policies }, 2)
    return failed ? 1 : 0
  }
  const list = (mark: string, found: DecisionPoint['faults']): void => {
    for (const { path, problem } of found) terminal.print(`${mark} ${path}: ${problem}`)
  }
  list('error', faults)
  list('warning', warnings)
  const summary = `${rules.length} policies, ${faults.length} errors, ${warnings.length} warnings`
  terminal.print(failed ? bad(summary) : good(summary))
  return failed ? 1 : 0
}

/** A policy, and what it has to fit. */
interface Candidate {
  readonly point: DecisionPoint
  readonly clients: BehalfConfig['clients']
  readonly issuers?: readonly string[] | undefined
  /** Whether somebody has said what the issuers are called; else an id of none of them may still be right. */
  readonly isNamed: boolean
}

function check({ point, clients, issuers, isNamed }: Candidate) {
  const { faults, warnings = [], rules = [] } = point
  const misfits = point.misfits?.(issuers) ?? []
  return {
    rules,
    faults: isNamed ? [...faults, ...misfits] : faults,
    warnings: [...warnings, ...(isNamed ? [] : misfits), ...findUncoveredClients(clients, rules)],
  }
}

async function findPolicies(
  paths: readonly string[],
  named: string | undefined,
  { env, clock }: Terminal,
): Promise<readonly Candidate[]> {
  const tests = paths.filter(isTestFile)
  const tested = await Promise.all(tests.map((file) => readTestFile(file, clock.now(), 'unchecked')))
  const ofTests = tested.map(({ policy }, index) => {
    if (policy === undefined) throw new UsageError(`${tests[index]} names no policy; leave it out`)
    return { point: policy, clients: 'any', isNamed: true } as const
  })
  const others = paths.filter((path) => !isTestFile(path))
  if (others.length === 0 && paths.length > 0) return ofTests
  const file = findConfigFile(named)
  if (others.length > 0 && file === undefined) return [...ofTests, await openPolicies(others)]
  const config = await loadConfig(file, env)
  const { clients } = config
  const policy = readablePolicy(config.policy)
  const issuers = issuersOf(config)
  if (others.length > 0) {
    const point = typeof policy === 'object' ? policy.withPolicies?.(others) : undefined
    return [
      ...ofTests,
      point === undefined
        ? { ...(await openPolicies(others)), clients }
        : { point, clients, issuers, isNamed: true },
    ]
  }
  if (policy === undefined)
    throw new UsageError('the configuration has no policy; name Cedar files or folders')
  if (typeof policy === 'function')
    throw new UsageError('the policy is a function, which only tests can check: behalf policy test')
  return [{ point: policy, clients, issuers, isNamed: true }]
}

function isTestFile(path: string): boolean {
  return /\.ya?ml$/.test(path)
}

async function openPolicies(policies: readonly string[]): Promise<Candidate> {
  // Loaded only now, because it brings a WebAssembly module that no other command needs.
  const { cedar } = await import('@behalf/hook/cedar')
  return { point: cedar({ policies }), clients: 'any', isNamed: false }
}
