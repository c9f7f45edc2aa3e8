import type { Attack, Category, HookOutcome } from '../attack.ts'
import { type Extras, forged, type Title, titles } from '../build.ts'
import type { Forge } from '../forge.ts'

const good = titles('control')
const late = titles('T1')
const extras: Extras = { apiTrusts: 'renewing' }

type RenewingKey = 'leaving' | 'joining' | 'twin' | 'otherTwin'

const before: readonly RenewingKey[] = ['leaving', 'twin']
const after: readonly RenewingKey[] = ['joining', 'otherTwin']

const fresh =
  (key: RenewingKey, jti: string) =>
  (forge: Forge): string =>
    forge.sign({ jti }, {}, forge.world.keys[key])

/** A token that is accepted, and remembered, while its key is published. */
const remembered =
  (key: RenewingKey) =>
  (forge: Forge): string =>
    forge.world.reuse(`${key} ${forge.audience}`, () => fresh(key, 'AT.early')(forge))

/** Presents a token while these keys are published. */
function whilePublished(
  names: readonly RenewingKey[],
  title: Title,
  token: (forge: Forge) => string,
  hook: HookOutcome,
): Attack {
  const publishing = (forge: Forge): string => {
    forge.issuer.keys = names.map((name) => forge.world.keys[name])
    return token(forge)
  }
  return forged(title, publishing, hook, undefined, extras)
}

/** In this order: a token by the new key makes everybody fetch the keys again, among which the old ones are not any more. */
const exchange: readonly Attack[] = [
  whilePublished(before, good('by the key that is published'), remembered('leaving'), 'permit'),
  whilePublished(before, good('by the key that is published, again'), remembered('leaving'), 'permit'),
  whilePublished(before, good('by a key that will be replaced'), remembered('twin'), 'permit'),
  whilePublished(after, good('by its successor'), fresh('joining', 'AT.new'), 'permit'),
  whilePublished(
    after,
    late('known by a key that was withdrawn'),
    remembered('leaving'),
    'assertion_key_unknown',
  ),
  whilePublished(
    after,
    late('new by a key that was withdrawn'),
    fresh('leaving', 'AT.late'),
    'assertion_key_unknown',
  ),
]

/** A `kid` is a name and no key: what was known by the one is not known by the other. */
const replacement: readonly Attack[] = [
  whilePublished(
    after,
    late('known by a key that was replaced under its kid'),
    remembered('twin'),
    'assertion_signature_invalid',
  ),
  whilePublished(after, good('by the key that has replaced it'), remembered('otherTwin'), 'permit'),
  whilePublished(after, good('by the key that has replaced it, again'), remembered('otherTwin'), 'permit'),
  whilePublished(
    after,
    late('known by a key that was replaced under its kid, again'),
    remembered('twin'),
    'assertion_signature_invalid',
  ),
  whilePublished(
    after,
    late('new by a key that was replaced under its kid'),
    fresh('twin', 'AT.late'),
    'assertion_signature_invalid',
  ),
]

/** A signature that was found good counts for as long as its very key is published. */
export const withdrawnKey: Category = { name: 'withdrawn key', attacks: [...exchange, ...replacement] }
