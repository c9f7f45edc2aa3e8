import { readFileSync } from 'node:fs'
import { type ClientAuth, clientSecretBasic, createClient, privateKeyJwt } from '@behalf/client'
import type { Telemetry } from '@behalf/core'
import {
  aName,
  aPlainUrl,
  assertOptions,
  aTelemetry,
  aUrl,
  findOptionFaults,
  type InsecureHosts,
  isDialectName,
  isHostName,
  isJsonObject,
  isPartyName,
  isScopeToken,
  type OptionRule,
  type OptionRules,
  oneOf,
  parseStrictJson,
  refuseOptions,
} from '@behalf/core/internal'
import { createVerifier } from '@behalf/verify'
import type { SidecarConfig } from '../sidecar.ts'
import type { TokenEndpointOptions } from '../token-endpoint/options.ts'
import type { VerifyEndpointOptions } from '../verify-endpoint/options.ts'
import { type ProxyName, proxies } from '../verify-endpoint/original-request.ts'
import type { SidecarVariables } from './sidecar-variables.ts'

type Environment = Readonly<Record<string, string | undefined>>
type Variables = Readonly<Partial<Record<keyof SidecarVariables, string>>>

const listOf = (what: string, holds: (item: string) => boolean): OptionRule => ({
  expected: `${what}, separated by single commas`,
  holds: (value) => typeof value === 'string' && split(value).every(holds),
})
const text: OptionRule = { expected: 'a text', holds: (value) => typeof value === 'string' && value !== '' }

const rulesOf = (insecureHosts: InsecureHosts): OptionRules<keyof SidecarVariables> => ({
  DELEGATION_ISSUER: { ...aPlainUrl(insecureHosts), required: true },
  CLIENT_ID: aName,
  CLIENT_SECRET: text,
  CLIENT_SECRET_FILE: text,
  CLIENT_KEY_FILE: text,
  CLIENT_KEY_ID: text,
  SEAL_JWKS_URI: aUrl(insecureHosts),
  ISSUER: aPlainUrl(insecureHosts),
  AUDIENCE: aName,
  ISSUER_DIALECT: {
    expected: 'okta, entra, auth0, keycloak, cognito or zitadel',
    holds: (value) => typeof value === 'string' && isDialectName(value),
  },
  RESOURCE: listOf('audiences', isPartyName),
  CALLER_ID: aName,
  CALLER_SECRET: text,
  CALLER_SECRET_FILE: text,
  BASE_URL: text,
  PROXY: oneOf(...proxies),
  API_AUDIENCE: aName,
  REQUIRED_SCOPES: listOf('scopes', isScopeToken),
  ALLOWED_ACTORS: listOf('client ids', isPartyName),
  INSECURE_HOSTS: listOf('host names as URLs spell them, without scheme and port', isHostName),
})

/**
 * Makes the configuration of a sidecar from environment variables alone: {@link SidecarVariables}. With `CLIENT_ID` there
 * is a token endpoint for one client, with `PROXY` a verify endpoint without routes; several clients, routes, chains and
 * certificates need a configuration in TypeScript. Files are read now.
 *
 * @param parts - what variables cannot say
 * @throws TypeError - when variables are missing or unusable; it names all of them, without values
 * @throws the file system's error when a file that is named cannot be read
 *
 * @example
 * ```ts
 * import { sidecarFromEnvironment, startSidecar } from '@behalf/sidecar'
 *
 * await startSidecar({ ...sidecarFromEnvironment(process.env), port: 8081 })
 * ```
 */
export function sidecarFromEnvironment(environment: Environment, parts: SidecarParts = {}): SidecarConfig {
  assertOptions('sidecarFromEnvironment', parts, { telemetry: aTelemetry })
  const insecureHosts = split(environment['INSECURE_HOSTS']).filter(isHostName)
  const rules = rulesOf(new Set(insecureHosts))
  const variables: Variables = Object.fromEntries(
    Object.keys(rules).flatMap((name) => {
      const value = environment[name]
      return value === undefined ? [] : [[name, /SECRET$/.test(name) ? value : value.trim()]]
    }),
  )
  refuseOptions('the environment', [
    ...findOptionFaults(variables, rules),
    ...findMissing(variables, 'CLIENT_ID', ['ISSUER', 'AUDIENCE', 'RESOURCE']),
    ...findMissing(variables, 'PROXY', ['API_AUDIENCE']),
    ...findSecretFaults(variables),
    ...(variables.CLIENT_ID === undefined && variables.PROXY === undefined
      ? ['CLIENT_ID: expected it for the token endpoint, or PROXY for the verify endpoint, or both']
      : []),
  ])
  const common = { ...parts, ...(insecureHosts.length === 0 ? {} : { insecureHosts }) }
  const token = readToken(variables, common)
  const verify = readVerify(variables, common)
  return {
    ...parts,
    ...(token === undefined ? {} : { token }),
    ...(verify === undefined ? {} : { verify }),
  }
}

/** What variables cannot say. */
export interface SidecarParts {
  /** Where spans and metrics of the sidecar, its client and its verifiers go: `openTelemetry()`. Default nowhere. */
  readonly telemetry?: Telemetry
}

/** What client and verifiers have in common. */
interface Common extends SidecarParts {
  readonly insecureHosts?: readonly string[]
}

function readToken(variables: Variables, common: Common): TokenEndpointOptions | undefined {
  const { CLIENT_ID, ISSUER = '', AUDIENCE = '', ISSUER_DIALECT, DELEGATION_ISSUER = '' } = variables
  if (CLIENT_ID === undefined) return undefined
  const { CALLER_ID, BASE_URL, SEAL_JWKS_URI } = variables
  const secret = readSecret(variables, 'CALLER_SECRET')
  return {
    verifier: createVerifier({
      ...common,
      issuer: ISSUER,
      audience: AUDIENCE,
      accept: ['user'],
      ...(isDialectName(ISSUER_DIALECT) ? { dialect: ISSUER_DIALECT } : {}),
    }),
    client: createClient({
      ...common,
      issuer: DELEGATION_ISSUER,
      clientId: CLIENT_ID,
      auth: readAuthentication(variables),
      expectedAudience: AUDIENCE,
      ...(SEAL_JWKS_URI === undefined ? {} : { seal: { jwksUri: SEAL_JWKS_URI } }),
    }),
    targets: Object.fromEntries(split(variables.RESOURCE).map((name) => [name, {}])),
    callers:
      CALLER_ID === undefined || secret === undefined ? 'loopback' : { secrets: { [CALLER_ID]: secret } },
    ...(BASE_URL === undefined ? {} : { baseUrl: BASE_URL }),
  }
}

function readVerify(variables: Variables, common: Common): VerifyEndpointOptions | undefined {
  const { API_AUDIENCE = '', REQUIRED_SCOPES, ALLOWED_ACTORS, DELEGATION_ISSUER = '' } = variables
  const proxy = proxies.find((name: ProxyName) => name === variables.PROXY)
  if (proxy === undefined) return undefined
  return {
    proxy,
    verifier: createVerifier({
      ...common,
      issuer: DELEGATION_ISSUER,
      audience: API_AUDIENCE,
      ...(REQUIRED_SCOPES === undefined ? {} : { requiredScopes: split(REQUIRED_SCOPES) }),
      ...(ALLOWED_ACTORS === undefined ? {} : { allowedActors: split(ALLOWED_ACTORS) }),
    }),
  }
}

function findMissing(
  variables: Variables,
  switchedOnBy: keyof SidecarVariables,
  needed: readonly (keyof SidecarVariables)[],
): readonly string[] {
  if (variables[switchedOnBy] === undefined) return []
  return needed
    .filter((name) => variables[name] === undefined)
    .map((name) => `${name}: missing; expected it beside ${switchedOnBy}`)
}

/** How the client and the caller authenticate must be said once. */
function findSecretFaults(variables: Variables): readonly string[] {
  const given = (...names: readonly (keyof SidecarVariables)[]): readonly string[] =>
    names.filter((name) => variables[name] !== undefined)
  const ofClient = given('CLIENT_SECRET', 'CLIENT_SECRET_FILE', 'CLIENT_KEY_FILE')
  const ofCaller = given('CALLER_SECRET', 'CALLER_SECRET_FILE')
  return [
    ...(variables.CLIENT_ID !== undefined && ofClient.length !== 1
      ? ['CLIENT_SECRET: expected exactly one of it, CLIENT_SECRET_FILE and CLIENT_KEY_FILE']
      : []),
    ...(ofCaller.length > 1 ? ['CALLER_SECRET: expected it or CALLER_SECRET_FILE, not both'] : []),
    ...((variables.CALLER_ID === undefined) !== (ofCaller.length === 0)
      ? ['CALLER_ID: expected it together with CALLER_SECRET or CALLER_SECRET_FILE']
      : []),
  ]
}

function readAuthentication(variables: Variables): ClientAuth {
  const { CLIENT_KEY_FILE, CLIENT_KEY_ID } = variables
  if (CLIENT_KEY_FILE === undefined) return clientSecretBasic(readSecret(variables, 'CLIENT_SECRET'))
  const text = readFileSync(CLIENT_KEY_FILE, 'utf8')
  // What the platform says of JSON that it cannot read quotes it.
  const jwk = parseStrictJson(text.trim(), 2)
  return privateKeyJwt({
    privateKey: jwk.ok && isJsonObject(jwk.value) ? jwk.value : text,
    ...(CLIENT_KEY_ID === undefined ? {} : { keyId: CLIENT_KEY_ID }),
  })
}

/** A secret, of its variable or of the file that another names; a line break at its end is no part of it. */
function readSecret(variables: Variables, name: 'CLIENT_SECRET' | 'CALLER_SECRET'): string | undefined {
  const file = variables[`${name}_FILE`]
  return (file === undefined ? variables[name] : readFileSync(file, 'utf8'))?.replace(/[\r\n]+$/, '')
}

function split(list = ''): readonly string[] {
  return list === '' ? [] : list.split(',').map((member) => member.trim())
}
