import { randomBytes } from 'node:crypto'
import { generateSigningKey, type LooseObject, type SigningKey } from '../signing-key.ts'

/** Every key that an attack signs with. */
export interface KeyRing {
  /** The good key of the issuer `okta`, `kid` `key-1`. */
  readonly okta: SigningKey
  /** Two good keys of `okta` under one `kid`; `renewing` exchanges the one for the other. */
  readonly twin: SigningKey
  readonly otherTwin: SigningKey
  /** The good key of `mixed`, under the `kid` of `okta`'s. */
  readonly mixed: SigningKey
  readonly ps256: SigningKey
  readonly es256: SigningKey
  readonly edDsa: SigningKey
  /** Published by `mixed` without `alg`. */
  readonly anyRsa: SigningKey
  /** Published by nobody; its `kid` is that of `okta`'s key. */
  readonly foreign: SigningKey
  /** Published by `okta`, with 1 024 bits. */
  readonly weak: SigningKey
  /** Published by `okta` with `use: enc`. */
  readonly encryption: SigningKey
  /** Published by `okta` for encryption in its `key_ops`. */
  readonly encrypting: SigningKey
  /** Published by `okta` for RS384. */
  readonly rs384: SigningKey
  /** The key of `renewing` before it is exchanged, and after. */
  readonly leaving: SigningKey
  readonly joining: SigningKey
  /** A symmetric key that `okta` publishes by mistake. */
  readonly symmetric: Buffer
}

/** Generates the keys; takes a second. */
export function makeKeyRing(): KeyRing {
  return {
    okta: generateSigningKey('key-1'),
    leaving: generateSigningKey('leaving'),
    joining: generateSigningKey('joining'),
    twin: generateSigningKey('twin'),
    otherTwin: generateSigningKey('twin'),
    mixed: generateSigningKey('key-1'),
    ps256: generateSigningKey('ps', 'PS256'),
    es256: generateSigningKey('es', 'ES256'),
    edDsa: generateSigningKey('ed', 'EdDSA'),
    anyRsa: generateSigningKey('any'),
    foreign: generateSigningKey('key-1'),
    weak: generateSigningKey('weak', 'RS256', 1024),
    encryption: generateSigningKey('enc'),
    encrypting: generateSigningKey('enc-ops'),
    rs384: generateSigningKey('rs384', 'RS384'),
    symmetric: randomBytes(32),
  }
}

/** What `okta` publishes besides its good keys, first in the list. */
export function hostileKeys(keys: KeyRing): readonly unknown[] {
  const { use, ...withoutUse } = keys.encrypting.jwk
  return [
    null,
    'key-1',
    {},
    { ...keys.foreign.jwk, kid: undefined },
    { kty: 'oct', kid: 'symmetric', alg: 'HS256', use: 'sig', k: keys.symmetric.toString('base64url') },
    { kty: 'oct', kid: 'symmetric-rs', alg: 'RS256', use: 'sig', k: keys.symmetric.toString('base64url') },
    keys.weak.jwk,
    { ...keys.encryption.jwk, use: 'enc' },
    { ...withoutUse, key_ops: ['encrypt', 'wrapKey'] },
    keys.rs384.jwk,
    exponentOne(keys.okta),
    { ...keys.foreign.jwk, kid: 'none', alg: 'none' },
  ]
}

/** Under the exponent 1 a signature is the padded digest itself, which anybody can write. */
function exponentOne({ jwk }: SigningKey): LooseObject {
  return { ...jwk, kid: 'exponent-one', e: 'AQ' }
}

/** The forms of a public key that careless code takes for an HMAC secret, and the secrets of careless people. */
export const publicForms: Readonly<Record<string, (key: SigningKey) => string | Buffer>> = {
  pem: spkiPem,
  'pem without its last newline': (key) => spkiPem(key).trimEnd(),
  'pem with crlf': (key) => spkiPem(key).replaceAll('\n', '\r\n'),
  'pem without armour': (key) => spkiPem(key).replaceAll(/-----.*-----|\n/g, ''),
  'pkcs1 pem': ({ publicKey }) => publicKey.export({ type: 'pkcs1', format: 'pem' }),
  der: ({ publicKey }) => publicKey.export({ type: 'spki', format: 'der' }),
  'pkcs1 der': ({ publicKey }) => publicKey.export({ type: 'pkcs1', format: 'der' }),
  jwk: ({ jwk }) => JSON.stringify(jwk),
  'jwk set': ({ jwk }) => JSON.stringify({ keys: [jwk] }),
  modulus: ({ jwk }) => String(jwk['n']),
  'modulus bytes': ({ jwk }) => Buffer.from(String(jwk['n']), 'base64url'),
  kid: ({ kid }) => kid,
  nothing: () => '',
  undefined: () => 'undefined',
  secret: () => 'secret',
}

function spkiPem({ publicKey }: SigningKey): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString()
}
