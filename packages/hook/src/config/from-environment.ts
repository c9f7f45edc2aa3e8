import { assertOptions, isDialectName } from '@behalf/core/internal'
import { ConfigError, type ConfigFault } from '../errors/config-error.ts'
import { parseSecretArn } from '../secrets/aws/secret-arn.ts'
import type { SecretSource } from '../secrets/secret-source.ts'
import type { BehalfConfig } from './config.ts'
import type { HookVariables } from './hook-variables.ts'
import { findMisplaced, findNotText } from './misread-variables.ts'
import { findConfigFaults } from './resolve-config.ts'
import { type EnvironmentParts, environmentParts, readSealing } from './sealing-variables.ts'
import { type NamedSecret, readSecret } from './secret-variables.ts'

type VariableName = keyof HookVariables

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Makes a configuration from environment variables alone: `ISSUER` and `AUDIENCE` (of the authorization
 * server that issues the assertions), `HOOK_SECRET` or the file `HOOK_SECRET_FILE` that holds it, and
 * optionally `HOOK_SECRET_PREVIOUS` or `HOOK_SECRET_PREVIOUS_FILE` while rotating, `HOOK_AUTH_HEADER`
 * (`Authorization` by default), `CLIENT_IDS` (the clients that may exchange, separated by commas; without it,
 * every client that Okta's policy rule lets through), `ISSUER_DIALECT`, `RESOURCE` with `RESOURCE_VERIFIER` and
 * `PLACEHOLDER`, `CLAIMS`, with `sealed` also `SEALING_KEYS` and `SEALING_REQUIRED`, and `INSECURE_HOSTS`: {@link HookVariables}. Files are read when the hook needs its secrets, and not here.
 *
 * `POLICY_FILES` is refused, because without the policies that it names more would be permitted, and so is what sounds
 * like a variable that is not set, as `CLIENT_ID` does like `CLIENT_IDS`, because it would restrict nothing.
 *
 * @throws ConfigError that lists every variable that is missing or unusable
 *
 * @example
 * ```ts
 * import { configFromEnvironment, createHook } from '@behalf/hook'
 *
 * const hook = createHook(configFromEnvironment(process.env))
 * ```
 */
export function configFromEnvironment(environment: Environment, parts: EnvironmentParts = {}): BehalfConfig {
  assertOptions('configFromEnvironment', parts, environmentParts)
  const notText = findNotText(environment)
  if (notText.length > 0) throw new ConfigError(notText)
  const { HOOK_AUTH_HEADER } = environment
  const faults: ConfigFault[] = [...findMisplaced(environment)]
  const required = (path: VariableName): string => {
    const value = environment[path]?.trim() ?? ''
    if (value === '') faults.push({ path, problem: 'is not set' })
    return value
  }
  const issuer = required('ISSUER')
  const audience = required('AUDIENCE')
  const secrets = [
    readSecret(environment, 'HOOK_SECRET', 'HOOK_SECRET_FILE', faults),
    readSecret(environment, 'HOOK_SECRET_PREVIOUS', 'HOOK_SECRET_PREVIOUS_FILE', faults),
  ].filter((secret) => secret !== undefined)
  if (environment['HOOK_SECRET'] === undefined && environment['HOOK_SECRET_FILE'] === undefined)
    faults.push({ path: 'HOOK_SECRET', problem: 'is not set' })
  const clientIds = readList(environment, 'CLIENT_IDS', faults)
  const { ISSUER_DIALECT, RESOURCE } = environment
  if (ISSUER_DIALECT !== undefined && !isDialectName(ISSUER_DIALECT))
    faults.push({
      path: 'ISSUER_DIALECT',
      problem: 'is none of okta, entra, auth0, keycloak, cognito and zitadel',
    })
  const sealing = readSealing(environment, parts.sealed, faults)
  const resource = RESOURCE === undefined ? undefined : required('RESOURCE')
  const dialect = isDialectName(ISSUER_DIALECT) ? ISSUER_DIALECT : undefined
  const included = readList(environment, 'CLAIMS', faults)
  const insecureHosts = readList(environment, 'INSECURE_HOSTS', faults)
  const config: BehalfConfig = {
    authenticate: { header: HOOK_AUTH_HEADER, secrets: secrets.map(({ secret }) => secret) },
    issuers: [{ issuer, audiences: [audience], ...(dialect === undefined ? {} : { dialect }) }],
    clients: clientIds === undefined ? 'any' : Object.fromEntries(clientIds.map((id) => [id, {}])),
    ...(included === undefined ? {} : { claims: { include: included } }),
    ...(insecureHosts === undefined ? {} : { insecureHosts }),
    ...readResource(environment, resource, faults),
    ...(sealing === undefined ? {} : { sealing }),
  }
  // ARNs are for Lambda to replace; elsewhere `createHook` refuses them.
  const checked = secrets.map(({ secret }) => (parseSecretArn(secret) === undefined ? secret : noSecrets))
  const others = findConfigFaults({
    ...config,
    authenticate: { header: HOOK_AUTH_HEADER, secrets: checked },
    sealing: sealing?.withSources((text) => (parseSecretArn(text) === undefined ? undefined : noSecrets)),
  })
    .map(({ path, problem }) => ({ path: variableOf(path, secrets), problem }))
    .filter(({ path }) => faults.every((fault) => fault.path !== path))
  if (faults.length > 0 || others.length > 0) throw new ConfigError([...faults, ...others])
  return config
}

/** The API that tokens are for; what only means something beside it is a fault alone. */
function readResource(
  { RESOURCE_VERIFIER, PLACEHOLDER }: Environment,
  resource: string | undefined,
  faults: ConfigFault[],
): Pick<BehalfConfig, 'resources' | 'placeholder'> {
  if (RESOURCE_VERIFIER !== undefined && RESOURCE_VERIFIER !== 'any' && RESOURCE_VERIFIER !== 'behalf')
    faults.push({ path: 'RESOURCE_VERIFIER', problem: "must be 'any' or 'behalf'" })
  if (resource === undefined) {
    for (const [path, value] of Object.entries({ RESOURCE_VERIFIER, PLACEHOLDER }))
      if (value !== undefined) faults.push({ path, problem: 'means something beside RESOURCE only' })
    return {}
  }
  const verifier = RESOURCE_VERIFIER === 'behalf' ? 'behalf' : 'any'
  return { resources: { [resource]: { verifier } }, placeholder: PLACEHOLDER }
}

/** The members of a list that is separated by commas. */
function readList(
  environment: Environment,
  path: VariableName,
  faults: ConfigFault[],
): readonly string[] | undefined {
  const members = environment[path]?.split(',').map((member) => member.trim())
  if (members?.includes(''))
    faults.push({ path, problem: 'has an empty member; separate members by single commas' })
  return members
}

const noSecrets: SecretSource = async () => []

/** Which variable a part of the configuration came from. */
const variables: readonly (readonly [string, VariableName])[] = [
  ['issuers[0].issuer', 'ISSUER'],
  ['issuers[0].audiences', 'AUDIENCE'],
  ['issuers[0].dialect', 'ISSUER_DIALECT'],
  ['resources', 'RESOURCE'],
  ['placeholder', 'PLACEHOLDER'],
  ['claims.include', 'CLAIMS'],
  ['authenticate.secrets', 'HOOK_SECRET'],
  ['authenticate.header', 'HOOK_AUTH_HEADER'],
  ['clients', 'CLIENT_IDS'],
  ['sealing', 'SEALING_KEYS'],
  ['insecureHosts', 'INSECURE_HOSTS'],
]

/** The variable that a part of the configuration came from. */
function variableOf(path: string, secrets: readonly NamedSecret[]): string {
  const index = /^authenticate\.secrets\[(\d)\]/.exec(path)?.[1]
  if (index !== undefined) return secrets[Number(index)]?.variable ?? path
  return variables.find(([part]) => path.startsWith(part))?.[1] ?? path
}
