import type { ConfigFault } from '../errors/config-error.ts'
import type { HookVariables } from './hook-variables.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What is set but would not be read, although whoever set it means something by it. */
export function findMisplaced(environment: Environment): ConfigFault[] {
  const policies =
    environment['POLICY_FILES'] === undefined
      ? []
      : [
          {
            path: 'POLICY_FILES',
            problem: 'is read by the behalf command only; name policies in a file',
          },
        ]
  return [...policies, ...slipsIn(environment), ...misspeltIn(environment)]
}

/** What is no text, where somebody has handed over something else than an environment. */
export function findNotText(environment: unknown): ConfigFault[] {
  if (typeof environment !== 'object' || environment === null)
    return [{ path: 'environment', problem: 'must be an object of variables, such as process.env' }]
  return Object.keys(readVariables)
    .filter((name) => !['string', 'undefined'].includes(typeof Reflect.get(environment, name)))
    .map((path) => ({ path, problem: 'must be text' }))
}

/** Names that are not read although one that is so alike is: without it more would be accepted than somebody has asked for. */
function slipsIn(environment: Environment): ConfigFault[] {
  return Object.keys(environment).flatMap((path) => {
    const meant = path in readVariables ? undefined : (synonyms[path] ?? variableBySound.get(soundOf(path)))
    // Others are not looked at, because `behalf package` lists what is.
    const isSlip = meant !== undefined && environment[path] !== undefined && environment[meant] === undefined
    return isSlip ? [{ path, problem: `is not read; did you mean ${meant}?` }] : []
  })
}

/** What is left of a name without case, plural and what separates its words. */
function soundOf(name: string): string {
  return name
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .map((word) => word.replace(/S$/, ''))
    .join('')
}

const readVariables: Readonly<Record<keyof HookVariables | 'POLICY_FILES', true>> = {
  ISSUER: true,
  AUDIENCE: true,
  ISSUER_DIALECT: true,
  RESOURCE: true,
  RESOURCE_VERIFIER: true,
  PLACEHOLDER: true,
  CLAIMS: true,
  HOOK_SECRET: true,
  HOOK_SECRET_FILE: true,
  HOOK_SECRET_PREVIOUS: true,
  HOOK_SECRET_PREVIOUS_FILE: true,
  HOOK_AUTH_HEADER: true,
  CLIENT_IDS: true,
  SEALING_KEYS: true,
  SEALING_KEYS_FILE: true,
  SEALING_REQUIRED: true,
  INSECURE_HOSTS: true,
  POLICY_FILES: true,
}
const variableBySound: ReadonlyMap<string, string> = new Map(
  Object.keys(readVariables).map((name) => [soundOf(name), name]),
)
/** Other words for what restricts. */
const synonyms: Readonly<Record<string, string>> = {
  CLIENTS: 'CLIENT_IDS',
  ALLOWED_CLIENTS: 'CLIENT_IDS',
  ALLOWED_CLIENT_IDS: 'CLIENT_IDS',
  HOOK_CLIENT_IDS: 'CLIENT_IDS',
  SEAL_KEYS: 'SEALING_KEYS',
  SEAL_KEYS_FILE: 'SEALING_KEYS_FILE',
  SEAL_REQUIRED: 'SEALING_REQUIRED',
  POLICIES: 'POLICY_FILES',
  POLICY_FOLDER: 'POLICY_FILES',
  POLICY_DIR: 'POLICY_FILES',
}

/** Values in a spelling that would be taken for a name that nobody has. */
function misspeltIn(environment: Environment): ConfigFault[] {
  const faultsOf = (paths: readonly (keyof HookVariables)[], slip: RegExp, problem: string): ConfigFault[] =>
    paths.filter((path) => slip.test(environment[path] ?? '')).map((path) => ({ path, problem }))
  const several = faultsOf(
    ['AUDIENCE', 'RESOURCE', 'PLACEHOLDER'],
    /[,;\s]\s*[a-z][a-z\d+.-]*:/i,
    'names several, and takes one; name others in a file',
  )
  const lists = faultsOf(
    ['CLIENT_IDS', 'CLAIMS', 'INSECURE_HOSTS'],
    /^\s*[[{]|;|[^,\s]\s+[^,\s]/,
    'is a list in another spelling; separate members by commas',
  )
  return [...quotedIn(environment), ...several, ...lists]
}

/** Values that came with the quotes around them, as `docker run --env-file` leaves them; secrets are looked at by themselves. */
function quotedIn(environment: Environment): ConfigFault[] {
  return Object.keys(readVariables)
    .filter((path) => !path.startsWith('HOOK_SECRET') && /^\s*(["'`]).*\1\s*$/s.test(environment[path] ?? ''))
    .map((path) => ({ path, problem: 'is in quotes; write what stands between them' }))
}
