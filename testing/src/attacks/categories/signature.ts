import { encodePart, signBytes, signJwt } from '../../signing-key.ts'
import type { Attack, Category } from '../attack.ts'
import { forged, titles } from '../build.ts'
import { type Forge, partsOf, tampered, withSignature } from '../forge.ts'

const title = titles('T1')

const unsigned = (forge: Forge, alg: unknown): string =>
  `${encodePart({ alg, kid: 'key-1' })}.${encodePart(forge.claims())}.`

const noneSpellings = [
  'none',
  'None',
  'NONE',
  'nOnE',
  ' none',
  'none ',
  'none\u0000',
  'n\u043ene',
  '',
  'null',
]

const none: readonly Attack[] = noneSpellings.flatMap((alg, index) => [
  forged(
    title(`none ${index}`, `alg ${JSON.stringify(alg)}, no signature`),
    (forge) => unsigned(forge, alg),
    'assertion_algorithm_unsupported',
  ),
  forged(
    title(`none ${index} signed`, `alg ${JSON.stringify(alg)} with the signature of the right algorithm`),
    (forge) => forge.sign({}, { alg }),
    'assertion_algorithm_unsupported',
  ),
])

const otherTypes: readonly (readonly [string, unknown])[] = [
  ['missing', undefined],
  ['null', null],
  ['number', 256],
  ['list', ['RS256']],
  ['object', { name: 'RS256' }],
  ['true', true],
]

const ofWrongType: readonly Attack[] = otherTypes.map(([name, alg]) =>
  forged(
    title(`alg ${name}`, `alg is ${name}`),
    (forge) => forge.sign({}, { alg }),
    'assertion_algorithm_unsupported',
  ),
)

const spellings = [
  'rs256',
  'Rs256',
  'RS256 ',
  ' RS256',
  'RS256\u0000',
  'RS2560',
  'RS',
  'RSA256',
  'SHA256withRSA',
]
const objectMembers = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']

const spelt: readonly Attack[] = [...spellings, ...objectMembers].map((alg, index) =>
  forged(
    title(`alg spelt ${index}`, `alg ${JSON.stringify(alg)}`),
    (forge) => forge.sign({}, { alg }),
    'assertion_algorithm_unsupported',
  ),
)

const changes: readonly (readonly [string, (signature: Buffer) => Buffer])[] = [
  ['empty', () => Buffer.alloc(0)],
  ['one zero byte', () => Buffer.alloc(1)],
  ['all zero', (signature) => Buffer.alloc(signature.length)],
  ['all ones', (signature) => Buffer.alloc(signature.length, 0xff)],
  ['first bit flipped', (signature) => flipped(signature, 0)],
  ['middle bit flipped', (signature) => flipped(signature, signature.length >> 1)],
  ['last bit flipped', (signature) => flipped(signature, signature.length - 1)],
  ['truncated', (signature) => signature.subarray(0, -1)],
  ['first half', (signature) => signature.subarray(0, signature.length / 2)],
  ['a zero byte longer', (signature) => Buffer.concat([signature, Buffer.alloc(1)])],
  ['a zero byte before', (signature) => Buffer.concat([Buffer.alloc(1), signature])],
  ['twice', (signature) => Buffer.concat([signature, signature])],
  ['reversed', (signature) => Buffer.from(signature).reverse()],
  ['ten kilobytes', () => Buffer.alloc(8_000, 7)],
]

function flipped(signature: Buffer, at: number): Buffer {
  const changed = Buffer.from(signature)
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
  return changed
}

const changedSignature: readonly Attack[] = changes.map(([name, change]) =>
  forged(
    title(`signature ${name}`),
    (forge) => withSignature(forge.sign(), change),
    'assertion_signature_invalid',
  ),
)

const payloads: Readonly<Record<string, (forge: Forge) => Record<string, unknown>>> = {
  sub: () => ({ sub: 'eve@example.com' }),
  exp: ({ nowSeconds }) => ({ exp: nowSeconds + 86_400 }),
  scp: () => ({ scp: ['admin'] }),
  cid: () => ({ cid: '0oaRoot' }),
  act: () => ({ act: { sub: '0oaRoot' } }),
  jti: () => ({ jti: 'AT.another' }),
  more: () => ({ groups: ['admins'] }),
}

const tamperedPayload: readonly Attack[] = Object.entries(payloads).map(([name, change]) =>
  forged(
    title(`payload ${name}`, `${name} changed after signing`),
    (forge) => tampered(forge.sign(), change(forge)),
    'assertion_signature_invalid',
  ),
)

const misplaced: readonly Attack[] = [
  forged(
    title('signature of another token'),
    (forge) => {
      const [header, payload] = partsOf(forge.sign({ sub: 'eve@example.com' }))
      return `${header}.${payload}.${partsOf(forge.sign())[2]}`
    },
    'assertion_signature_invalid',
  ),
  forged(
    title('signature over the payload alone'),
    (forge) => {
      const [header, payload] = partsOf(forge.sign())
      const signature = signBytes('RS256', forge.key.privateKey, payload).toString('base64url')
      return `${header}.${payload}.${signature}`
    },
    'assertion_signature_invalid',
  ),
  forged(
    title('signature over the decoded payload'),
    (forge) => {
      const [header, payload] = partsOf(forge.sign())
      const text = Buffer.from(payload, 'base64url').toString()
      return `${header}.${payload}.${signBytes('RS256', forge.key.privateKey, text).toString('base64url')}`
    },
    'assertion_signature_invalid',
  ),
  forged(
    title('header written anew', 'the header with its members in another order'),
    (forge) => {
      const [, payload, signature] = partsOf(forge.sign())
      return `${encodePart({ kid: 'key-1', alg: 'RS256' })}.${payload}.${signature}`
    },
    'assertion_signature_invalid',
  ),
  forged(
    title('header of another token', 'a header with typ, which was not signed'),
    (forge) => {
      const [, payload, signature] = partsOf(forge.sign())
      return `${encodePart({ alg: 'RS256', kid: 'key-1', typ: 'at+jwt' })}.${payload}.${signature}`
    },
    'assertion_signature_invalid',
  ),
  forged(
    title('foreign key', "signed with a key of the attacker under the issuer's kid"),
    (forge) => signJwt(forge.world.keys.foreign, forge.claims()),
    'assertion_signature_invalid',
  ),
  forged(
    title('key of another issuer', "signed with another trusted issuer's key of the same kid"),
    (forge) => signJwt(forge.world.keys.mixed, forge.claims()),
    'assertion_signature_invalid',
  ),
]

/** Tokens that nobody signed, or that were changed after signing. */
export const signature: Category = {
  name: 'signature',
  attacks: [...none, ...ofWrongType, ...spelt, ...changedSignature, ...tamperedPayload, ...misplaced],
}
