import { isKeyId, parseStrictJson, sealedAssertion } from '@behalf/core/internal'
import type { ConfigFault } from '../errors/config-error.ts'
import { isArn, parseSecretArn } from '../secrets/aws/secret-arn.ts'
import { withoutLineEnd } from '../secrets/stored-text.ts'
import { coordinateOf, pointOf } from './curve.ts'
import { type PrivateSealingJwk, pairOf, SealingKey } from './sealing-key.ts'

/** The keys of a setting, and what is wrong with those that are none; places are relative to the setting. */
export interface ReadKeys {
  readonly keys: readonly SealingKey[]
  readonly faults: readonly ConfigFault[]
}

const { curve, keyAgreement } = sealedAssertion

/** Reads one key as a JWK, or several as a list or as a JWK set, each as an object or as JSON. Values never show in faults. */
export function readSealingKeys(setting: unknown): ReadKeys {
  if (setting === undefined) return refuse('is missing; is the environment variable set?')
  if (typeof setting !== 'string') return readJwks(setting)
  const text = withoutLineEnd(setting)
  if (isArn(text))
    return refuse(
      parseSecretArn(text) === undefined
        ? 'is no ARN of a Secrets Manager secret or an SSM parameter'
        : 'is an ARN; ARNs are resolved on AWS Lambda only',
    )
  const parsed = parseStrictJson(text, 4)
  return parsed.ok ? readJwks(parsed.value) : refuse('is no JWK in JSON')
}

function readJwks(value: unknown): ReadKeys {
  const [members, place] = membersOf(value)
  if (members.length === 0) return refuse('must hold at least one key')
  const keys: SealingKey[] = []
  const faults: ConfigFault[] = []
  for (const [index, jwk] of members.entries()) {
    const problems = problemsOf(jwk)
    const path = place === undefined ? '' : `${place}[${index}]`
    faults.push(...problems.map((problem) => ({ path, problem })))
    if (problems.length === 0 && isPrivate(jwk)) keys.push(new SealingKey(jwk))
  }
  return { keys, faults: [...faults, ...findRepeated(keys)] }
}

/** Finds keys that go by the name of another, so that nobody could say which of them is meant. */
export function findRepeated(keys: readonly SealingKey[]): readonly ConfigFault[] {
  const kids = keys.map(({ kid }) => kid)
  return new Set(kids).size === kids.length ? [] : [{ path: '', problem: 'has two keys with the same kid' }]
}

function membersOf(value: unknown): readonly [members: readonly unknown[], place?: string] {
  if (Array.isArray(value)) return [value, '']
  const set: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'keys') : undefined
  return Array.isArray(set) ? [set, '.keys'] : [[value]]
}

function problemsOf(jwk: unknown): readonly string[] {
  if (!isRecord(jwk)) return ['must be a JWK: an object with kty, crv, x, y, d and kid']
  const { kty, crv, kid, x, y, d, use, alg, key_ops: operations } = jwk
  const problems = [
    ...(kty === 'EC' && crv === curve ? [] : [`must be a key of kty EC and crv ${curve}`]),
    ...(isKeyId(kid) ? [] : ['needs a kid of 1 to 256 characters']),
    ...(use === undefined || use === 'enc' ? [] : ['is for another use than enc']),
    ...(alg === undefined || alg === keyAgreement ? [] : [`is for another alg than ${keyAgreement}`]),
    ...(operations === undefined || permitsAgreement(operations) ? [] : ['has key_ops without deriveBits']),
  ]
  if (d === undefined) return [...problems, 'is a public key; what opens seals is the private one, with d']
  if (problems.length > 0) return problems
  if (![x, y, d].every((each) => coordinateOf(each) !== undefined))
    return ['has an x, y or d that is not 32 bytes in base64url']
  return isPrivate(jwk) && belongTogether(jwk) ? [] : ['has a d that is not that of x and y']
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function permitsAgreement(operations: unknown): boolean {
  return Array.isArray(operations) && operations.some((each) => each === 'deriveBits' || each === 'deriveKey')
}

function isPrivate(jwk: unknown): jwk is PrivateSealingJwk {
  if (!isRecord(jwk)) return false
  const { kid, x, y, d } = jwk
  return isKeyId(kid) && [x, y, d].every((each) => coordinateOf(each) !== undefined)
}

function belongTogether({ x, y, d }: PrivateSealingJwk): boolean {
  const point = pointOf(x, y)
  try {
    return point !== undefined && pairOf(d).getPublicKey().equals(point)
  } catch {
    // It is zero, or beyond the order of the curve.
    return false
  }
}

function refuse(problem: string): ReadKeys {
  return { keys: [], faults: [{ path: '', problem }] }
}
