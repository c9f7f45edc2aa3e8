import type { SealChanges } from '../../sealing-pair.ts'
import { SealingPair } from '../../sealing-pair.ts'
import type { LooseObject } from '../../signing-key.ts'
import type { Attack, Category } from '../attack.ts'
import { goodAssertion, oktaCall, requested, sent, type Title, titles } from '../build.ts'
import type { World } from '../world.ts'

const title = titles('T44')
const server = 'https://example.okta.com/oauth2/default'
let made = 0

/** What API A puts into a seal, with changes. */
function payload(world: World, changes: LooseObject = {}): LooseObject {
  return {
    assertion: goodAssertion(world),
    client_id: '0oaApiA',
    aud: server,
    iat: world.nowSeconds,
    jti: `seal-${made++}`,
    ...changes,
  }
}

/** A text in the query where seals are required. */
function presentedText(
  name: Title,
  text: (world: World) => string,
  hook: NonNullable<Attack['expect']['hook']>,
  query = '',
): Attack {
  const call: Attack['call'] = (world) =>
    oktaCall(world, { url: `${server}/v1/token?assertion=${text(world)}${query}` })
  return sent(name, call, hook, { setup: 'sealing' })
}

/** A seal whose content or form was changed. */
const changed = (
  name: string,
  hook: NonNullable<Attack['expect']['hook']>,
  content: (world: World) => LooseObject = () => ({}),
  form: SealChanges = {},
): Attack =>
  presentedText(title(name), (world) => world.sealing.seal(payload(world, content(world)), form), hook)

const usedOnce = (world: World): string =>
  world.reuse('seal used once', () => world.sealing.seal(payload(world)))

const uses: readonly Attack[] = [
  presentedText(title('first use'), usedOnce, 'permit'),
  presentedText(title('again', 'the same text out of a log'), usedOnce, 'seal_replayed'),
  changed('a minute ago', 'permit', ({ nowSeconds }) => ({ iat: nowSeconds - 60 })),
  changed('three minutes ago', 'seal_expired', ({ nowSeconds }) => ({ iat: nowSeconds - 180 })),
  changed('two minutes ahead', 'seal_expired', ({ nowSeconds }) => ({ iat: nowSeconds + 120 })),
  changed('by another client', 'seal_client_mismatch', () => ({ client_id: '0oaOther' })),
  changed('by a client of like name', 'seal_client_mismatch', () => ({ client_id: '0oaapia' })),
  changed('for another server', 'seal_audience_mismatch', () => ({
    aud: 'https://example.okta.com/oauth2/other',
  })),
  changed('for a server with a slash', 'seal_audience_mismatch', () => ({ aud: `${server}/` })),
  presentedText(title('bare', 'a bare assertion where seals are required'), goodAssertion, 'seal_required'),
  presentedText(title('bare garbage'), () => 'a'.repeat(8_000), 'seal_required'),
  presentedText(
    title('a resource beside it'),
    (world) => world.sealing.seal(payload(world)),
    'resource_invalid',
    '&assertion_resource=https%3A%2F%2Forders.example',
  ),
  changed('a resource where none are', 'resource_invalid', () => ({ resource: 'https://orders.example' })),
  requested(
    title('at a hook without sealing'),
    ({ data }, world) => {
      data.context.request.url.value = `${server}/v1/token?assertion=${world.sealing.seal(payload(world))}`
    },
    'assertion_encrypted',
  ),
]

const zeros = 'A'.repeat(43)
const offCurve = { kty: 'EC', crv: 'P-256', x: zeros, y: zeros }

/** Members of the header that no client sends, or lack; `undefined` takes one away. */
const headers: Readonly<Record<string, LooseObject>> = {
  'alg of wrapped keys': { alg: 'ECDH-ES+A256KW' },
  'alg dir': { alg: 'dir' },
  'alg none': { alg: 'none' },
  'alg RSA': { alg: 'RSA-OAEP-256' },
  'alg of passwords': { alg: 'PBES2-HS256+A128KW', p2c: 10_000_000, p2s: 'AAAA' },
  'alg in lower case': { alg: 'ecdh-es' },
  'enc of other keys': { enc: 'A128GCM' },
  'enc with CBC': { enc: 'A128CBC-HS256' },
  zip: { zip: 'DEF' },
  crit: { crit: ['exp'], exp: 1 },
  apu: { apu: 'QUFB' },
  apv: { apv: 'QUFB' },
  jku: { jku: 'https://attacker.example/jwks.json' },
  jwk: { jwk: offCurve },
  x5c: { x5c: ['AAAA'] },
  cty: { cty: 'JWT' },
  'no epk': { epk: undefined },
  'no kid': { kid: undefined },
  'a kid that is a list': { kid: ['seal-1'] },
  'a point off the curve': { epk: offCurve },
  'a point of another curve': { epk: { ...offCurve, crv: 'P-521' } },
  'a point of OKP': { epk: { kty: 'OKP', crv: 'X25519', x: zeros } },
  'a point with d': { epk: { ...offCurve, d: zeros } },
  'a point of megabytes': { epk: { ...offCurve, x: 'A'.repeat(600) } },
}

const unknownKids: Readonly<Record<string, string>> = {
  'a kid that nobody has': 'seal-2',
  'the kid of an issuer': 'key-1',
  'a kid of the prototype': 'constructor',
  'a kid like a path': '../../etc/passwd',
}

const forms: readonly Attack[] = [
  ...Object.entries(headers).map(([name, header]) => changed(name, 'seal_invalid', undefined, { header })),
  ...Object.entries(unknownKids).map(([name, kid]) =>
    changed(name, 'seal_key_unknown', undefined, { header: { kid } }),
  ),
  changed('no typ', 'assertion_encrypted', undefined, { header: { typ: undefined } }),
  changed('typ of a JWT', 'assertion_encrypted', undefined, { header: { typ: 'JWT' } }),
  changed('a header of one letter', 'assertion_encrypted', undefined, { headerPart: 'A' }),
  changed('an encrypted key', 'seal_invalid', undefined, { encryptedKey: 'AAAA' }),
  changed('a short vector', 'seal_invalid', undefined, { vector: 'AAAA' }),
  changed('a short tag', 'seal_invalid', undefined, { tag: 'AAAA' }),
  changed('another tag', 'seal_invalid', undefined, { tag: 'A'.repeat(22) }),
  presentedText(
    title('for another key of the same kid'),
    (world) => new SealingPair().seal(payload(world)),
    'seal_invalid',
  ),
  presentedText(
    title('garbage in five parts', '64 KB that say they are a seal'),
    (world) => world.sealing.seal({}, { plaintext: 'x'.repeat(48_000) }),
    'assertion_too_large',
  ),
]

const contents: readonly Attack[] = [
  changed('a seal in a seal', 'seal_invalid', (world) => ({ assertion: world.sealing.seal(payload(world)) })),
  changed('an encrypted token', 'seal_invalid', () => ({ assertion: 'a.b.c.d.e' })),
  changed('a token that is none', 'assertion_malformed', () => ({ assertion: 'x.y.z' })),
  changed('one member more', 'seal_invalid', () => ({ sub: 'root@example.com' })),
  changed('no jti', 'seal_invalid', () => ({ jti: undefined })),
  changed('a jti that is an object', 'seal_invalid', () => ({ jti: {} })),
  changed('a jti of kilobytes', 'seal_invalid', () => ({ jti: 'j'.repeat(4_000) })),
  changed('iat as a text', 'seal_invalid', ({ nowSeconds }) => ({ iat: String(nowSeconds) })),
  changed('iat beyond numbers', 'seal_invalid', () => ({ iat: 1e300 })),
  changed('two clients', 'seal_invalid', () => ({ client_id: ['0oaApiA', '0oaOther'] })),
  changed('no JSON', 'seal_invalid', undefined, { plaintext: 'assertion=x' }),
  changed('JSON as deep as it gets', 'seal_invalid', undefined, { plaintext: '['.repeat(10_000) }),
  changed('members of the prototype', 'seal_invalid', undefined, { plaintext: '{"__proto__":{"jti":"1"}}' }),
]

/** A text out of a log, and all that can be made of one. */
export const seal: Category = { name: 'seal', attacks: [...uses, ...forms, ...contents] }
