import type { Attack, Category } from '../attack.ts'
import { type Extras, forged, type Title, titles } from '../build.ts'
import type { Forge } from '../forge.ts'

const good = titles('control')
const late = titles('T1')
const extras: Extras = { apiTrusts: 'renewing' }

/** A token that is accepted, and remembered, while its key is published. */
const remembered = (forge: Forge): string => {
  const { leaving } = forge.world.keys
  return forge.world.reuse(`leaving ${forge.audience}`, () => forge.sign({ jti: 'AT.leaving' }, {}, leaving))
}

/** Presents a token while these keys are published. */
function whilePublished(
  key: 'leaving' | 'joining',
  title: Title,
  token: (forge: Forge) => string,
  hook: 'permit' | 'assertion_key_unknown',
): Attack {
  const publishing = (forge: Forge): string => {
    forge.issuer.keys = [forge.world.keys[key]]
    return token(forge)
  }
  return forged(title, publishing, hook, undefined, extras)
}

/** In this order: a token by the new key makes everybody fetch the keys again, among which the old one is not any more. */
const exchange: readonly Attack[] = [
  whilePublished('leaving', good('by the key that is published'), remembered, 'permit'),
  whilePublished('leaving', good('by the key that is published, again'), remembered, 'permit'),
  whilePublished(
    'joining',
    good('by its successor'),
    (forge) => forge.sign({}, {}, forge.world.keys.joining),
    'permit',
  ),
  whilePublished('joining', late('known by a key that was withdrawn'), remembered, 'assertion_key_unknown'),
  whilePublished(
    'joining',
    late('new by a key that was withdrawn'),
    (forge) => forge.sign({ jti: 'AT.late' }, {}, forge.world.keys.leaving),
    'assertion_key_unknown',
  ),
]

/** A signature that was found good counts for as long as its very key is published. */
export const withdrawnKey: Category = { name: 'withdrawn key', attacks: exchange }
