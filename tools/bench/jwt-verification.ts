/**
 * Measures how long verifying an access token takes, beside a bare RSA verification and other libraries.
 * Run it from the repository's root: `npm ci --prefix bench && npx node bench/jwt-verification.ts`.
 *
 * Contenders take turns in every round, so that what else the machine does meets all of them alike; figures
 * are medians over the rounds, ratios are taken within a round. The best round is the one that was disturbed least.
 */
import { verify } from 'node:crypto'
import { readDelegatedToken, systemClock } from '@behalf/core'
import { createJwtVerifier, KeyCache } from '@behalf/core/internal'
import { delegatedClaims, generateSigningKey, signJwt } from '@behalf/testing'
import OktaJwtVerifier from '@okta/jwt-verifier'
import { JwtVerifier as AwsJwtVerifier } from 'aws-jwt-verify'
import { createVerifier as createFastVerifier } from 'fast-jwt'
import { createLocalJWKSet, jwtVerify } from 'jose'

const rounds = 81
const callsPerRound = 300
const issuer = 'https://example.okta.com/oauth2/aus1a2b3c4d5e6f7g8h9'
const audience = 'api://b'
const key = generateSigningKey('Wq3mPzS0aV5xJ7bKfT1nRcYdE9hLgU2oXiA4sB6tM8w')
const jwk = { kty: 'RSA', kid: key.kid, alg: 'RS256', use: 'sig', n: key.jwk.n ?? '', e: key.jwk.e ?? '' }
const jwks = { keys: [jwk] }
const nowSeconds = Math.floor(Date.now() / 1000)

/** Many tokens, so that nothing wins by remembering the last one. */
const tokens = Array.from({ length: 128 }, (_, index) =>
  signJwt(key, {
    iss: issuer,
    ...delegatedClaims(nowSeconds, { jti: `AT.delegated-token-number-${index}`, exp: nowSeconds + 3600 }),
  }),
)

const keys = new KeyCache({ issuer, jwksUri: `${issuer}/v1/keys`, fetch: async () => Response.json(jwks) })
await keys.load()
const behalf = createJwtVerifier({
  issuers: [{ issuer, audiences: [audience], algorithms: ['RS256'], clockToleranceSeconds: 60, keys }],
  clock: systemClock,
  maxBytes: 16_384,
})
const aws = AwsJwtVerifier.create({ issuer, audience, jwksUri: `${issuer}/v1/keys` })
aws.cacheJwks(jwks)
const fast = createFastVerifier({
  key: key.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  algorithms: ['RS256'],
  allowedIss: issuer,
  allowedAud: audience,
  cache: false,
})
const joseKeys = createLocalJWKSet(jwks)
const okta = new OktaJwtVerifier({ issuer, getKeysInterceptor: async () => jwks.keys })

const contenders: Readonly<Record<string, (token: string) => unknown>> = {
  'bare crypto.verify': (token) => {
    const end = token.lastIndexOf('.')
    const signature = Buffer.from(token.slice(end + 1), 'base64url')
    if (!verify('sha256', Buffer.from(token.slice(0, end)), key.publicKey, signature))
      throw new Error('invalid')
  },
  'behalf createJwtVerifier': async (token) => {
    if (!(await behalf(token)).ok) throw new Error('refused')
  },
  'behalf + readDelegatedToken': async (token) => {
    const verified = await behalf(token)
    if (!verified.ok || !readDelegatedToken(verified.value.claims, { nowSeconds }).ok)
      throw new Error('refused')
  },
  'aws-jwt-verify': (token) => aws.verifySync(token),
  'fast-jwt': (token) => fast(token),
  jose: (token) => jwtVerify(token, joseKeys, { issuer, audience }),
  '@okta/jwt-verifier': (token) => okta.verifyAccessToken(token, audience),
}

/** Microseconds a call. */
async function measure(contender: (token: string) => unknown): Promise<number> {
  const startedAt = performance.now()
  for (let call = 0; call < callsPerRound; call++) await contender(tokens[call % tokens.length] ?? '')
  return ((performance.now() - startedAt) * 1000) / callsPerRound
}

const samples = new Map(Object.keys(contenders).map((name) => [name, [] as { us: number; ratio: number }[]]))
for (let round = -3; round < rounds; round++) {
  let bare = 0
  for (const [name, contender] of Object.entries(contenders)) {
    const us = await measure(contender)
    if (bare === 0) bare = us
    if (round >= 0) samples.get(name)?.push({ us, ratio: us / bare })
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

console.log(
  `Node ${process.version}, RS256, token of ${tokens[0]?.length} bytes, ${rounds} rounds of ${callsPerRound} calls`,
)
console.table(
  Object.fromEntries(
    [...samples].map(([name, taken]) => [
      name,
      {
        'best µs': Math.min(...taken.map(({ us }) => us)).toFixed(1),
        'µs a call': median(taken.map(({ us }) => us)).toFixed(1),
        'times bare': median(taken.map(({ ratio }) => ratio)).toFixed(2),
      },
    ]),
  ),
)
