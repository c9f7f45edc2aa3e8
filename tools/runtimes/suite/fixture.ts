import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** Keys and tokens, made outside, because not every runtime can sign with every algorithm. */
export interface Fixture {
  readonly issuer: string
  readonly keySet: { readonly keys: readonly object[] }
  /** A user's access token, by the algorithm that signs it. */
  readonly assertions: Readonly<Record<string, string>>
  /** Assertions that must be refused, by the code of the denial. */
  readonly refused: Readonly<Record<string, string>>
  /** A delegated token for API B, and a plain one. */
  readonly delegated: string
  readonly plain: string
  /** Delegated tokens, each like no other. */
  readonly flood: readonly string[]
}

const issuer = 'https://example.okta.com/oauth2/default'

/** Makes a fixture whose tokens are good for an hour. */
export function makeFixture(): Fixture {
  const keys = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: generateKeyPairSync('ed25519'),
  }
  const nowSeconds = Math.floor(Date.now() / 1000)
  const user = {
    iss: issuer,
    aud: 'api://a',
    sub: 'ann@example.com',
    cid: '0oaSpa',
    uid: '00uAnn',
    scp: ['a:read'],
  }
  const good = { ...user, jti: 'AT.1', iat: nowSeconds, exp: nowSeconds + 3600 }
  const rs256 = (claims: object): string => signToken('RS256', keys.RS256.privateKey, claims)
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const machine = {
    iss: issuer,
    aud: 'api://b',
    cid: '0oaApiA',
    scp: ['orders:read'],
    exp: nowSeconds + 3600,
  }
  const delegated = {
    ...machine,
    sub: 'ann@example.com',
    act: { sub: '0oaApiA', sub_profile: 'service' },
    assertion: good,
  }
  return {
    issuer,
    keySet: {
      keys: Object.entries(keys).map(([alg, { publicKey }]) => ({
        ...publicKey.export({ format: 'jwk' }),
        kid: alg,
        alg,
        use: 'sig',
      })),
    },
    assertions: Object.fromEntries(
      Object.entries(keys).map(([alg, { privateKey }]) => [alg, signToken(alg, privateKey, good)]),
    ),
    refused: {
      assertion_expired: rs256({ ...good, exp: nowSeconds - 1 }),
      assertion_not_yet_valid: rs256({ ...good, nbf: nowSeconds + 600 }),
      assertion_audience_mismatch: rs256({ ...good, aud: 'api://c' }),
      assertion_issuer_untrusted: rs256({ ...good, iss: `${issuer}/` }),
      assertion_subject_machine: rs256({ ...good, sub: '0oaSpa' }),
      assertion_signature_invalid: signToken('RS256', stranger.privateKey, good),
      assertion_malformed: 'x.y.z',
      assertion_encrypted: 'a.b.c.d.e',
    },
    delegated: rs256(delegated),
    plain: rs256({ ...machine, sub: '0oaApiA' }),
    flood: Array.from({ length: 12 }, (_, index) => rs256({ ...delegated, jti: `AT.${index}` })),
  }
}

function signToken(alg: string, key: KeyObject, claims: object): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const input = Buffer.from(`${encode({ alg, kid: alg })}.${encode(claims)}`)
  const pss = alg === 'PS256' ? { padding: 6, saltLength: -1 } : {}
  const signature = sign(alg === 'EdDSA' ? null : 'sha256', input, { key, dsaEncoding: 'ieee-p1363', ...pss })
  return `${input}.${signature.toString('base64url')}`
}
