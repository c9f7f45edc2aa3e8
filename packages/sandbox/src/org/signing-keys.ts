import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { promisify } from 'node:util'
import { isJsonObject, type JsonObject } from '../json.ts'

/** A private RSA key as a JWK. */
export type PrivateJwk = Readonly<Record<string, unknown>> & { readonly kty: 'RSA' }

interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
}

/** The keys of one authorization server: one signs, one may be announced, old ones stay published. */
export class SigningKeys {
  #active: SigningKey
  #next: SigningKey | undefined
  #expired: SigningKey[] = []

  private constructor(active: SigningKey) {
    this.#active = active
  }

  /** Starts with the given key, or with a new RSA key of 2048 bits. */
  static async create(key?: PrivateJwk): Promise<SigningKeys> {
    return new SigningKeys(
      key === undefined ? await generate() : keyOf(createPrivateKey({ key, format: 'jwk' })),
    )
  }

  /** The id of the key that signs. */
  get activeKid(): string {
    return this.#active.kid
  }

  /** The private key that signs, for whatever must sign by itself. */
  get activePrivateJwk(): JsonObject {
    const {
      d = '',
      p = '',
      q = '',
      dp = '',
      dq = '',
      qi = '',
    } = this.#active.privateKey.export({ format: 'jwk' })
    return { ...toPublicJwk(this.#active), d, p, q, dp, dq, qi }
  }

  /** What the keys endpoint publishes: the announced key included. */
  get published(): JsonObject[] {
    const next = this.#next === undefined ? [] : [this.#next]
    return [this.#active, ...next, ...this.#expired].map(toPublicJwk)
  }

  /** Publishes a new key that does not sign yet; an announced one is kept. */
  async announce(): Promise<string> {
    this.#next ??= await generate()
    return this.#next.kid
  }

  /** Signs with the announced key from now on, or by surprise with a new one; the old one stays published. */
  async rotate(): Promise<string> {
    const next = this.#next ?? (await generate())
    this.#expired = [this.#active, ...this.#expired]
    this.#active = next
    this.#next = undefined
    return next.kid
  }

  /** Takes old keys off the keys endpoint: the named one, or all that no longer sign. */
  withdraw(kid?: string): void {
    this.#expired = kid === undefined ? [] : this.#expired.filter((key) => key.kid !== kid)
  }

  /** Signs claims as a compact RS256 JWT. The header has `kid` and `alg` only, as Okta's has. */
  sign(claims: JsonObject): string {
    const input = `${encode({ kid: this.#active.kid, alg: 'RS256' })}.${encode(claims)}`
    return `${input}.${sign('RSA-SHA256', Buffer.from(input), this.#active.privateKey).toString('base64url')}`
  }

  /** The claims of a JWT that one of the published keys signed. It checks nothing but the signature. */
  open(jwt: string): JsonObject | undefined {
    const [header = '', payload = '', signature = ''] = jwt.split('.')
    const input = Buffer.from(`${header}.${payload}`)
    const signed = [this.#active, ...this.#expired].some(({ privateKey }) =>
      verify('RSA-SHA256', input, createPublicKey(privateKey), Buffer.from(signature, 'base64url')),
    )
    if (!signed) return undefined
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return isJsonObject(claims) ? claims : undefined
  }
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

async function generate(): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return keyOf(privateKey)
}

function keyOf(privateKey: KeyObject): SigningKey {
  const { e, kty, n } = createPublicKey(privateKey).export({ format: 'jwk' })
  return { kid: hash('sha256', JSON.stringify({ e, kty, n }), 'base64url'), privateKey }
}

function toPublicJwk({ kid, privateKey }: SigningKey): JsonObject {
  const { e = '', n = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  return { kty: 'RSA', alg: 'RS256', kid, use: 'sig', e, n }
}
