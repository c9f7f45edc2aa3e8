import type { SignatureAlgorithm } from '@behalf/core'
import { isPartyName, isSignatureAlgorithm, isTrustworthyUrl } from '@behalf/core/internal'
import * as v from 'valibot'
import type { ConfigFault } from '../errors/config-error.ts'
import { isPolicy, type Policy } from '../policy/decision-point.ts'
import { isUsableSecret } from '../secrets/secret.ts'
import type { SecretSource } from '../secrets/secret-source.ts'
import { dangerouslyAcceptAnyCaller } from './config.ts'
import type { ClientBinding, ResolvedConfig, ResolvedIssuer } from './resolved-config.ts'

const text = v.pipe(v.string('must be a string'), v.nonEmpty('must not be empty'))
const name = v.pipe(
  v.string('must be a string'),
  v.check(
    (value: string) => isPartyName(value),
    'must be 1 to 255 characters without control characters or surrounding white space',
  ),
)
const names = v.pipe(v.array(name, 'must be a list of strings'), v.minLength(1, 'must name at least one'))
const scope = v.pipe(
  v.string('must be a string'),
  v.regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be a scope token (RFC 6749 §3.3)'),
)
const scopes = v.array(scope, 'must be a list of strings')
const url = v.pipe(
  v.string('must be a string'),
  v.check(
    isTrustworthyUrl,
    'must be an https URL (http only on loopback) without blanks, user information or fragment',
  ),
)
const issuer = v.pipe(
  url,
  v.check((value) => !value.includes('?'), 'must have no query'),
)
const algorithm = v.custom<SignatureAlgorithm>(
  isSignatureAlgorithm,
  'must be an asymmetric algorithm, e.g. RS256 or ES256',
)
const algorithmList = v.pipe(v.array(algorithm, 'must be a list'), v.minLength(1, 'must name at least one'))
const headerName = v.pipe(
  v.string('must be a string'),
  v.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'must be a header name'),
  v.toLowerCase(),
)
const secret = v.pipe(
  v.string('is missing; is the environment variable set?'),
  v.check(
    (value: string) => isUsableSecret(value),
    'must be visible ASCII without surrounding spaces, up to 512 characters',
  ),
)
const secretSource = v.custom<SecretSource>((value) => typeof value === 'function')

/** Inferred, because the schema type of an optional member is what makes `{}` a default. */
const boundedNumber = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message))
}
const wholeNumber = (min: number, max: number, fallback: number) =>
  v.optional(boundedNumber(min, max), fallback)

const secretAuthentication = v.strictObject({
  header: v.optional(headerName, 'authorization'),
  secrets: v.lazy((input) =>
    typeof input === 'function'
      ? secretSource
      : v.pipe(
          v.array(
            v.lazy((member) => (typeof member === 'function' ? secretSource : secret)),
            'must be a list of strings or a function',
          ),
          v.minLength(1, 'must hold at least one secret'),
        ),
  ),
})

const oauthAuthentication = v.strictObject({
  bearer: v.strictObject({
    issuer,
    audience: text,
    clientIds: names,
    scope: v.optional(scope),
    jwksUri: v.optional(url),
    algorithms: v.optional(algorithmList, ['RS256']),
  }),
})

/** A union would report that neither form fits; this reports what is wrong with the form that was meant. */
const authenticate = v.lazy((input) => {
  if (input === dangerouslyAcceptAnyCaller) return v.literal(dangerouslyAcceptAnyCaller)
  return typeof input === 'object' && input !== null && 'bearer' in input
    ? oauthAuthentication
    : secretAuthentication
})

const issuerConfig = v.strictObject({
  issuer,
  audiences: names,
  jwksUri: v.optional(url),
  algorithms: v.optional(algorithmList, ['RS256']),
  clockToleranceSeconds: wholeNumber(0, 300, 60),
})

const clientConfig = v.strictObject({
  audiences: v.optional(names),
  issuers: v.optional(names),
  scopes: v.optional(scopes),
  maxActorDepth: v.optional(boundedNumber(1, 16)),
  requireMayAct: v.optional(v.boolean('must be true or false')),
})

/** A record passes over these names without a word, and a list for an object without members. */
const isPlainRecord = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !['__proto__', 'constructor', 'prototype'].some((reserved) => Object.hasOwn(value, reserved))

/** Inferred, because only then the record's own type shows through. */
const record = <Key extends v.GenericSchema<string, string>, Value extends v.GenericSchema>(
  key: Key,
  value: Value,
  message: string,
) =>
  v.pipe(v.custom<Readonly<Record<string, unknown>>>(isPlainRecord, message), v.record(key, value, message))

const clients = v.lazy((input) =>
  input === 'any'
    ? v.literal('any')
    : record(name, clientConfig, "must be 'any' or an object, without names like constructor"),
)

const claims = v.strictObject({
  include: v.optional(
    v.union([v.literal('all'), v.array(text)], "must be 'all' or a list of claim names"),
    'all',
  ),
  exclude: v.optional(v.array(text, 'must be a list of claim names'), []),
  rename: v.optional(record(text, text, 'must be an object of new names by old names'), {}),
  maxBytes: wholeNumber(256, 131_072, 4_096),
})

const denyOrUnchanged = v.optional(v.picklist(['deny', 'unchanged'], "must be 'deny' or 'unchanged'"), 'deny')

const limits = v.strictObject({
  deadlineMs: wholeNumber(100, 2_800, 2_000),
  policyTimeoutMs: wholeNumber(10, 2_500, 800),
  maxActorDepth: wholeNumber(1, 16, 4),
  maxAssertionBytes: wholeNumber(256, 131_072, 16_384),
  maxBodyBytes: wholeNumber(1_024, 1_048_576, 262_144),
  maxConcurrentRequests: wholeNumber(1, 100_000, 1_024),
})

/** The limits of a configuration that sets none. */
export function defaultLimits(): ResolvedConfig['limits'] {
  return v.parse(limits, {})
}

const keys = v.strictObject({
  maxAgeMs: wholeNumber(1_000, 86_400_000, 600_000),
  staleForMs: wholeNumber(0, 604_800_000, 86_400_000),
})

const configSchema = v.strictObject({
  authenticate,
  issuers: v.pipe(v.array(issuerConfig, 'must be a list'), v.minLength(1, 'must name at least one issuer')),
  clients,
  policy: v.optional(
    v.custom<Policy>(isPolicy, 'must be a function or a decision point, e.g. cedar() or authzen()'),
  ),
  subject: v.optional(v.picklist(['assertion', 'keep'], "must be 'assertion' or 'keep'"), 'assertion'),
  claims: v.optional(claims, {}),
  missingAssertion: denyOrUnchanged,
  otherEvents: denyOrUnchanged,
  limits: v.optional(limits, {}),
  keys: v.optional(keys, {}),
})

/** A configuration of the right shape, with its defaults; that its parts fit each other is not checked yet. */
export interface CheckedConfig
  extends Omit<ResolvedConfig, 'authentication' | 'clients' | 'claims' | 'policy'> {
  readonly authenticate:
    | typeof dangerouslyAcceptAnyCaller
    | {
        readonly header: string
        readonly secrets: readonly (string | SecretSource)[] | SecretSource
      }
    | {
        readonly bearer: Omit<ResolvedIssuer, 'audiences' | 'clockToleranceSeconds'> & {
          readonly audience: string
          readonly clientIds: readonly string[]
          readonly scope?: string | undefined
        }
      }
  readonly clients: Readonly<Record<string, ClientBinding>> | 'any'
  readonly policy?: Policy | undefined
  readonly claims: {
    readonly include: 'all' | readonly string[]
    readonly exclude: readonly string[]
    readonly rename: Readonly<Record<string, string>>
    readonly maxBytes: number
  }
}

/** A configuration of the right shape, or every member that is unknown or not what it must be. */
export function checkConfig(
  config: unknown,
):
  | { readonly ok: true; readonly config: CheckedConfig }
  | { readonly ok: false; readonly faults: ConfigFault[] } {
  const checked = v.safeParse(configSchema, config)
  if (checked.success) return { ok: true, config: checked.output }
  const faults = checked.issues.map(describeIssue)
  // A number can break several rules that are worded as one.
  const isFirst = ({ path, problem }: ConfigFault, index: number): boolean =>
    faults.findIndex((other) => other.path === path && other.problem === problem) === index
  return { ok: false, faults: faults.filter(isFirst) }
}

/** The parts of a configuration that have to fit each other. */
export type RelatedParts = Pick<CheckedConfig, 'issuers' | 'clients'>

const relatedParts = v.object({
  issuers: configSchema.entries.issuers,
  clients: configSchema.entries.clients,
})

/** These parts when they are of the right shape, whatever is wrong with the others. */
export function readRelatedParts(config: unknown): RelatedParts | undefined {
  const read = v.safeParse(relatedParts, config)
  return read.success ? read.output : undefined
}

/** The secrets when they are a list, whatever is wrong with them and the rest. */
export function readSecrets(config: unknown): readonly unknown[] {
  const read = v.safeParse(v.object({ authenticate: v.object({ secrets: v.array(v.unknown()) }) }), config)
  return read.success ? read.output.authenticate.secrets : []
}

/** The new names of claims when they are of the right shape, whatever is wrong with the rest. */
export function readRename(config: unknown): Readonly<Record<string, string>> {
  const read = v.safeParse(v.object({ claims: configSchema.entries.claims }), config)
  return read.success ? read.output.claims.rename : {}
}

/** The policy when it is one, whatever is wrong with the rest. */
export function readPolicy(config: unknown): Policy | undefined {
  const read = v.safeParse(v.object({ policy: configSchema.entries.policy }), config)
  return read.success ? read.output.policy : undefined
}

function describeIssue(issue: v.BaseIssue<unknown>): ConfigFault {
  const path = (issue.path ?? [])
    .map(({ key }) => pathStep(key))
    .join('')
    .replace(/^\./, '')
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return { path, problem: 'is not a known setting' }
  if (issue.type === 'strict_object') {
    return {
      path: path || 'the configuration',
      problem: issue.input === undefined ? 'is missing' : 'must be an object',
    }
  }
  return { path: path || 'the configuration', problem: issue.message }
}

function pathStep(key: unknown): string {
  return typeof key === 'string' && /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}
