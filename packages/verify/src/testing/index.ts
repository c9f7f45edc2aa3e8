import { generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto'
import { type Clock, type Fetch, type JsonObject, systemClock } from '@behalf/core'
import { aClock, aName, assertOptions, aUrl, type OptionRule, type OptionRules } from '@behalf/core/internal'

/** What a {@link TestIssuer} is and for whom it issues. */
export interface TestIssuerOptions {
  /** The audience of its tokens: the API under test. */
  readonly audience: string
  /** Its name. Default `https://issuer.test/oauth2/default`. */
  readonly issuer?: string
  /** The time. Default the machine's. */
  readonly clock?: Clock
}

/** What every test token can be given. */
export interface TestTokenOptions {
  /** Default none. */
  readonly scopes?: readonly string[]
  /** Seconds from now until `exp`; negative for a token that has expired. Default 300. */
  readonly lifetimeSeconds?: number
  /** Claims to add or replace; one that is undefined is left out. */
  readonly claims?: JsonObject
}

/** What a delegated test token can be given. */
export interface TestDelegationOptions extends TestTokenOptions {
  /** The user. Default `user@example.com`. */
  readonly subject?: string
  /** The client id of the caller. Default `api-a`. */
  readonly actor?: string
  /** The client ids of the actors before it, the latest first. Default none. */
  readonly priorActors?: readonly string[]
  /**
   * Claims of the user's own token to add or replace; one that is undefined is left out. Its `iss` is
   * `https://users.test/oauth2/default`.
   */
  readonly assertion?: JsonObject
}

/** An authorization server for the tests of an API: a key in memory, and no network. */
export interface TestIssuer {
  /** Give it to `createVerifier` as `issuer`. */
  readonly issuer: string
  /** Give it to `createVerifier` as `fetch`: it answers for the issuer's metadata and keys, and for nothing else. */
  readonly fetch: Fetch
  /** A token such as Okta issues when the hook answered: a client on behalf of a user. */
  delegatedToken(options?: TestDelegationOptions): string
  /** A token such as Okta issues when the hook did not answer: the client alone. APIs must refuse it for users. */
  machineToken(options?: TestTokenOptions & { readonly client?: string }): string
  /** A token that a user holds directly, such as API A is called with. */
  userToken(options?: TestTokenOptions & { readonly subject?: string }): string
  /** Replaces the key: tokens signed before are no longer valid once the verifier has fetched the keys anew. */
  rotateKey(): void
}

/** Also one that no verifier takes, since that is what a test may be about. */
const aString: OptionRule = { expected: 'a string', holds: (value) => typeof value === 'string' }
const strings: OptionRule = {
  expected: 'a list of strings',
  holds: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
}
const claims: OptionRule = {
  expected: 'an object of claims',
  holds: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}
const testIssuerOptions: OptionRules<keyof TestIssuerOptions> = {
  audience: { ...aName, required: true },
  issuer: aUrl(new Set()),
  clock: aClock,
}
const testTokenOptions: OptionRules<keyof TestTokenOptions> = {
  scopes: strings,
  lifetimeSeconds: { expected: 'a whole number', holds: Number.isSafeInteger },
  claims,
}
const testDelegationOptions: OptionRules<keyof TestDelegationOptions> = {
  ...testTokenOptions,
  subject: aString,
  actor: aString,
  priorActors: strings,
  assertion: claims,
}

/**
 * Makes an issuer of tokens for tests. Its tokens are real: signed with RS256 and verified like any other. Unknown and
 * unusable options are refused, here and for every token, because a test with a slip in it would pass for another reason.
 *
 * @throws TypeError that lists every option that is unknown or unusable
 *
 * @example
 * ```ts
 * import { createVerifier } from '@behalf/verify'
 * import { createTestIssuer } from '@behalf/verify/testing'
 *
 * const testIssuer = createTestIssuer({ audience: 'api://orders' })
 * const verifier = createVerifier({
 *   issuer: testIssuer.issuer,
 *   audience: 'api://orders',
 *   fetch: testIssuer.fetch,
 * })
 * const token = testIssuer.delegatedToken({ subject: 'ann@example.com', scopes: ['orders:read'] })
 * const { subject } = await verifier.verify(token) // 'ann@example.com'
 * ```
 */
export function createTestIssuer(options: TestIssuerOptions): TestIssuer {
  assertOptions('createTestIssuer', options, testIssuerOptions)
  const { audience, issuer = 'https://issuer.test/oauth2/default', clock = systemClock } = options
  let serial = 0
  let key = generateKey(++serial)

  function issue(sub: string, cid: string, token: TestTokenOptions, extra: JsonObject): string {
    const { scopes = [], lifetimeSeconds = 300, claims } = token
    const now = nowSeconds()
    const times = { iat: now, exp: now + lifetimeSeconds }
    const base = {
      ver: 1,
      jti: `AT.test-${++serial}`,
      iss: issuer,
      aud: audience,
      ...times,
      cid,
      scp: scopes,
      sub,
    }
    return signJwt(key, { ...base, ...extra, ...claims })
  }

  function nowSeconds(): number {
    return Math.floor(clock.now() / 1000)
  }

  return {
    issuer,
    fetch: async (url) => {
      switch (url) {
        case `${issuer}/.well-known/openid-configuration`:
          return Response.json({ issuer, jwks_uri: `${issuer}/v1/keys` })
        case `${issuer}/v1/keys`:
          return Response.json({ keys: [key.jwk] })
        default:
          return new Response(null, { status: 404 })
      }
    },
    delegatedToken: (delegation = {}) => {
      assertOptions('delegatedToken', delegation, testDelegationOptions)
      const { subject = 'user@example.com', actor = 'api-a', priorActors = [] } = delegation
      const act = [actor, ...priorActors].reduceRight<JsonObject | undefined>(
        (prior, sub) => ({ iss: issuer, sub, sub_profile: 'service', act: prior }),
        undefined,
      )
      const base = {
        iss: 'https://users.test/oauth2/default',
        sub: subject,
        aud: 'api://test-api-a',
        iat: nowSeconds(),
        exp: nowSeconds() + 3600,
        cid: 'test-app',
      }
      const assertion = { ...base, ...delegation.assertion }
      return issue(subject, actor, delegation, { act, assertion })
    },
    machineToken: (token = {}) => {
      assertOptions('machineToken', token, { ...testTokenOptions, client: aString })
      const { client = 'api-a' } = token
      return issue(client, client, token, {})
    },
    userToken: (token = {}) => {
      assertOptions('userToken', token, { ...testTokenOptions, subject: aString })
      return issue(token.subject ?? 'user@example.com', 'test-app', token, { uid: '00uTestUser' })
    },
    rotateKey: () => {
      key = generateKey(++serial)
    },
  }
}

interface TestKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly jwk: JsonWebKey
}

function generateKey(serial: number): TestKey {
  const kid = `test-key-${serial}`
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } }
}

function signJwt({ kid, privateKey }: TestKey, claims: JsonObject): string {
  const [header, payload] = [{ alg: 'RS256', kid }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  const input = `${header}.${payload}`
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
}
