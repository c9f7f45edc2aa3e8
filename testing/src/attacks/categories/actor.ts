import type { LooseObject } from '../../signing-key.ts'
import type { Attack, Category } from '../attack.ts'
import { chained, exchanged, presented, requested, titles } from '../build.ts'
import { type Forge, signParts } from '../forge.ts'

const title = titles('T11')

const okta = 'https://example.okta.com/oauth2/default'

const othersMayAct: Readonly<Record<string, unknown>> = {
  'another client': { sub: '0oaOther' },
  'other case': { sub: '0OAAPIA' },
  'space after': { sub: '0oaApiA ' },
  prefix: { sub: '0oaApi' },
  'longer name': { sub: '0oaApiAA' },
  'list of subs': { sub: ['0oaApiA'] },
  'object as sub': { sub: { sub: '0oaApiA' } },
  text: '0oaApiA',
  'list of actors': [{ sub: '0oaApiA' }],
  'list of names': ['0oaApiA'],
  null: null,
  true: true,
  empty: {},
  wildcard: { sub: '*' },
  'without sub': { iss: okta },
  'client_id instead of sub': { client_id: '0oaApiA' },
  'another issuer': { sub: '0oaApiA', iss: 'https://evil.example' },
  'issuer with a slash': { sub: '0oaApiA', iss: `${okta}/` },
  'issuer of wrong type': { sub: '0oaApiA', iss: [okta] },
  'issuer null': { sub: '0oaApiA', iss: null },
  'actor in another actor': { sub: '0oaOther', act: { sub: '0oaApiA' } },
  'chain that is asked for': { sub: '0oaApiA', act: { sub: '0oaFront' } },
  'another kind of party': { sub: '0oaApiA', sub_profile: 'ai_agent' },
}

const mayAct: readonly Attack[] = [
  ...Object.entries(othersMayAct).map(([name, value]) =>
    exchanged(
      title(`may_act ${name}`, `may_act: ${name}`),
      (forge) => forge.sign({ may_act: value }),
      'actor_not_permitted',
    ),
  ),
  exchanged(
    title('may_act names the client'),
    (forge) => forge.sign({ may_act: { sub: '0oaApiA' } }),
    'permit',
  ),
  exchanged(
    title('may_act names client and issuer'),
    (forge) => forge.sign({ may_act: { sub: '0oaApiA', iss: okta } }),
    'permit',
  ),
  exchanged(
    title('may_act names the client, a service'),
    (forge) => forge.sign({ may_act: { sub: '0oaApiA', sub_profile: 'service' } }),
    'permit',
  ),
]

const malformedActors: Readonly<Record<string, unknown>> = {
  text: '0oaFront',
  list: [{ sub: '0oaFront' }],
  null: null,
  number: 1,
  true: true,
  empty: {},
  'without sub': { iss: okta },
  'sub null': { sub: null },
  'sub empty': { sub: '' },
  'sub a number': { sub: 7 },
  'sub a list': { sub: ['0oaFront'] },
  'sub with a newline': { sub: '0oaFront\n' },
  'sub too long': { sub: 'a'.repeat(256) },
  'iss a list': { sub: '0oaFront', iss: [okta] },
  'iss empty': { sub: '0oaFront', iss: '' },
  'sub_profile an object': { sub: '0oaFront', sub_profile: {} },
  'prior actor text': { sub: '0oaFront', act: '0oaEdge' },
  'prior actor null': { sub: '0oaFront', act: null },
  'prior actor without sub': { sub: '0oaFront', act: { sub_profile: 'service' } },
  'prior actor a list': { sub: '0oaFront', act: [] },
}

const chain = (depth: number, innermost: LooseObject = {}): LooseObject =>
  depth <= 1
    ? { sub: `0oaActor${depth}`, ...innermost }
    : { sub: `0oaActor${depth}`, act: chain(depth - 1, innermost) }

const act: readonly Attack[] = [
  ...Object.entries(malformedActors).flatMap(([name, value]) => [
    chained(
      title(`act ${name}`, `act of the assertion: ${name}`),
      (forge) => forge.sign({ act: value }),
      'actor_not_permitted',
    ),
    presented(
      title(`act ${name} at api b`, `act: ${name}`),
      (forge) => forge.sign({ act: value }),
      'token_invalid',
    ),
  ]),
  ...[4, 5, 8, 14].map((depth) =>
    chained(
      title(`chain of ${depth}`, `the assertion names ${depth} actors already`),
      (forge) => forge.sign({ act: chain(depth) }),
      'actor_chain_too_deep',
    ),
  ),
  chained(
    title('chain of 20', 'a chain deeper than JSON may be'),
    (forge) => forge.sign({ act: chain(20) }),
    'assertion_malformed',
  ),
  chained(title('chain of 300'), (forge) => forge.sign({ act: chain(300) }), 'assertion_malformed'),
  ...[5, 9].map((depth) =>
    presented(
      title(`chain of ${depth} at api b`),
      (forge) => forge.sign({ act: { sub: '0oaApiA', act: chain(depth - 1) } }),
      'actor_chain_too_deep',
    ),
  ),
  chained(title('chain of three'), (forge) => forge.sign({ act: chain(3) }), 'permit', {
    inspect: ({ act: delegated }) => expectActor(delegated, { ...current, act: vouched(chain(3)) }),
  }),
]

const server = 'https://example.okta.com/oauth2/default'
const current = { iss: server, sub: '0oaApiA', sub_profile: 'service' }

/** What says nothing of who vouched for it is of the issuer of the token that it stands in. */
function vouched({ act: prior, ...identity }: LooseObject): LooseObject {
  return { iss: delegating, ...identity, ...(isActor(prior) ? { act: vouched(prior) } : {}) }
}

function isActor(value: unknown): value is LooseObject {
  return typeof value === 'object' && value !== null
}

const delegating = 'the issuer of the presented token'

function expectActor(found: unknown, expected: unknown): string | undefined {
  const named = JSON.stringify(found)?.replaceAll(/http:\/\/127\.0\.0\.1:\d+\/oauth2\/default/g, delegating)
  return named === JSON.stringify(expected) ? undefined : 'act is not the expected chain'
}

const stuffing = {
  exp: 1,
  aud: 'api://b',
  scp: ['admin'],
  scope: 'admin',
  cid: '0oaRoot',
  email: 'eve@example.com',
  constructor: { prototype: { polluted: true } },
  toString: 'x',
}

const onlyIdentity = (forge: Forge, stuffed: string): string => {
  const claims = JSON.stringify(forge.claims({ act: 'RAW' })).replace('"RAW"', stuffed)
  return signParts(forge.key, '{"alg":"RS256","kid":"key-1"}', claims)
}

const stuffed: readonly Attack[] = [
  chained(
    title('act with members that are no identity'),
    (forge) => forge.sign({ act: { sub: '0oaFront', ...stuffing } }),
    'permit',
    { inspect: ({ act: found }) => expectActor(found, { ...current, act: vouched({ sub: '0oaFront' }) }) },
  ),
  chained(
    title('prior actor with members that are no identity'),
    (forge) => forge.sign({ act: { sub: '0oaFront', act: { sub: '0oaEdge', ...stuffing } } }),
    'permit',
    {
      inspect: ({ act: found }) =>
        expectActor(found, { ...current, act: vouched({ sub: '0oaFront', act: { sub: '0oaEdge' } }) }),
    },
  ),
  chained(
    title('act with __proto__'),
    (forge) => onlyIdentity(forge, '{"sub":"0oaFront","__proto__":{"act":{"sub":"0oaRoot"}}}'),
    'permit',
    { inspect: ({ act: found }) => expectActor(found, { ...current, act: vouched({ sub: '0oaFront' }) }) },
  ),
  chained(
    title('act whose sub is inherited'),
    (forge) => onlyIdentity(forge, '{"__proto__":{"sub":"0oaFront"}}'),
    'actor_not_permitted',
  ),
]

/** The caller can put nothing into the event, but another hook or a claim of the server can. */
const inTheEvent: readonly Attack[] = [
  requested(
    title('act in the event', 'the token being minted has an act already'),
    (event) => {
      event.data.access.claims['act'] = { sub: '0oaRoot' }
    },
    'permit',
    { inspect: ({ act: found }) => expectActor(found, current) },
  ),
  requested(
    title('assertion in the event', 'the token being minted has a claim assertion already'),
    (event) => {
      event.data.access.claims['assertion'] = { sub: 'eve@example.com' }
    },
    'permit',
  ),
]

/** Who may act, and who has acted: nobody is added, dropped or believed that the issuer did not name. */
export const actor: Category = { name: 'actor', attacks: [...mayAct, ...act, ...stuffed, ...inTheEvent] }
