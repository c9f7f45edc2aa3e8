import { delegatedClaims, userClaims } from '../claims.ts'
import type { TestIssuer } from '../issuer.ts'
import { encodePart, type LooseObject, type SigningKey, signBytes, signJwt } from '../signing-key.ts'
import type { World } from './world.ts'

/** Makes the token of one attack, for the side that it is sent to. */
export interface Forge {
  readonly world: World
  /** The issuer that the side trusts. */
  readonly issuer: TestIssuer
  /** The issuer's good key. */
  readonly key: SigningKey
  /** What `aud` must name on this side. */
  readonly audience: string
  readonly nowSeconds: number
  /** Claims that this side accepts, with changes; `undefined` takes a claim out. */
  claims(changes?: LooseObject): LooseObject
  /** A token that this side accepts, with changes of claims and header. */
  sign(changes?: LooseObject, header?: LooseObject, key?: SigningKey): string
}

/** Forges assertions: the access token of a user, as API A received it. */
export function assertionForge(world: World, issuer: TestIssuer = world.okta): Forge {
  return forge(world, issuer, 'api://a', (changes) => userClaims(world.nowSeconds, changes))
}

/** Forges delegated tokens, as API B receives them. `sub` is changed in the assertion, too. */
export function delegatedForge(world: World, issuer: TestIssuer = world.okta): Forge {
  return forge(world, issuer, 'api://b', (changes) => {
    const claims = delegatedClaims(world.nowSeconds, changes)
    const { assertion } = claims
    if (!Object.hasOwn(changes, 'sub') || Object.hasOwn(changes, 'assertion') || !isObject(assertion))
      return claims
    return { ...claims, assertion: { ...assertion, sub: changes['sub'] } }
  })
}

/** Forges assertions of the next hop: delegated tokens, as an API in the middle of a chain received them. */
export function chainForge(world: World): Forge {
  return forge(world, world.delegating, 'api://a', (changes) => {
    const act = Object.hasOwn(changes, 'act') ? changes['act'] : { sub: '0oaFront' }
    return delegatedClaims(world.nowSeconds, {
      aud: 'api://a',
      cid: isObject(act) ? act['sub'] : '0oaFront',
      assertion: {
        iss: world.okta.issuer,
        sub: 'ann@example.com',
        iat: world.nowSeconds,
        exp: world.nowSeconds + 3600,
        jti: 'AT.first',
        uid: '00uAnn',
      },
      ...changes,
      act,
    })
  })
}

function forge(
  world: World,
  issuer: TestIssuer,
  audience: string,
  claimsWith: (changes: LooseObject) => LooseObject,
): Forge {
  const claims = (changes: LooseObject = {}): LooseObject => claimsWith({ iss: issuer.issuer, ...changes })
  return {
    world,
    issuer,
    key: issuer.key,
    audience,
    nowSeconds: world.nowSeconds,
    claims,
    sign: (changes = {}, header = {}, key = issuer.key) => signJwt(key, claims(changes), header),
  }
}

function isObject(value: unknown): value is LooseObject {
  return typeof value === 'object' && value !== null
}

/** The three parts of a compact JWS. */
export function partsOf(token: string): readonly [header: string, payload: string, signature: string] {
  const [header = '', payload = '', signature = ''] = token.split('.')
  return [header, payload, signature]
}

/** Changes the signature of a token, as bytes. */
export function withSignature(token: string, change: (signature: Buffer) => Buffer): string {
  const [header, payload, signature] = partsOf(token)
  return `${header}.${payload}.${change(Buffer.from(signature, 'base64url')).toString('base64url')}`
}

/** The same bytes in other letters: 256 bytes leave four bits unused in the last letter, which must be zero: the next letter decodes alike. */
export function nonCanonical(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(token.at(-1) ?? '')
  return `${token.slice(0, -1)}${alphabet[last + 1] ?? ''}`
}

/** Changes claims and leaves the signature as it was. */
export function tampered(token: string, changes: LooseObject): string {
  const [header, payload, signature] = partsOf(token)
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return `${header}.${encodePart({ ...(isObject(claims) ? claims : {}), ...changes })}.${signature}`
}

/** Signs the parts as they are, whatever is in them. */
export function signParts(key: SigningKey, header: string | Buffer, payload: string | Buffer): string {
  const input = `${Buffer.from(header).toString('base64url')}.${Buffer.from(payload).toString('base64url')}`
  return `${input}.${signBytes(key.algorithm, key.privateKey, input).toString('base64url')}`
}

/** Signs text that is a JWS but for what was done to it. */
export function signText(key: SigningKey, input: string): string {
  return `${input}.${signBytes(key.algorithm, key.privateKey, input).toString('base64url')}`
}
