import type { LooseObject } from '../../signing-key.ts'
import type { Attack, Category, DelegatedClaims } from '../attack.ts'
import { type Extras, exchanged, forged, titles } from '../build.ts'
import { type Forge, tampered } from '../forge.ts'
import { smallMemory } from '../setup.ts'

const flood = titles('T19')
const small: Extras = { setup: 'memory', apiTrusts: 'memory' }

/** One and the same token a side, for as long as the world stands. */
const kept =
  (name: string, claims: LooseObject = {}, header: LooseObject = {}) =>
  (forge: Forge): string =>
    forge.world.reuse(
      `kept ${name} at ${forge.audience}`,
      () =>
        forge.sign({ jti: `AT.${name}`, policy: 'tell', exp: forge.nowSeconds + 86_400, ...claims }, header),
      86_400,
    )

/** Accepted, and not known: it was not presented before, or was forgotten since. */
const unknown = (
  name: string,
  token: (forge: Forge) => string,
  threat: Attack['threat'] = 'control',
): Attack => forged(titles(threat)(name), token, 'permit', 'accept', small)

/** Accepted before and known by that; the policy forbids it to tell. */
const known = (name: string, token: (forge: Forge) => string, threat: Attack['threat'] = 'control'): Attack =>
  forged(titles(threat)(name), token, 'policy_denied', 'remembered', small)

const busy = kept('busy')
const others = (name: string, count: number): readonly Attack[] =>
  Array.from({ length: count }, (_, index) => unknown(`${name} ${index}`, kept(`${name} ${index}`), 'T19'))
const timesRoom = 2 * smallMemory.maxEntries

const entries: readonly Attack[] = [
  unknown('a token', busy),
  known('the same token', busy),
  ...others('one of as many others as there is room for', smallMemory.maxEntries),
  unknown('forgotten for as many others as there is room for', busy, 'T19'),
  ...others('one of a flood beside a busy one', timesRoom).flatMap((other, index) => [
    other,
    known(`busy beside a flood ${index}`, busy, 'T19'),
  ]),
  unknown('forgotten in a flood', kept('one of a flood beside a busy one 0'), 'T19'),
  known('busy after a flood', busy, 'T19'),
]

const refused: readonly Attack[] = Array.from({ length: timesRoom }, (_, index) => [
  forged(
    flood(`one of a flood that nobody has signed ${index}`),
    (forge) => tampered(forge.sign(), { jti: `AT.${index}` }),
    'assertion_signature_invalid',
    'token_invalid',
    small,
  ),
  forged(
    flood(`one of a flood that has expired ${index}`),
    (forge) => forge.sign({ jti: `AT.${index}`, exp: forge.nowSeconds - 10 }),
    'assertion_expired',
    'token_expired',
    small,
  ),
  forged(
    flood(`one of a flood for somebody else ${index}`),
    (forge) => forge.sign({ jti: `AT.${index}`, aud: 'api://c' }),
    'assertion_audience_mismatch',
    'token_invalid',
    small,
  ),
  forged(
    flood(`one of a flood of changes ${index}`),
    (forge) => tampered(busy(forge), { jti: `AT.${index}` }),
    'assertion_signature_invalid',
    'token_invalid',
    small,
  ),
]).flat()

/** Tokens that are refused take nobody's room, whatever refuses them. */
const hostile: readonly Attack[] = [...refused, known('busy after all that was refused', busy, 'T19')]

/** Each takes more than a quarter of the bytes, and less than half. */
const large = (name: string): ((forge: Forge) => string) => kept(name, {}, { padding: 'x'.repeat(2_000) })
/** More than half. */
const huge = kept('huge', {}, { padding: 'x'.repeat(4_500) })

const bytes: readonly Attack[] = [
  unknown('a large token', large('large')),
  known('the same large token', large('large')),
  unknown('a second large token', large('second'), 'T19'),
  unknown('a third large token', large('third'), 'T19'),
  unknown('a large token, forgotten for two others', large('large'), 'T19'),
  unknown('a huge token', huge, 'T19'),
  unknown('the same huge token, which was never remembered', huge, 'T19'),
  known('a large token after the huge one', large('large'), 'T19'),
]

const isUnspoilt = ({ sub, act, assertion }: DelegatedClaims): string | undefined =>
  sub === 'ann@example.com' && !JSON.stringify([act, assertion]).includes('spoilt')
    ? undefined
    : 'what the policy wrote'

/** What a policy is given, whoever brings the same token is given, too. */
const written: readonly Attack[] = [
  ...['written into', 'written into before', 'written into twice before'].map((name) =>
    exchanged(titles('T32')(name), kept('written', { policy: 'write', list: [{ of: {} }] }), 'permit', {
      ...small,
      inspect: isUnspoilt,
    }),
  ),
  ...['assigned to', 'assigned to before'].map((name) =>
    exchanged(titles('T32')(name), kept('assigned', { policy: 'assign' }), 'policy_unavailable', small),
  ),
]

/** What is remembered of tokens that were accepted has bounds, which nobody shifts, and is nobody's to change. */
export const memory: Category = { name: 'memory', attacks: [...entries, ...hostile, ...bytes, ...written] }
