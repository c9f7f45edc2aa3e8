import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer } from 'node:http'

/** An authorization server on loopback with one RSA key, and what it signs. */
export interface BenchIssuer {
  readonly issuer: string
  readonly keyId: string
  readonly publicKey: KeyObject
  /** The key set that it publishes. */
  readonly keySet: { readonly keys: readonly object[] }
  sign(claims: object): string
  stop(): void
}

export const keyId = 'Wq3mPzS0aV5xJ7bKfT1nRcYdE9hLgU2oXiA4sB6tM8w'

/** Starts an issuer; takes a free port. */
export async function startIssuer(): Promise<BenchIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const keySet = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: 'RS256', use: 'sig' }] }
  const server = createServer((request, response) => {
    const document = request.url?.endsWith('/v1/keys') ? keySet : { issuer, jwks_uri: `${issuer}/v1/keys` }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the issuer has no port')
  const issuer = `http://127.0.0.1:${address.port}/oauth2/aus1a2b3c4d5e6f7g8h9`
  return {
    issuer,
    keyId,
    publicKey: createPublicKey(publicKey.export({ format: 'pem', type: 'spki' })),
    keySet,
    sign: (claims) => signToken(privateKey, { iss: issuer, ...claims }),
    stop: () => server.close(),
  }
}

function signToken(key: KeyObject, claims: object): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const input = `${encode({ kid: keyId, alg: 'RS256' })}.${encode(claims)}`
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`
}

/** The claims of the access token of user number `index`, as Okta makes them; about 1 KB once signed. */
export function assertionClaims(index: number, padding = ''): object {
  const nowSeconds = Math.floor(Date.now() / 1000)
  return {
    ver: 1,
    jti: `AT.9rPk2mB7sQ4vLx1zTn8wUeYc5dHfJgA3iOqR6t-${index}`,
    aud: 'api://a',
    iat: nowSeconds,
    exp: nowSeconds + 3600,
    cid: '0oa5spa9frontend3x7',
    uid: `00u4user${index}`,
    scp: ['openid', 'profile', 'orders:read'],
    auth_time: nowSeconds - 60,
    sub: `user-${index}@example.com`,
    department: 'sales',
    locale: 'en-GB',
    groups_hint: ['customers', 'beta', 'eu-west'],
    ...(padding === '' ? {} : { padding }),
  }
}

/** The claims of a delegated token for user number `index`. */
export function delegatedClaims(
  index: number,
  issuer: string,
  assertion: object = assertionClaims(index),
): object {
  const nowSeconds = Math.floor(Date.now() / 1000)
  return {
    ver: 1,
    jti: `AT.delegated-token-number-${index}`,
    aud: 'api://b',
    iat: nowSeconds,
    exp: nowSeconds + 3600,
    cid: '0oaApiA',
    scp: ['orders:read'],
    sub: `user-${index}@example.com`,
    act: { sub: '0oaApiA', sub_profile: 'service' },
    assertion: { iss: issuer, ...assertion },
  }
}
