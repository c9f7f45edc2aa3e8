import type { KeyObject } from 'node:crypto'
import {
  encodePart,
  generateSigningKey,
  type LooseObject,
  ManualClock,
  type SigningKey,
  signBytes,
  signHmacJwt,
  signJwt,
  userClaims,
} from '@behalf/testing'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { Jwks } from '../../src/jwks/jwks.ts'
import type { KeyLookup } from '../../src/jwks/key-cache.ts'
import { algorithms, isSignatureAlgorithm, type SignatureAlgorithm } from '../../src/jws/algorithms.ts'
import { createJwtVerifier, type JwtFault, type KeySource, type TrustedIssuer } from '../../src/jwt/verify.ts'
import type { Result } from '../../src/result.ts'

const clock = new ManualClock()
const issuer = 'https://example.okta.com/oauth2/default'
const audience = 'api://a'
const key = generateSigningKey('key-1')
const claims: LooseObject = { iss: issuer, ...userClaims(clock.seconds) }

/** The keys of an issuer without a network, and which kids were asked for. */
function keysOf(...published: readonly object[]): KeySource & { readonly asked: string[] } {
  const jwks = Jwks.parse(JSON.parse(JSON.stringify({ keys: published })))
  const asked: string[] = []
  return {
    asked,
    find(kid, algorithm): KeyLookup {
      asked.push(kid)
      if (jwks === undefined || !jwks.has(kid)) return { kind: 'unknown' }
      const keys = jwks.find(kid, algorithm)
      return keys.length === 0 ? { kind: 'unsuitable' } : { kind: 'found', keys }
    },
  }
}

function verifierOf(options: Partial<TrustedIssuer> = {}, ...others: readonly TrustedIssuer[]) {
  const trusted: TrustedIssuer = {
    issuer,
    audiences: [audience],
    algorithms: ['RS256'],
    clockToleranceSeconds: 60,
    keys: keysOf(key.jwk),
    ...options,
  }
  return createJwtVerifier({ issuers: [trusted, ...others], clock, maxBytes: 16_384 })
}

const verify = verifierOf()
const faultOf = (outcome: Result<unknown, JwtFault>): string => (outcome.ok ? 'none' : outcome.fault.code)
const faultOfClaims = async (changes: LooseObject, verifier = verify): Promise<string> =>
  faultOf(await verifier(signJwt(key, { ...claims, ...changes })))
const faultOfHeader = async (changes: LooseObject, verifier = verify): Promise<string> =>
  faultOf(await verifier(signJwt(key, claims, changes)))
const pemOf = (publicKey: KeyObject, type: 'spki' | 'pkcs1'): string =>
  publicKey.export({ format: 'pem', type }).toString()

describe('createJwtVerifier', () => {
  test('verifies an access token and says what it holds', async () => {
    expect(await verify(signJwt(key, claims))).toEqual({
      ok: true,
      value: {
        header: { alg: 'RS256', kid: 'key-1' },
        claims,
        issuer,
        audiences: [audience],
        expiresAt: claims['exp'],
      },
    })
  })

  const names = Object.keys(algorithms).filter(isSignatureAlgorithm)
  test.each(names)('verifies %s when the issuer is trusted with it, and not otherwise', async (algorithm) => {
    const signer =
      algorithms[algorithm].keyType === 'RSA'
        ? { ...key, algorithm, jwk: { ...key.jwk, alg: algorithm } }
        : generateSigningKey('key-1', algorithm)
    const keys = keysOf(signer.jwk)
    const token = signJwt(signer, claims)
    expect(faultOf(await verifierOf({ algorithms: [algorithm], keys })(token))).toBe('none')
    const others = names.filter((name) => name !== algorithm)
    expect(faultOf(await verifierOf({ algorithms: others, keys })(token))).toBe('algorithm_unsupported')
  })

  test.each([
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'EdDSA'],
  ] as const)(
    'verifies with a key that is published for %s a token that names the same algorithm %s',
    async (published, alg) => {
      const signer = generateSigningKey('key-1', published)
      const keys = keysOf(signer.jwk)
      const token = signJwt(signer, claims, { alg })
      expect(faultOf(await verifierOf({ algorithms: [alg], keys })(token))).toBe('none')
      expect(faultOf(await verifierOf({ algorithms: [published], keys })(token))).toBe(
        'algorithm_unsupported',
      )
    },
  )

  test('waits for keys that take a moment', async () => {
    const source = keysOf(key.jwk)
    const keys: KeySource = { find: async (kid, algorithm) => source.find(kid, algorithm) }
    expect(faultOf(await verifierOf({ keys })(signJwt(key, claims)))).toBe('none')
  })

  test('says when the keys cannot be had', async () => {
    const keys: KeySource = { find: () => ({ kind: 'unavailable' }) }
    expect(faultOf(await verifierOf({ keys })(signJwt(key, claims)))).toBe('keys_unavailable')
  })

  test('says what the token is not: too large, encrypted, malformed', async () => {
    expect(faultOf(await verify('x'.repeat(16_385)))).toBe('too_large')
    expect(faultOf(await verify('a.b.c.d.e'))).toBe('encrypted')
    expect(faultOf(await verify('a.b.c'))).toBe('malformed')
  })
})

describe('a refusal', () => {
  it.each<[LooseObject, object]>([
    [
      { exp: 'soon' },
      { ok: false, fault: { code: 'malformed', detail: 'exp is missing or not a NumericDate' } },
    ],
    [
      { iat: clock.seconds + 61 },
      { ok: false, fault: { code: 'not_yet_valid', detail: 'iat is in the future' } },
    ],
    [{ aud: 'api://b' }, { ok: false, fault: { code: 'audience_mismatch' } }],
  ])('of %j says what is wrong where the fault alone does not', async (changes, refusal) => {
    expect(await verify(signJwt(key, { ...claims, ...changes }))).toStrictEqual(refusal)
  })
})

describe('the memory of headers', () => {
  test('confuses no two headers, however they take turns', async () => {
    const ec = generateSigningKey('key-2', 'ES256')
    const verifier = verifierOf({ algorithms: ['RS256', 'ES256'], keys: keysOf(key.jwk, ec.jwk) })
    const cases: readonly (readonly [string, string])[] = [
      [signJwt(key, claims), 'none'],
      [signJwt(ec, claims), 'none'],
      [signJwt(key, claims, { kid: 'key-2' }), 'algorithm_unsupported'],
      [signJwt(key, claims, { crit: [] }), 'malformed'],
      [signJwt(key, claims, '{'), 'malformed'],
      [signJwt(ec, claims, { alg: 'RS256', kid: 'key-1' }), 'signature_invalid'],
    ]
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...cases), { maxLength: 12 }), async (turns) => {
        for (const [token, fault] of turns) expect(faultOf(await verifier(token))).toBe(fault)
      }),
      { numRuns: 30 },
    )
  })

  test('cannot be written to through what a verification hands out', async () => {
    const first = await verify(signJwt(key, claims))
    if (!first.ok) throw new Error(first.fault.code)
    expect(() => Object.assign(first.value.header, { alg: 'none' })).toThrow(TypeError)
    expect(await faultOfHeader({})).toBe('none')
  })
})

describe('T1: unsigned and tampered tokens', () => {
  it.each(['none', 'None', 'NONE', 'nOnE', 'none ', '', null, undefined, ['none'], {}, 0, true, '__proto__'])(
    'refuses alg %j',
    async (alg) => {
      const unsigned = `${encodePart({ alg, kid: 'key-1' })}.${encodePart(claims)}.`
      expect(faultOf(await verify(unsigned))).toBe('algorithm_unsupported')
      expect(await faultOfHeader({ alg })).toBe('algorithm_unsupported')
    },
  )

  const [head = '', body = '', signature = ''] = signJwt(key, claims).split('.')
  const admin = encodePart({ ...claims, sub: 'admin@example.com' })
  it.each([
    ['no signature', `${head}.${body}.`],
    ['a cut signature', `${head}.${body}.${signature.slice(0, -2)}`],
    ['the signature of zeros', `${head}.${body}.${Buffer.alloc(256).toString('base64url')}`],
    ['another payload', `${head}.${admin}.${signature}`],
    ['another header', `${encodePart({ alg: 'RS256', kid: 'key-1', typ: 'JWT' })}.${body}.${signature}`],
  ])('refuses %s', async (_what, token) => {
    expect(faultOf(await verify(token))).toBe('signature_invalid')
  })

  test('refuses a token with any byte of its payload changed', async () => {
    const bytes = Buffer.from(body, 'base64url')
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const changed = Buffer.from(bytes)
          changed[at] = (changed[at] ?? 0) ^ change
          expect((await verify(`${head}.${changed.toString('base64url')}.${signature}`)).ok).toBe(false)
        },
      ),
    )
  })
})

describe('T2: keys and algorithms that do not belong together', () => {
  const { publicKey, jwk } = key
  it.each([
    ['SPKI PEM', pemOf(publicKey, 'spki')],
    ['SPKI PEM without its last line break', pemOf(publicKey, 'spki').trimEnd()],
    ['PKCS #1 PEM', pemOf(publicKey, 'pkcs1')],
    ['SPKI DER', publicKey.export({ format: 'der', type: 'spki' })],
    ['JWK', JSON.stringify(jwk)],
    ['modulus', Buffer.from(jwk.n ?? '', 'base64url')],
    ['modulus in base64url', jwk.n ?? ''],
    ['nothing', ''],
  ])('refuses an HMAC with the public key as %s', async (_form, secret) => {
    for (const alg of ['HS256', 'HS384', 'HS512', 'RS256']) {
      const token = signHmacJwt(secret, claims, { alg, kid: 'key-1' })
      expect(faultOf(await verify(token))).toBe(
        alg === 'RS256' ? 'signature_invalid' : 'algorithm_unsupported',
      )
    }
  })

  test('refuses an HMAC with a secret that the key set itself publishes', async () => {
    const secret = Buffer.from('a shared secret of the right length')
    const symmetric = { kty: 'oct', kid: 'oct', alg: 'HS256', use: 'sig', k: secret.toString('base64url') }
    const verifier = verifierOf({ keys: keysOf(symmetric, jwk) })
    expect(faultOf(await verifier(signHmacJwt(secret, claims, { kid: 'oct' })))).toBe('algorithm_unsupported')
    expect(faultOf(await verifier(signHmacJwt(secret, claims, { alg: 'RS256', kid: 'oct' })))).toBe(
      'key_unknown',
    )
  })

  const rsa: readonly SignatureAlgorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
  test.each(rsa)(
    'lets a key that is published for RS256 verify nothing else, %s neither',
    async (algorithm) => {
      const verifier = verifierOf({ algorithms: rsa })
      const token = signJwt({ ...key, algorithm }, claims)
      expect(faultOf(await verifier(token))).toBe(algorithm === 'RS256' ? 'none' : 'algorithm_unsupported')
    },
  )

  test.each(rsa)(
    'lets a key that is published for no algorithm verify %s only when the token is signed so',
    async (algorithm) => {
      const verifier = verifierOf({ algorithms: rsa, keys: keysOf({ ...jwk, alg: undefined }) })
      for (const alg of rsa) {
        const token = signJwt({ ...key, algorithm }, claims, { alg })
        expect(faultOf(await verifier(token))).toBe(alg === algorithm ? 'none' : 'signature_invalid')
      }
    },
  )

  it.each(['ES256', 'EdDSA'])('refuses %s in the header of a token that RSA has signed', async (alg) => {
    const verifier = verifierOf({ algorithms: ['RS256', 'ES256', 'EdDSA'] })
    expect(await faultOfHeader({ alg }, verifier)).toBe('algorithm_unsupported')
  })

  it.each([
    ['an RSA key under 2048 bits', generateSigningKey('key-1', 'RS256', 1024), {}],
    ['a key for encryption', key, { use: 'enc' }],
    ['a key that may not verify', key, { key_ops: ['encrypt'] }],
    ['a key that is published with its private half', key, key.privateKey.export({ format: 'jwk' })],
  ])('does not know %s', async (_what, signer: SigningKey, published: object) => {
    const verifier = verifierOf({ keys: keysOf({ ...signer.jwk, ...published }) })
    expect(faultOf(await verifier(signJwt(signer, claims)))).toBe('key_unknown')
  })

  test('refuses ECDSA signatures of zeros and in DER', async () => {
    const ec = generateSigningKey('key-1', 'ES256')
    const verifier = verifierOf({ algorithms: ['ES256'], keys: keysOf(ec.jwk) })
    const input = signJwt(ec, claims).split('.').slice(0, 2).join('.')
    for (const signature of [Buffer.alloc(64), Buffer.alloc(0), Buffer.alloc(70, 0x30)])
      expect(faultOf(await verifier(`${input}.${signature.toString('base64url')}`))).toBe('signature_invalid')
  })
})

describe('T3: keys in the header', () => {
  const foreign = generateSigningKey('key-1')
  const url = 'https://evil.example/keys'
  const smuggled = { jwk: foreign.jwk, jku: url, x5u: url, x5c: [pemOf(foreign.publicKey, 'spki')], x5t: 'x' }

  test('count for nothing: the key of the issuer decides', async () => {
    expect(await faultOfHeader(smuggled)).toBe('none')
    expect(faultOf(await verify(signJwt(foreign, claims, smuggled)))).toBe('signature_invalid')
    const { kid: _kid, ...jwk } = foreign.jwk
    const anonymous = signJwt(foreign, claims, { kid: undefined, jwk })
    expect(faultOf(await verify(anonymous))).toBe('key_unknown')
  })
})

describe('T4: key ids', () => {
  it.each([undefined, null, '', 0, 1, true, ['key-1'], { kid: 'key-1' }, 'k'.repeat(257)])(
    'refuses %j without asking for it',
    async (kid) => {
      const keys = keysOf(key.jwk)
      expect(await faultOfHeader({ kid }, verifierOf({ keys }))).toBe('key_unknown')
      expect(keys.asked).toEqual([])
    },
  )

  it.each([
    '../../../dev/null',
    '/etc/passwd',
    "key-1' OR '1'='1",
    'https://evil.example/keys',
    'key-1\0',
    'KEY-1',
    ' key-1',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
  ])('does not know %j', async (kid) => {
    expect(await faultOfHeader({ kid })).toBe('key_unknown')
  })

  test('tries every key that shares a kid', async () => {
    const twin = generateSigningKey('key-1')
    const verifier = verifierOf({ keys: keysOf(twin.jwk, key.jwk) })
    expect(faultOf(await verifier(signJwt(key, claims)))).toBe('none')
    expect(faultOf(await verifier(signJwt(twin, claims)))).toBe('none')
    expect(faultOf(await verifier(signJwt(generateSigningKey('key-1'), claims)))).toBe('signature_invalid')
  })
})

describe('T5: what else a header may say', () => {
  it.each([
    { crit: ['exp'] },
    { crit: [] },
    { crit: null },
    { crit: 'b64' },
    { crit: ['b64'], b64: false },
    { b64: false },
    { b64: true },
    { b64: null },
  ])('refuses %j', async (header) => {
    expect(await faultOfHeader(header)).toBe('malformed')
  })

  test('refuses a token that is signed over an unencoded payload (RFC 7797)', async () => {
    const head = encodePart({ alg: 'RS256', kid: 'key-1', b64: false, crit: ['b64'] })
    const signature = signBytes('RS256', key.privateKey, `${head}.${JSON.stringify(claims)}`).toString(
      'base64url',
    )
    expect(faultOf(await verify(`${head}.${encodePart(claims)}.${signature}`))).toBe('malformed')
  })
})

describe('T6: issuers', () => {
  it.each([
    `${issuer}/`,
    issuer.toUpperCase(),
    'https://EXAMPLE.okta.com/oauth2/default',
    `${issuer}x`,
    issuer.slice(0, -1),
    `${issuer}/../default`,
    `${issuer}?`,
    `${issuer}#`,
    ` ${issuer}`,
    'https://example.okta.com:443/oauth2/default',
    'https://example.okta.com/oauth2/other',
    'https://example.okta.com',
    'https://example.okta.com.evil.example/oauth2/default',
    [issuer],
    { iss: issuer },
    null,
    undefined,
    '',
    0,
    '__proto__',
  ])('does not trust %j, though the signature holds', async (iss) => {
    expect(await faultOfClaims({ iss })).toBe('issuer_untrusted')
  })

  test("does not trust one issuer's key for another's tokens", async () => {
    const other = generateSigningKey('key-1')
    const otherIssuer = 'https://example.okta.com/oauth2/other'
    const verifier = verifierOf(
      {},
      {
        issuer: otherIssuer,
        audiences: ['api://other'],
        algorithms: ['RS256'],
        clockToleranceSeconds: 60,
        keys: keysOf(other.jwk),
      },
    )
    const own = { ...claims, iss: otherIssuer, aud: 'api://other' }
    expect(faultOf(await verifier(signJwt(other, own)))).toBe('none')
    expect(faultOf(await verifier(signJwt(other, claims)))).toBe('signature_invalid')
    expect(faultOf(await verifier(signJwt(key, own)))).toBe('signature_invalid')
    expect(faultOf(await verifier(signJwt(other, { ...own, aud: audience })))).toBe('audience_mismatch')
    expect(faultOf(await verifier(signJwt(key, { ...claims, aud: 'api://other' })))).toBe('audience_mismatch')
  })

  test('trusts nobody when no issuer is configured', async () => {
    const verifier = createJwtVerifier({ issuers: [], clock, maxBytes: 16_384 })
    expect(faultOf(await verifier(signJwt(key, claims)))).toBe('issuer_untrusted')
  })
})

describe('T7: audiences', () => {
  it.each([
    'api://b',
    'api://',
    'api://a/',
    'api://ab',
    'API://A',
    ' api://a',
    'api://a,api://b',
    '',
    [],
    [''],
    ['api://b'],
    [audience, 1],
    [[audience]],
    { 0: audience },
    { aud: audience },
    null,
    undefined,
    1,
    true,
  ])('refuses %j', async (aud) => {
    expect(await faultOfClaims({ aud })).toBe('audience_mismatch')
  })

  test('accepts one of several, and hands on those alone that are trusted', async () => {
    const outcome = await verify(signJwt(key, { ...claims, aud: ['api://b', audience] }))
    expect(outcome.ok && outcome.value.audiences).toEqual([audience])
    expect(await faultOfClaims({ aud: 'api://b' }, verifierOf({ audiences: ['api://b', audience] }))).toBe(
      'none',
    )
  })

  test('looks where the dialect of the issuer says', async () => {
    const byClient = verifierOf({ audiences: ['client-1'], audienceClaims: ['aud', 'client_id'] })
    expect(await faultOfClaims({ aud: undefined, client_id: 'client-1' }, byClient)).toBe('none')
    expect(await faultOfClaims({ aud: undefined, client_id: 'client-2' }, byClient)).toBe('audience_mismatch')
    expect(await faultOfClaims({ aud: 'client-2', client_id: 'client-1' }, byClient)).toBe(
      'audience_mismatch',
    )
  })

  test('accepts nothing when no audience is configured', async () => {
    expect(await faultOfClaims({}, verifierOf({ audiences: [] }))).toBe('audience_mismatch')
  })
})

describe('T8: times', () => {
  const now = clock.seconds

  it.each([
    undefined,
    null,
    '',
    `${now + 60}`,
    [now + 60],
    { at: now + 60 },
    true,
    now + 60.5,
    -1,
    -now,
    1e300,
    253_402_300_800,
    (now + 60) * 1_000,
    Number.MAX_SAFE_INTEGER,
  ])('refuses exp %j as malformed', async (exp) => {
    expect(await faultOfClaims({ exp })).toBe('malformed')
  })

  it.each(['1e400', '-0.5', '1e-7'])('refuses exp %s, which only JSON can write', async (exp) => {
    const text = JSON.stringify({ ...claims, exp: 0 }).replace('"exp":0', `"exp":${exp}`)
    expect(faultOf(await verify(signJwt(key, text)))).toBe('malformed')
  })

  it.each([
    ['nbf', null],
    ['nbf', `${now}`],
    ['nbf', now - 0.5],
    ['nbf', -1],
    ['nbf', [now]],
    ['iat', null],
    ['iat', `${now}`],
    ['iat', now - 0.5],
    ['iat', -1],
    ['iat', 1e300],
  ])('refuses %s %j as malformed', async (name, date) => {
    expect(await faultOfClaims({ [name]: date })).toBe('malformed')
  })

  test('ends with exp, without tolerance, to the millisecond', async () => {
    const token = signJwt(key, { ...claims, exp: now + 10 })
    const at = new ManualClock(clock.now() + 9_999)
    const keys = keysOf(key.jwk)
    const trusted: TrustedIssuer = {
      issuer,
      audiences: [audience],
      algorithms: ['RS256'],
      clockToleranceSeconds: 60,
      keys,
    }
    const verifier = createJwtVerifier({ issuers: [trusted], clock: at, maxBytes: 16_384 })
    expect(faultOf(await verifier(token))).toBe('none')
    at.advance(1)
    expect(faultOf(await verifier(token))).toBe('expired')
    at.advance(60_000)
    expect(faultOf(await verifier(token))).toBe('expired')
  })

  it.each(['nbf', 'iat'])('begins with %s, within the tolerance', async (name) => {
    expect(await faultOfClaims({ [name]: now + 60 })).toBe('none')
    expect(await faultOfClaims({ [name]: now + 61 })).toBe('not_yet_valid')
    expect(await faultOfClaims({ [name]: now + 1 }, verifierOf({ clockToleranceSeconds: 0 }))).toBe(
      'not_yet_valid',
    )
    expect(await faultOfClaims({ [name]: 253_402_300_799 })).toBe('not_yet_valid')
  })

  test('needs neither nbf nor iat, and takes an old iat', async () => {
    expect(await faultOfClaims({ iat: undefined, nbf: undefined })).toBe('none')
    expect(await faultOfClaims({ iat: 0, nbf: 0 })).toBe('none')
  })

  test.each([0, 1, now - 1, now])('is expired at exp %d', async (exp) => {
    expect(await faultOfClaims({ exp })).toBe('expired')
  })
})

describe('T10: types', () => {
  it.each(['JWT', 'jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt', 'application/jwt', undefined])(
    'accepts typ %j',
    async (typ) => {
      expect(await faultOfHeader({ typ })).toBe('none')
    },
  )

  it.each([
    'dpop+jwt',
    'logout+jwt',
    'secevent+jwt',
    'JWS',
    'JWE',
    'client-authentication+jwt',
    'application/okta-internal-at+jwt',
    'id+jwt',
    'at+jwt ',
    'at+jwt\n',
    'xat+jwt',
    'at+jwt;charset=utf-8',
    '',
    null,
    1,
    ['at+jwt'],
    {},
  ])('refuses typ %j', async (typ) => {
    expect(await faultOfHeader({ typ })).toBe('type_unsupported')
  })
})

describe('whatever comes', () => {
  test('is answered and never thrown, and accepted only if the issuer has signed it', async () => {
    const part = fc.oneof(
      fc.json().map(encodePart),
      fc.base64String().map((text) => text.replace(/=+$/, '')),
      fc.string(),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
        expect((await verify(parts.join('.'))).ok).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test('in header and claims the same holds, with the right signature on it', async () => {
    const header = fc.dictionary(
      fc.constantFrom('alg', 'kid', 'typ', 'crit', 'b64', 'jwk', '__proto__'),
      fc.jsonValue(),
      { maxKeys: 3 },
    )
    const changes = fc.dictionary(
      fc.constantFrom('iss', 'aud', 'exp', 'nbf', 'iat', 'sub', '__proto__'),
      fc.jsonValue(),
      { maxKeys: 3 },
    )
    await fc.assert(
      fc.asyncProperty(header, changes, async (head, claimed) => {
        const outcome = await verify(signJwt(key, { ...claims, ...claimed }, head))
        if (!outcome.ok) return
        expect(outcome.value.claims['iss']).toBe(issuer)
        expect(outcome.value.audiences).toContain(audience)
        expect(outcome.value.expiresAt).toBeGreaterThan(clock.seconds)
      }),
      { numRuns: 200 },
    )
  })

  test('is quoted in no refusal', async () => {
    const mark = 'canary-7f3a'
    const tokens = [
      signJwt(key, { ...claims, iss: mark }),
      signJwt(key, { ...claims, aud: mark }),
      signJwt(key, { ...claims, exp: mark }),
      signJwt(key, { ...claims, nbf: mark }),
      ...['alg', 'kid', 'typ', 'crit', 'b64'].map((name) => signJwt(key, claims, { [name]: mark })),
      `${mark}.${mark}.${mark}`,
    ]
    for (const token of tokens) {
      const outcome = await verify(token)
      expect(outcome.ok).toBe(false)
      expect(JSON.stringify(outcome)).not.toContain(mark)
    }
  })

  test('leaves no mark on the prototype of objects', async () => {
    await verify(
      signJwt(key, '{"__proto__":{"polluted":true}}', '{"__proto__":{"alg":"RS256","kid":"key-1"}}'),
    )
    const text = JSON.stringify({ ...claims, iss: undefined }).replace(
      '{',
      `{"__proto__":{"iss":"${issuer}"},`,
    )
    expect(faultOf(await verify(signJwt(key, text)))).toBe('issuer_untrusted')
    expect({}).not.toHaveProperty('polluted')
  })
})
