import type { LooseObject } from '../../signing-key.ts'
import type { Attack, Category, DelegatedClaims } from '../attack.ts'
import { titles } from '../build.ts'
import {
  byApiB,
  firstClaims,
  hopToken,
  ownToken,
  presentedInChain,
  protectedExchange,
  throughout,
} from '../build-protected.ts'
import { chainForge } from '../forge.ts'
import { orders } from '../setup.ts'
import type { World } from '../world.ts'

const title = titles('T38')

/** Who could pretend to vouch for a user, besides those that do. */
const vouching: Readonly<Record<string, (world: World) => unknown>> = {
  'the delegation server': (world) => world.delegating.issuer,
  'an issuer that nobody knows': (world) => world.stranger.issuer,
  'an issuer by its prefix': (world) => world.okta.issuer.slice(0, -1),
  'an issuer with a slash': (world) => `${world.okta.issuer}/`,
  'the name of a member': () => 'constructor',
}
const unreadable: Readonly<Record<string, unknown>> = {
  'no issuer': undefined,
  'a list': ['https://example.okta.com'],
  'an empty issuer': '',
}

const origins: readonly Attack[] = [
  ...Object.entries(vouching).map(([name, iss]) =>
    throughout(
      title(`vouched for by ${name}`),
      (world) => ({ assertion: firstClaims(world, { iss: iss(world) }) }),
      'assertion_issuer_untrusted',
      'token_invalid',
    ),
  ),
  ...Object.entries(unreadable).map(([name, iss]) =>
    throughout(
      title(`vouched for by ${name}`),
      (world) => ({ assertion: firstClaims(world, { iss }) }),
      'assertion_type_unsupported',
      'token_invalid',
    ),
  ),
  protectedExchange(
    title(
      'a client for our people, and a partner\u2019s in a chain',
      'binding looks at who vouched for the user',
    ),
    hopToken((world) => ({
      sub: 'partner|ann@example.com',
      assertion: firstClaims(world, { iss: world.partner.issuer }),
    })),
    'client_not_permitted',
    { ...byApiB, clientId: '0oaOwn' },
  ),
  protectedExchange(title('a client for our people, and one of ours in a chain'), hopToken(), 'permit', {
    ...byApiB,
    clientId: '0oaOwn',
  }),
]

/** Claims that only this product writes, in tokens that an issuer of users has signed. */
const written: Readonly<Record<string, LooseObject>> = {
  act: { act: { sub: '0oaApiA' } },
  'act and assertion': { cid: '0oaFront', act: { sub: '0oaFront' }, assertion: { sub: 'ceo@example.com' } },
  assertion: { assertion: { iss: 'https://example.okta.com', sub: 'ceo@example.com', exp: 4_102_444_800 } },
  'assertion null': { assertion: null },
  'act null': { act: null },
}

const shapes: readonly Attack[] = [
  ...Object.entries(written).map(([name, claims]) =>
    protectedExchange(
      title(`user\u2019s token with ${name}`),
      ownToken(() => claims),
      'assertion_type_unsupported',
    ),
  ),
  protectedExchange(
    title('user\u2019s token of the delegation server', 'it issues nothing but delegated tokens'),
    (world) => chainForge(world).sign({ aud: orders, act: undefined, assertion: undefined, uid: '00uAnn' }),
    'assertion_type_unsupported',
    byApiB,
  ),
  protectedExchange(
    title('plain token of the delegation server'),
    (world) =>
      chainForge(world).sign({
        aud: orders,
        act: undefined,
        assertion: undefined,
        cid: '0oaApiA',
        sub: '0oaApiA',
      }),
    'assertion_subject_machine',
    byApiB,
  ),
  throughout(
    title('ended first token', 'the delegated token goes on, what it was made of does not'),
    (world) => ({ assertion: firstClaims(world, { exp: world.nowSeconds - 1 }) }),
    'assertion_expired',
    'token_expired',
  ),
]

const conserved =
  (name: string, value: unknown) =>
  ({ assertion }: DelegatedClaims): string | undefined =>
    JSON.stringify(Reflect.get(Object(assertion), name)) === JSON.stringify(value)
      ? undefined
      : `${name} of the first token is not conserved`

const forApiA = { sub: '0oaApiA' }

const mayAct: readonly Attack[] = [
  protectedExchange(
    title('may_act at the first hop'),
    ownToken(() => ({ may_act: forApiA })),
    'permit',
    { inspect: conserved('may_act', forApiA) },
  ),
  protectedExchange(
    title('may_act of another at the second hop'),
    hopToken((world) => ({ assertion: firstClaims(world, { may_act: forApiA }) })),
    'actor_not_permitted',
    byApiB,
  ),
  protectedExchange(
    title('may_act at the top of a delegated token', 'says nothing; the first token does'),
    hopToken((world) => ({
      may_act: { sub: '0oaApiB' },
      assertion: firstClaims(world, { may_act: forApiA }),
    })),
    'actor_not_permitted',
    byApiB,
  ),
  protectedExchange(
    title('may_act of the presenter at the second hop'),
    hopToken((world) => ({ assertion: firstClaims(world, { may_act: { sub: '0oaApiB' } }) })),
    'permit',
    { ...byApiB, inspect: conserved('may_act', { sub: '0oaApiB' }) },
  ),
]

const evil = 'https://evil.example/oauth2/default'

const actors: readonly Attack[] = [
  throughout(
    title('actor vouched for by another issuer'),
    () => ({ act: { iss: evil, sub: '0oaApiA', sub_profile: 'service' } }),
    'actor_not_permitted',
    'actor_mismatch',
  ),
  throughout(
    title('actor that the token was not issued to'),
    (world) => ({ cid: '0oaOther', act: { iss: world.delegating.issuer, sub: '0oaApiA' } }),
    'actor_not_permitted',
    'actor_mismatch',
  ),
  protectedExchange(
    title('prior actor named like ours by a foreign issuer'),
    hopToken((world) => ({
      act: { iss: world.delegating.issuer, sub: '0oaApiA', act: { iss: evil, sub: '0oaOwn' } },
    })),
    'permit',
    {
      ...byApiB,
      inspect: ({ act }) =>
        JSON.stringify(act).includes(JSON.stringify({ iss: evil, sub: '0oaOwn' }))
          ? undefined
          : 'the prior actor has lost who vouched for it',
    },
  ),
  presentedInChain(
    title('prior actor that may call', 'only the outermost actor counts'),
    (world) => ({
      cid: '0oaApiC',
      act: { iss: world.delegating.issuer, sub: '0oaApiC', act: { sub: '0oaApiA' } },
    }),
    'actor_not_allowed',
  ),
]

/** A chain launders nothing: whose user it is, who may act and who vouched stay those of the first token. */
export const origin: Category = { name: 'origin', attacks: [...origins, ...shapes, ...mayAct, ...actors] }
