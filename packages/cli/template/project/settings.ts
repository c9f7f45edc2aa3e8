type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads variables that must be there.
 *
 * @throws Error naming every one that is not
 */
export function readSettings<const Name extends string>(
  names: readonly Name[],
  env: Environment,
): Readonly<Record<Name, string>> {
  if (hasAll(names, env)) return env
  throw new Error(`set ${names.filter((name) => !env[name]).join(', ')}`)
}

function hasAll<Name extends string>(
  names: readonly Name[],
  env: Environment,
): env is Readonly<Record<Name, string>> {
  return names.every((name) => env[name])
}
