import type { LooseObject } from '../../signing-key.ts'
import type { ApiOutcome, Attack, Category } from '../attack.ts'
import { presented, titles } from '../build.ts'
import type { Forge } from '../forge.ts'

const title = titles('T34')

const assertionOf = (forge: Forge): LooseObject => {
  const { assertion } = forge.claims()
  return typeof assertion === 'object' && assertion !== null ? { ...assertion } : {}
}

const withAssertion = (forge: Forge, changes: LooseObject): LooseObject => ({
  assertion: { ...assertionOf(forge), ...changes },
})

type Changes = (forge: Forge) => LooseObject

const undelegated: Readonly<Record<string, Changes>> = {
  'plain machine token': () => ({ sub: '0oaApiA', act: undefined, assertion: undefined }),
  'machine token with an act': () => ({ sub: '0oaApiA', assertion: undefined }),
  'machine token with an assertion': () => ({ sub: '0oaApiA', act: undefined }),
  'token that a user holds': () => ({ cid: '0oaSpa', uid: '00uAnn', act: undefined, assertion: undefined }),
  'delegated without act': () => ({ act: undefined }),
  'delegated without assertion': () => ({ assertion: undefined }),
  'subject is the client': (forge) => ({ sub: '0oaApiA', ...withAssertion(forge, { sub: '0oaApiA' }) }),
}

const mismatched: Readonly<Record<string, readonly [ApiOutcome, Changes]>> = {
  'actor is another client': ['actor_mismatch', () => ({ act: { sub: '0oaOther', sub_profile: 'service' } })],
  'actor in other case': ['actor_mismatch', () => ({ act: { sub: '0oaapia' } })],
  'actor with a longer name': ['actor_mismatch', () => ({ act: { sub: '0oaApiAA' } })],
  'client inside, another outside': [
    'actor_mismatch',
    () => ({ act: { sub: '0oaOther', act: { sub: '0oaApiA' } } }),
  ],
  'client missing': ['actor_mismatch', () => ({ cid: undefined })],
  'client a list': ['actor_mismatch', () => ({ cid: ['0oaApiA'] })],
  'client in client_id alone': ['actor_mismatch', () => ({ cid: undefined, client_id: '0oaApiA' })],
  'subject is another user': [
    'subject_mismatch',
    (forge) => ({ sub: 'eve@example.com', assertion: assertionOf(forge) }),
  ],
  'subject in other case': [
    'subject_mismatch',
    (forge) => ({ sub: 'Ann@example.com', assertion: assertionOf(forge) }),
  ],
  'assertion of another user': [
    'subject_mismatch',
    (forge) => withAssertion(forge, { sub: 'eve@example.com' }),
  ],
  'assertion without sub': ['token_invalid', (forge) => withAssertion(forge, { sub: undefined })],
  'assertion without iss': ['token_invalid', (forge) => withAssertion(forge, { iss: undefined })],
  'assertion without exp': ['token_invalid', (forge) => withAssertion(forge, { exp: undefined })],
  'assertion with a text as exp': ['token_invalid', (forge) => withAssertion(forge, { exp: '9999999999' })],
  'assertion with exp 1e308': ['token_invalid', (forge) => withAssertion(forge, { exp: 1e308 })],
  'assertion with a fraction as exp': [
    'token_invalid',
    (forge) => withAssertion(forge, { exp: forge.nowSeconds + 60.5 }),
  ],
  'assertion ended': ['token_expired', (forge) => withAssertion(forge, { exp: forge.nowSeconds - 5 })],
  'assertion ends this second': ['token_expired', (forge) => withAssertion(forge, { exp: forge.nowSeconds })],
  'assertion as text': ['token_invalid', () => ({ assertion: 'eyJhbGciOiJub25lIn0' })],
  'assertion a list': ['token_invalid', (forge) => ({ assertion: [assertionOf(forge)] })],
  'assertion null': ['token_invalid', () => ({ assertion: null })],
  'assertion empty': ['token_invalid', () => ({ assertion: {} })],
  'for another audience': ['token_invalid', () => ({ aud: 'api://a' })],
  "the user's own token": ['token_invalid', () => ({ aud: 'api://a', cid: '0oaSpa', act: undefined })],
  'scopes as text': ['token_invalid', () => ({ scp: 'orders:read' })],
  'scopes with a number': ['token_invalid', () => ({ scp: [7] })],
  'no scopes': ['insufficient_scope', () => ({ scp: undefined })],
  'another scope': ['insufficient_scope', () => ({ scp: ['orders:write'] })],
  'scope in other case': ['insufficient_scope', () => ({ scp: ['ORDERS:READ'] })],
  'scope as a prefix': ['insufficient_scope', () => ({ scp: ['orders:read:all'] })],
  "scope of the assertion's": [
    'insufficient_scope',
    (forge) => ({ scp: [], ...withAssertion(forge, { scp: ['orders:read'] }) }),
  ],
  'scope of an inner actor': [
    'insufficient_scope',
    () => ({ scp: [], act: { sub: '0oaApiA', scp: ['orders:read'], act: { sub: '0oaRoot' } } }),
  ],
  'bound to a key, without proof': ['token_invalid', () => ({ cnf: { jkt: 'thumbprint' } })],
  'bound in an unknown way': ['token_invalid', () => ({ cnf: {} })],
  'actor that is not allowed': [
    'actor_not_allowed',
    () => ({ cid: '0oaStranger', act: { sub: '0oaStranger', sub_profile: 'service' } }),
  ],
  'actor that is not allowed, an allowed one inside': [
    'actor_not_allowed',
    () => ({ cid: '0oaStranger', act: { sub: '0oaStranger', act: { sub: '0oaApiA' } } }),
  ],
}

const good: readonly Attack[] = [
  presented(titles('control')('delegated token'), (forge) => forge.sign(), 'accept'),
  presented(
    titles('control')('delegated token with a chain'),
    (forge) => forge.sign({ act: { sub: '0oaApiA', act: { sub: '0oaFront' } } }),
    'accept',
  ),
  presented(
    titles('control')('delegated token for several audiences'),
    (forge) => forge.sign({ aud: ['api://b', 'api://c'] }),
    'accept',
  ),
]

/** Tokens that Okta issues, or could be made to issue, that API B must not take for a delegation. */
export const api: Category = {
  name: 'api b',
  attacks: [
    ...Object.entries(undelegated).map(([name, changes]) =>
      presented(title(name), (forge) => forge.sign(changes(forge)), 'token_undelegated'),
    ),
    ...Object.entries(mismatched).map(([name, [code, changes]]) =>
      presented(title(name), (forge) => forge.sign(changes(forge)), code),
    ),
    presented(title('empty token'), () => '', 'token_missing'),
    ...good,
  ],
}
