import { isObject } from '../../options/option-faults.ts'
import type { ClaimTest, Dialect } from '../dialect.ts'
import { type DialectName, dialectOf, dialects, isDialectName } from './index.ts'

/** A dialect of one's own, for issuers whose tokens are none of the known kinds. */
export interface OwnDialect {
  /**
   * What proves a user, at least one: claims that users' tokens have and machine tokens have not. A name means that the
   * claim is there; `{ claim: 'user_type', is: ['human'] }` that it has one of these values.
   */
  readonly userClaims: readonly (string | { readonly claim: string; readonly is: readonly string[] })[]
  /** Claims that machine tokens have and users' tokens have not. Default none. */
  readonly machineClaims?: readonly string[] | undefined
  /** Where the client is named. Default `cid`, `client_id`, `azp`, the first that is there. */
  readonly clientClaims?: readonly string[] | undefined
  /** Where scopes are. Default `scp`, `scope`. */
  readonly scopeClaims?: readonly string[] | undefined
  /** Where the audience is. Default `aud`. */
  readonly audienceClaims?: readonly string[] | undefined
  /** What identifies a user for good, together with the issuer. Default `sub`. */
  readonly stableClaims?: readonly string[] | undefined
}

const nameLists = ['machineClaims', 'clientClaims', 'scopeClaims', 'audienceClaims', 'stableClaims'] as const
const members: ReadonlySet<string> = new Set(['userClaims', ...nameLists])

/** Says what is wrong with a dialect, one line each, without values; none when it can be used. */
export function findDialectFaults(value: unknown): readonly string[] {
  if (isDialectName(value)) return []
  if (!isObject(value)) return [`must be ${Object.keys(dialects).join(', ')} or an object with userClaims`]
  const faults = Object.keys(value)
    .filter((name) => !members.has(name))
    .map((name) => `has an unknown member ${name}`)
  const userClaims: unknown = Reflect.get(value, 'userClaims')
  if (!Array.isArray(userClaims) || userClaims.length === 0 || !userClaims.every(isUserClaim))
    faults.push('must say in userClaims what proves a user: claim names or { claim, is }, at least one')
  for (const name of nameLists) {
    const names: unknown = Reflect.get(value, name)
    if (names !== undefined && !(Array.isArray(names) && names.length > 0 && names.every(isClaimName)))
      faults.push(`must have claim names in ${name}, at least one`)
  }
  return faults
}

function isClaimName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isUserClaim(value: unknown): boolean {
  if (isClaimName(value)) return true
  if (!isObject(value)) return false
  const { claim, is, ...unknown }: { claim?: unknown; is?: unknown } = value
  return (
    isClaimName(claim) &&
    Array.isArray(is) &&
    is.length > 0 &&
    is.every(isClaimName) &&
    Object.keys(unknown).length === 0
  )
}

/**
 * Returns the dialect of an issuer: the one that was named, else the one that its form gives away.
 *
 * @returns undefined when none was named and the form gives none away, which is a fault at start
 */
export function resolveDialect(
  issuer: string,
  named: DialectName | OwnDialect | undefined,
): Dialect | undefined {
  const setting = named ?? dialectOf(issuer)
  if (setting === undefined) return undefined
  return typeof setting === 'string' ? dialects[setting] : completeDialect(setting)
}

function completeDialect(own: OwnDialect): Dialect {
  return {
    clientClaims: own.clientClaims ?? ['cid', 'client_id', 'azp'],
    scopeClaims: own.scopeClaims ?? ['scp', 'scope'],
    audienceClaims: own.audienceClaims ?? ['aud'],
    userProof: own.userClaims.map((claim): ClaimTest => (typeof claim === 'string' ? { claim } : claim)),
    machineMarks: (own.machineClaims ?? []).map((claim) => ({ claim })),
    stableClaims: own.stableClaims ?? ['sub'],
    keyOrigins: [],
  }
}
