import { type BehalfConfig, ConfigError, type ConfigFault, createHook } from '@behalf/hook'

/**
 * Refuses to pack what the hook would refuse in the function. Secrets and variables that are not set here are
 * let through, because the function has an environment of its own, and so are ARNs, which it resolves.
 *
 * @returns the faults that were let through
 * @throws ConfigError that lists every other fault
 */
export function refuseUnpackable(config: BehalfConfig): readonly ConfigFault[] {
  const found = findFaults(config)
  const faults = found.filter(({ path }) => !isLeftToTheFunction(config, path))
  if (faults.length > 0) throw new ConfigError(faults)
  return found
}

function findFaults(config: BehalfConfig): readonly ConfigFault[] {
  try {
    createHook(config)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

/** Where secrets are kept from sight, so that only the path tells what a fault is about. */
const hiding = ['policy.token', 'sealing.keys', 'revocation.events.secrets']

function isLeftToTheFunction(config: BehalfConfig, path: string): boolean {
  if (hiding.some((place) => path.startsWith(place))) return true
  const setting = settingAt(config, path)
  if (setting === undefined) return false
  const { value } = setting
  if (value === undefined) return true
  if (!path.startsWith('authenticate.secrets') && !path.endsWith('.introspection.clientSecret')) return false
  return value === '' || (typeof value === 'string' && value.startsWith('arn:')) || isEmptyList(value)
}

/** What stands at the path of a fault; undefined when nothing does. A variable that is not set stands there as undefined. */
function settingAt(config: BehalfConfig, path: string): { readonly value: unknown } | undefined {
  let value: unknown = config
  for (const [, name, quoted] of path.matchAll(/([\w-]+)|\[("(?:[^"\\]|\\.)*")\]/g)) {
    const key: unknown = name ?? JSON.parse(quoted ?? '""')
    if (typeof key !== 'string' || typeof value !== 'object' || value === null || !Object.hasOwn(value, key))
      return undefined
    value = Reflect.get(value, key)
  }
  return { value }
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}
