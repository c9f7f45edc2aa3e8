import { parseDocument } from 'yaml'
import { check } from '../shape/check.ts'
import type { Seed } from './seed.ts'
import { seedShape } from './shapes/options-shape.ts'

/**
 * Reads an org from YAML, or from JSON, which is YAML too: the members are those of `SandboxOptions`.
 *
 * @throws TypeError naming every fault, one a line
 * @example
 * ```ts
 * import { createSandbox, parseSeed } from '@behalf/sandbox'
 *
 * const sandbox = await createSandbox(parseSeed('users:\n  - login: bob@example.com'))
 * ```
 */
export function parseSeed(yaml: string): Seed {
  const document = parseDocument(yaml)
  if (document.errors.length > 0) {
    const lines = document.errors.map(({ message }) => message.split('\n', 1)[0])
    throw new TypeError(`the seed is not YAML:\n${lines.join('\n')}`)
  }
  const seed: unknown = document.toJS() ?? {}
  return check(seedShape, seed, 'the seed describes no org')
}
