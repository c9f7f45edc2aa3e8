import { aFunction, type OptionRules } from '@behalf/core/internal'
import type { ConfigFault } from '../errors/config-error.ts'
import type { Sealing } from '../sealing/sealing.ts'
import type { SecretSource } from '../secrets/secret-source.ts'
import type { HookVariables } from './hook-variables.ts'
import { readSecret } from './secret-variables.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What a configuration from the environment has only where somebody brings it. */
export interface EnvironmentParts {
  /**
   * `sealed` of `@behalf/hook/sealing`; then `SEALING_KEYS` or `SEALING_KEYS_FILE` has to be set. Default none, and the
   * variables of sealing are refused.
   */
  readonly sealed?: (options: { readonly keys: string | SecretSource; readonly required: boolean }) => Sealing
}

/** What the members of {@link EnvironmentParts} must be. */
export const environmentParts: OptionRules<keyof EnvironmentParts> = { sealed: aFunction }

const sealingVariables = [
  'SEALING_KEYS',
  'SEALING_KEYS_FILE',
  'SEALING_REQUIRED',
] satisfies readonly (keyof HookVariables)[]

/** Reads what opens seals. Whoever brings it wants it, so that keys that are missing must not take it away without a word. */
export function readSealing(
  environment: Environment,
  sealed: EnvironmentParts['sealed'],
  faults: ConfigFault[],
): Sealing | undefined {
  if (sealed === undefined) {
    const unread = sealingVariables.filter((name) => environment[name] !== undefined)
    faults.push(...unread.map((path) => ({ path, problem: withoutSealing })))
    return undefined
  }
  const { SEALING_REQUIRED = 'true' } = environment
  if (SEALING_REQUIRED !== 'true' && SEALING_REQUIRED !== 'false')
    faults.push({ path: 'SEALING_REQUIRED', problem: "must be 'true' or 'false'" })
  const keys = readSecret(environment, 'SEALING_KEYS', 'SEALING_KEYS_FILE', faults)
  if (keys !== undefined) return sealed({ keys: keys.secret, required: SEALING_REQUIRED !== 'false' })
  faults.push({ path: 'SEALING_KEYS', problem: 'is not set' })
  return undefined
}

const withoutSealing =
  'is not read, because this hook was made without sealing: pack it with --sealing, or give configFromEnvironment sealed of @behalf/hook/sealing'
