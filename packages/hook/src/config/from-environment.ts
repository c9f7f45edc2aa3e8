import { ConfigError, type ConfigFault } from '../errors/config-error.ts'
import { parseSecretArn } from '../secrets/aws/secret-arn.ts'
import type { SecretSource } from '../secrets/secret-source.ts'
import type { BehalfConfig } from './config.ts'
import { findConfigFaults } from './resolve-config.ts'

/**
 * Makes a configuration from environment variables alone: `ISSUER` and `AUDIENCE` (of the authorization
 * server that issues the assertions), `HOOK_SECRET` (several separated by commas while rotating), and
 * optionally `HOOK_AUTH_HEADER` (`Authorization` by default) and `CLIENT_IDS` (the clients that may exchange,
 * separated by commas; without it, every client that Okta's policy rule lets through).
 *
 * `POLICY_FILES` is refused, because without the policies that it names more would be permitted.
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
export function configFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): BehalfConfig {
  const { ISSUER, AUDIENCE, HOOK_SECRET, HOOK_AUTH_HEADER, CLIENT_IDS } = environment
  const faults: ConfigFault[] = []
  const required = (path: string, value: string | undefined): string => {
    if (value === undefined || value.trim() === '') faults.push({ path, problem: 'is not set' })
    return value?.trim() ?? ''
  }
  const list = (path: string, value: string): string[] => {
    const members = value.split(',').map((member) => member.trim())
    if (members.includes(''))
      faults.push({ path, problem: 'has an empty member; separate members by single commas' })
    return members
  }
  if (environment['POLICY_FILES'] !== undefined)
    faults.push({
      path: 'POLICY_FILES',
      problem: 'is read by the behalf command only; name policies in a file',
    })
  const issuer = required('ISSUER', ISSUER)
  const audience = required('AUDIENCE', AUDIENCE)
  const secret = required('HOOK_SECRET', HOOK_SECRET)
  const secrets = secret === '' ? [] : list('HOOK_SECRET', secret)
  const clientIds = CLIENT_IDS === undefined ? undefined : list('CLIENT_IDS', CLIENT_IDS)
  const config: BehalfConfig = {
    authenticate: { header: HOOK_AUTH_HEADER, secrets },
    issuers: [{ issuer, audiences: [audience] }],
    clients: clientIds === undefined ? 'any' : Object.fromEntries(clientIds.map((id) => [id, {}])),
  }
  // ARNs are for Lambda to replace; elsewhere `createHook` refuses them.
  const others = findFaults({
    ...config,
    authenticate: { header: HOOK_AUTH_HEADER, secrets: secrets.map(standInForArn) },
  }).filter(({ path }) => faults.every((fault) => fault.path !== path))
  if (faults.length > 0 || others.length > 0) throw new ConfigError([...faults, ...others])
  return config
}

function standInForArn(secret: string): string | SecretSource {
  return parseSecretArn(secret) === undefined ? secret : async () => []
}

/** Which variable a part of the configuration came from. */
const variables = [
  ['issuers[0].issuer', 'ISSUER'],
  ['issuers[0].audiences', 'AUDIENCE'],
  ['authenticate.secrets', 'HOOK_SECRET'],
  ['authenticate.header', 'HOOK_AUTH_HEADER'],
  ['clients', 'CLIENT_IDS'],
] as const

function findFaults(config: BehalfConfig): readonly ConfigFault[] {
  return findConfigFaults(config).map(({ path, problem }) => {
    const variable = variables.find(([part]) => path.startsWith(part))?.[1]
    return { path: variable ?? path, problem }
  })
}
