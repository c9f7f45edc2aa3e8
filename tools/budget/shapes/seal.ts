import { encodePart, type LooseObject, SealingPair } from '@behalf/testing'
import { filled, type Shape } from '../shape.ts'

/** The key that the hook opens seals with. */
export const sealingPair: SealingPair = new SealingPair()

const header = (changes: LooseObject = {}): LooseObject => ({
  alg: 'ECDH-ES',
  enc: 'A256GCM',
  typ: 'sealed-assertion+jwt',
  kid: sealingPair.kid,
  epk: { kty: 'EC', crv: 'P-256', x: sealingPair.jwk.x, y: sealingPair.jwk.y },
  ...changes,
})
const vector = 'A'.repeat(16)
const tag = 'A'.repeat(22)

/** A seal of this header, whose ciphertext makes the length; nobody can open it. */
function unopenable(name: string, changes: LooseObject = {}): Shape {
  const before = `${encodePart(header(changes))}..${vector}.`
  return {
    name,
    write: (length) => {
      const size = Math.max(4, length - before.length - tag.length - 1)
      return `${before}${'A'.repeat(size - (size % 4))}.${tag}`
    },
  }
}

/** A seal that was made for the hook, of a content that makes the length. */
function opened(name: string, before: string, unit: string): Shape {
  return {
    name,
    write: (length) => {
      const size = Math.max(1, Math.floor(length * 0.75) - 400 - before.length)
      return sealingPair.seal(
        {},
        { plaintext: before + unit.repeat(Math.ceil(size / unit.length)).slice(0, size) },
      )
    },
  }
}

const longest = 'A'.repeat(43)

/** Texts in five parts that cost more than they weigh. */
export const sealShapes: readonly Shape[] = [
  unopenable('a seal that does not open'),
  unopenable('an unknown kid', { kid: 'unknown' }),
  unopenable('the longest kid, each character escaped', { kid: '\u0001'.repeat(256) }),
  unopenable('a point off the curve', { epk: { kty: 'EC', crv: 'P-256', x: longest, y: longest } }),
  unopenable('a point of kilobytes', { epk: { kty: 'EC', crv: 'P-256', x: longest.repeat(30), y: longest } }),
  unopenable('a header that is too long', { kid: 'k'.repeat(20_000) }),
  unopenable('a header as deep as it gets', { epk: JSON.parse(`${'['.repeat(30)}${']'.repeat(30)}`) }),
  filled('five parts, all of the header', 'A', '', '....'),
  filled('five parts, all of the encrypted key', 'A', `${encodePart(header())}.`, `.${vector}.AAAA.${tag}`),
  filled('five parts, all of the vector', 'A', `${encodePart(header())}..`, `.AAAA.${tag}`),
  filled('five parts, all of the tag', 'A', `${encodePart(header())}..${vector}.AAAA.`),
  filled('five parts that are no base64url', '_-', `${encodePart(header())}..${vector}.`, `.${tag}`),
  filled('dots', '.'),
  {
    name: 'five parts of one size',
    write: (length) =>
      Array(5)
        .fill('A'.repeat(length / 5))
        .join('.'),
  },
  opened('a seal of letters', '', 'x'),
  opened('a seal of brackets', '', '['),
  opened('a seal of members', '{', '"a":1,'),
  opened('a seal of dots', '{"assertion":"', '.'),
]
