import type { BehalfConfig, DecisionPoint } from '@behalf/hook'
import { loadConfig } from '../config/config-file.ts'
import { findUncoveredClients } from '../policy/client-coverage.ts'
import { readablePolicy } from '../policy/readable-policy.ts'
import { type Terminal, UsageError } from '../terminal/command.ts'
import { readArguments } from '../terminal/options.ts'
import { paintFor } from '../terminal/paint.ts'
import { printable } from '../terminal/printable.ts'

/** Says what is wrong with policies and what is hardly meant. */
export async function checkPolicy(args: readonly string[], terminal: Terminal): Promise<number> {
  const { options, words } = readArguments(args, {
    config: { type: 'string' },
    strict: { type: 'boolean' },
    json: { type: 'boolean' },
  })
  const { point, clients } = await findPolicy(words, options.config, terminal)
  const { faults, rules = [] } = point
  const warnings =
    faults.length > 0 ? [] : [...(point.warnings ?? []), ...findUncoveredClients(clients, rules)]
  const failed = faults.length > 0 || (options.strict === true && warnings.length > 0)
  if (options.json) {
    const policies = rules.map(({ id, effect, place }) => ({ id, effect, place }))
    terminal.print(JSON.stringify({ faults, warnings, policies }, undefined, 2))
    return failed ? 1 : 0
  }
  const paint = paintFor(terminal)
  const list = (mark: string, found: DecisionPoint['faults']): void => {
    for (const { path, problem } of found) terminal.print(printable(`${mark} ${path}: ${problem}`))
  }
  list('error', faults)
  list('warning', warnings)
  const summary = `${rules.length} policies, ${faults.length} errors, ${warnings.length} warnings`
  terminal.print(failed ? paint.bad(summary) : paint.good(summary))
  return failed ? 1 : 0
}

async function findPolicy(
  paths: readonly string[],
  configFile: string | undefined,
  terminal: Terminal,
): Promise<{ readonly point: DecisionPoint; readonly clients: BehalfConfig['clients'] }> {
  if (paths.length > 0) {
    // Loaded only now, because it brings a WebAssembly module that no other command needs.
    const { cedar } = await import('@behalf/hook/cedar')
    const clients = configFile === undefined ? 'any' : (await loadConfig(configFile, terminal.env)).clients
    return { point: cedar({ policies: paths }), clients }
  }
  const config = await loadConfig(configFile, terminal.env)
  const policy = readablePolicy(config.policy)
  if (policy === undefined)
    throw new UsageError('the configuration has no policy; name Cedar files or folders')
  if (typeof policy === 'function')
    throw new UsageError('the policy is a function, which only tests can check: behalf policy test')
  return { point: policy, clients: config.clients }
}
