import { createHash } from 'node:crypto'
import { encodePart, signBytes, signHmacJwt, signJwt } from '../../signing-key.ts'
import type { Attack, Category } from '../attack.ts'
import { type Extras, forged, titles } from '../build.ts'
import { type Forge, withSignature } from '../forge.ts'
import { publicForms } from '../key-ring.ts'

const title = titles('T2')
const onMixed: Extras = { apiTrusts: 'mixed' }

const hmac: readonly Attack[] = Object.entries(publicForms).flatMap(([name, secretOf]) => [
  forged(
    title(`hs256 with ${name}`, `HMAC, the secret is the public key's ${name}`),
    (forge) => signHmacJwt(secretOf(forge.key), forge.claims(), { kid: 'key-1' }),
    'assertion_algorithm_unsupported',
  ),
  forged(
    title(
      `hs256 called rs256 with ${name}`,
      `HMAC under the name RS256, the secret is the public key's ${name}`,
    ),
    (forge) => signHmacJwt(secretOf(forge.key), forge.claims(), { kid: 'key-1', alg: 'RS256' }),
    'assertion_signature_invalid',
  ),
])

const symmetric: readonly Attack[] = [
  ...['HS384', 'HS512', 'hs256'].map((alg) =>
    forged(
      title(alg, `HMAC named ${alg}`),
      (forge) => signHmacJwt('secret', forge.claims(), { kid: 'key-1', alg }),
      'assertion_algorithm_unsupported',
    ),
  ),
  forged(
    title('symmetric key in the jwks', 'HMAC with a symmetric key that the issuer publishes'),
    (forge) => signHmacJwt(forge.world.keys.symmetric, forge.claims(), { kid: 'symmetric' }),
    'assertion_algorithm_unsupported',
  ),
  forged(
    title('symmetric key called rs256', 'a published symmetric key that says it is for RS256'),
    (forge) => signHmacJwt(forge.world.keys.symmetric, forge.claims(), { kid: 'symmetric-rs', alg: 'RS256' }),
    'assertion_key_unknown',
  ),
  forged(
    title("hs256 with the hook's secret"),
    (forge) => signHmacJwt(forge.world.secret, forge.claims(), { kid: 'key-1' }),
    'assertion_algorithm_unsupported',
  ),
]

/** Signs as `algorithm` with the issuer's good key, and says so. */
const signedAs = (forge: Forge, algorithm: Parameters<typeof signBytes>[0], kid: string): string => {
  const input = `${encodePart({ alg: algorithm, kid })}.${encodePart(forge.claims())}`
  return `${input}.${signBytes(algorithm, forge.key.privateKey, input).toString('base64url')}`
}

const otherRsa = (['RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const).map((algorithm) =>
  forged(
    title(`${algorithm} of an rs256 issuer`, `${algorithm} by the good key of an issuer trusted with RS256`),
    (forge) => signedAs(forge, algorithm, 'key-1'),
    'assertion_algorithm_unsupported',
  ),
)

const otherFamilies = [
  'ES256',
  'ES384',
  'ES512',
  'ES256K',
  'EdDSA',
  'Ed25519',
  'Ed448',
  'ML-DSA-44',
  'RSA1_5',
  'dir',
]

const named: readonly Attack[] = otherFamilies.map((alg) =>
  forged(
    title(`rs256 called ${alg}`, `an RS256 signature under the name ${alg}`),
    (forge) => forge.sign({}, { alg }),
    'assertion_algorithm_unsupported',
  ),
)

const forAnotherAlgorithm: readonly Attack[] = [
  forged(
    title('rs256 key used for ps256', 'the issuer may use PS256, this key is published for RS256'),
    (forge) => signedAs(forge, 'PS256', 'key-1'),
    'assertion_algorithm_unsupported',
    undefined,
    onMixed,
  ),
  forged(
    title('ps256 key used for rs256', 'the issuer may use RS256, this key is published for PS256'),
    (forge) => signJwt({ ...forge.world.keys.ps256, algorithm: 'RS256' }, forge.claims()),
    'assertion_algorithm_unsupported',
    undefined,
    onMixed,
  ),
  forged(
    title('rs384 key used for rs256'),
    (forge) => signJwt({ ...forge.world.keys.rs384, algorithm: 'RS256' }, forge.claims()),
    'assertion_algorithm_unsupported',
  ),
  forged(
    title('ec key named for rs256'),
    (forge) => forge.sign({}, { kid: 'es' }),
    'assertion_algorithm_unsupported',
    undefined,
    onMixed,
  ),
  forged(
    title('rsa key named for es256'),
    (forge) => signJwt(forge.world.keys.es256, forge.claims(), { kid: 'key-1' }),
    'assertion_algorithm_unsupported',
    undefined,
    onMixed,
  ),
  forged(
    title('ed25519 key named for es256'),
    (forge) => signJwt(forge.world.keys.es256, forge.claims(), { kid: 'ed' }),
    'assertion_algorithm_unsupported',
    undefined,
    onMixed,
  ),
  forged(
    title(
      'ps256 by a key without alg',
      'a key without alg serves every RSA algorithm that the issuer may use',
    ),
    (forge) => signJwt({ ...forge.world.keys.anyRsa, algorithm: 'PS256' }, forge.claims()),
    'permit',
    undefined,
    onMixed,
  ),
]

const badKeys: readonly Attack[] = [
  forged(
    title('rsa of 1024 bits'),
    (forge) => signJwt(forge.world.keys.weak, forge.claims()),
    'assertion_key_unknown',
  ),
  forged(
    title('key with use enc'),
    (forge) => signJwt(forge.world.keys.encryption, forge.claims()),
    'assertion_key_unknown',
  ),
  forged(
    title('key with key_ops for encryption'),
    (forge) => signJwt(forge.world.keys.encrypting, forge.claims()),
    'assertion_key_unknown',
  ),
  forged(
    title('public exponent of one', 'the signature is the padded digest, which anybody can write'),
    (forge) => signedWithExponentOne(forge),
    'assertion_key_unknown',
  ),
  forged(
    title('published key named none'),
    (forge) => `${encodePart({ alg: 'none', kid: 'none' })}.${encodePart(forge.claims())}.`,
    'assertion_algorithm_unsupported',
  ),
]

function signedWithExponentOne(forge: Forge): string {
  const input = `${encodePart({ alg: 'RS256', kid: 'exponent-one' })}.${encodePart(forge.claims())}`
  const digestInfo = Buffer.concat([
    Buffer.from('3031300d060960864801650304020105000420', 'hex'),
    createHash('sha256').update(input).digest(),
  ])
  const padding = Buffer.alloc(256 - 3 - digestInfo.length, 0xff)
  const block = Buffer.concat([Buffer.from([0, 1]), padding, Buffer.from([0]), digestInfo])
  return `${input}.${block.toString('base64url')}`
}

const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')

const ellipticSignatures: Readonly<Record<string, (signature: Buffer) => Buffer>> = {
  'all zero': () => Buffer.alloc(64),
  empty: () => Buffer.alloc(0),
  'r zero': (signature) => Buffer.concat([Buffer.alloc(32), signature.subarray(32)]),
  's zero': (signature) => Buffer.concat([signature.subarray(0, 32), Buffer.alloc(32)]),
  'r and s the order': () => Buffer.concat([order, order]),
  'halves exchanged': (signature) => Buffer.concat([signature.subarray(32), signature.subarray(0, 32)]),
  'all ones': () => Buffer.alloc(64, 0xff),
  'as long as es384': (signature) => Buffer.concat([signature, Buffer.alloc(32)]),
  'zero of another length': () => Buffer.alloc(96),
  der: (signature) => der(signature),
}

function der(signature: Buffer): Buffer {
  const integer = (half: Buffer): Buffer => {
    const positive = half.readUInt8(0) > 127 ? Buffer.concat([Buffer.alloc(1), half]) : half
    return Buffer.concat([Buffer.from([2, positive.length]), positive])
  }
  const both = Buffer.concat([integer(signature.subarray(0, 32)), integer(signature.subarray(32))])
  return Buffer.concat([Buffer.from([0x30, both.length]), both])
}

const elliptic: readonly Attack[] = Object.entries(ellipticSignatures).flatMap(([name, change]) => [
  forged(
    title(`es256 ${name}`, `an ES256 signature: ${name}`),
    (forge) => withSignature(signJwt(forge.world.keys.es256, forge.claims()), change),
    'assertion_signature_invalid',
    undefined,
    onMixed,
  ),
  forged(
    title(`eddsa ${name}`, `an Ed25519 signature: ${name}`),
    (forge) => withSignature(signJwt(forge.world.keys.edDsa, forge.claims()), change),
    'assertion_signature_invalid',
    undefined,
    onMixed,
  ),
])

/** Algorithms and keys that are confused with each other, or too weak. */
export const algorithm: Category = {
  name: 'algorithm',
  attacks: [...hmac, ...symmetric, ...otherRsa, ...named, ...forAnotherAlgorithm, ...badKeys, ...elliptic],
}
