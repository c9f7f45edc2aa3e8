import { parseDocument } from 'yaml'
import { findOptionFaults } from '../option-rules.ts'
import type { SandboxOptions } from '../sandbox-options.ts'
import { seedShape } from './seed-shape.ts'

/** What a seed can say: every option but those that are not data. */
export type Seed = Omit<SandboxOptions, 'clock' | 'fetch' | 'state'>

/**
 * Reads an org from YAML, or from JSON, which is YAML too: the members are those of {@link SandboxOptions}.
 *
 * @throws TypeError naming every fault, one a line
 * @example
 * const sandbox = await createSandbox(parseSeed('users:\n  - login: bob@example.com'))
 */
export function parseSeed(yaml: string): Seed {
  const document = parseDocument(yaml)
  if (document.errors.length > 0) {
    const lines = document.errors.map(({ message }) => message.split('\n', 1)[0])
    throw new TypeError(`the seed is not YAML:\n${lines.join('\n')}`)
  }
  const seed: unknown = document.toJS() ?? {}
  const faults = [...seedShape(seed, '')]
  if (faults.length > 0) throw seedFault(faults)
  // The shape was checked member by member just above; the compiler cannot follow that.
  const options = seed as Seed
  const contradictions = findOptionFaults(options)
  if (contradictions.length > 0) throw seedFault(contradictions)
  return options
}

function seedFault(faults: readonly string[]): TypeError {
  return new TypeError(`the seed describes no org:\n${faults.join('\n')}`)
}
