import type { Attack, Category } from '../attack.ts'
import { forged, requested, titles } from '../build.ts'
import { type Forge, partsOf, tampered, withSignature } from '../forge.ts'

const good = titles('control')
const changed = titles('T1')

/** One token a side, presented before all that is made of it. */
const seen = (forge: Forge): string =>
  forge.world.reuse(`seen at ${forge.audience}`, () => forge.sign({ jti: 'AT.seen' }))

const controls: readonly Attack[] = [
  forged(good('seen for the first time'), seen, 'permit'),
  forged(good('seen again'), seen, 'permit'),
]

/** What is no longer the token whose signature held, and looks like it as far as possible. */
const changes: readonly Attack[] = [
  forged(changed('one character less'), (forge) => seen(forge).slice(0, -1), 'assertion_malformed'),
  forged(changed('one character more'), (forge) => `${seen(forge)}A`, 'assertion_signature_invalid'),
  forged(changed('a blank behind'), (forge) => `${seen(forge)} `, 'assertion_malformed'),
  forged(
    changed('other claims'),
    (forge) => tampered(seen(forge), { sub: 'root@example.com' }),
    'assertion_signature_invalid',
  ),
  forged(
    changed('other signature'),
    (forge) => withSignature(seen(forge), (signature) => Buffer.from(signature).reverse()),
    'assertion_signature_invalid',
  ),
  forged(
    changed('without signature'),
    (forge) => `${partsOf(seen(forge)).slice(0, 2).join('.')}.`,
    'assertion_signature_invalid',
  ),
]

/** What is the request's own is judged with every request. */
const circumstances: readonly Attack[] = [
  requested(titles('T13')('a client that may not'), () => undefined, 'client_not_permitted', {
    event: { clientId: '0oaNobody' },
  }),
  forged(good('seen at last'), seen, 'permit'),
]

/** What is made of a token that was accepted before: nothing counts as known but this very token's signature. */
export const seenToken: Category = {
  name: 'seen token',
  attacks: [...controls, ...changes, ...circumstances],
}
