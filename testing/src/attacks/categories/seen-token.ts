import type { Attack, Category } from '../attack.ts'
import { exchanged, forged, presented, requested, titles } from '../build.ts'
import { protectedExchange } from '../build-protected.ts'
import {
  assertionForge,
  delegatedForge,
  type Forge,
  nonCanonical,
  partsOf,
  tampered,
  withSignature,
} from '../forge.ts'
import type { World } from '../world.ts'

const good = titles('control')
const changed = titles('T1')

/** One token a side, presented before all that is made of it. */
const seen = (forge: Forge): string =>
  forge.world.reuse(`seen of ${forge.issuer.issuer} at ${forge.audience}`, () =>
    forge.sign({ jti: 'AT.seen' }),
  )

const controls: readonly Attack[] = [
  forged(good('seen for the first time'), seen, 'permit'),
  forged(good('seen again'), seen, 'permit'),
]

/** What is no token any more, and differs from one that was accepted by next to nothing. */
const misspelt: Readonly<Record<string, (token: string) => string>> = {
  'one character less': (token) => token.slice(0, -1),
  'a blank behind': (token) => `${token} `,
  'a blank before': (token) => ` ${token}`,
  'a tab behind': (token) => `${token}\t`,
  'a newline behind': (token) => `${token}\n`,
  'a newline before': (token) => `\r\n${token}`,
  'a nul behind': (token) => `${token}\0`,
  'a byte order mark before': (token) => `\ufeff${token}`,
  'a dot behind': (token) => `${token}.`,
  padding: (token) => `${token}==`,
  'a scheme before': (token) => `Bearer ${token}`,
  'last bits that are not canonical': nonCanonical,
  'a letter that ends in the same byte': (token) => token.replace('e', '\u0165'),
}

/** What is another token than the one whose signature held, and looks like it as far as possible. */
const forgeries: Readonly<Record<string, (token: string, forge: Forge) => string>> = {
  'one character more': (token) => `${token}A`,
  'other claims': (token) => tampered(token, { sub: 'root@example.com' }),
  'other signature': (token) => withSignature(token, (signature) => Buffer.from(signature).reverse()),
  'without signature': (token) => `${partsOf(token).slice(0, 2).join('.')}.`,
  'the signature of another token': (token, forge) =>
    `${partsOf(token).slice(0, 2).join('.')}.${partsOf(forge.sign({ jti: 'AT.other' }))[2]}`,
}

const changes: readonly Attack[] = [
  ...Object.entries(misspelt).map(([name, change]) =>
    forged(changed(name), (forge) => change(seen(forge)), 'assertion_malformed'),
  ),
  ...Object.entries(forgeries).map(([name, change]) =>
    forged(changed(name), (forge) => change(seen(forge), forge), 'assertion_signature_invalid'),
  ),
]

/** What is the request's own is judged with every request. */
const circumstances: readonly Attack[] = [
  requested(titles('T13')('a client that may not'), () => undefined, 'client_not_permitted', {
    event: { clientId: '0oaNobody' },
  }),
  forged(good('seen at last'), seen, 'permit'),
]

const ofMixed = (world: World): string => seen(assertionForge(world, world.mixed))
const ofMixedAtB = (world: World): string => seen(delegatedForge(world, world.mixed))
/** A user's own, for both APIs. */
const own = ({ world }: Forge): string =>
  world.reuse('seen at two', () => assertionForge(world).sign({ aud: ['api://a', 'api://b'] }))

/** What one hook or API knows, no other does: each goes by whom and what it trusts itself. */
const others: readonly Attack[] = [
  exchanged(good('seen by a hook'), ({ world }) => ofMixed(world), 'permit'),
  protectedExchange(
    titles('T6')('seen by a hook, at one that does not trust its issuer'),
    ofMixed,
    'assertion_issuer_untrusted',
  ),
  presented(good('seen by an api'), ({ world }) => ofMixedAtB(world), 'accept', { apiTrusts: 'mixed' }),
  presented(
    titles('T6')('seen by an api, at one that does not trust its issuer'),
    ({ world }) => ofMixedAtB(world),
    'token_invalid',
  ),
  presented(good('of a user, seen by api a'), own, 'accept', { apiTrusts: 'users' }),
  presented(titles('T34')('of a user, seen by api a, at api b'), own, 'token_undelegated'),
]

/** What is made of a token that was accepted before: nothing counts as known but this very token's signature. */
export const seenToken: Category = {
  name: 'seen token',
  attacks: [...controls, ...changes, ...circumstances, ...others],
}
