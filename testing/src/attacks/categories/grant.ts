import type { Attack, Category, DelegatedClaims } from '../attack.ts'
import { exchanged, oktaCall, requested, sent, titles } from '../build.ts'
import { assertionForge } from '../forge.ts'

const failOpen = titles('T25')
const longer = titles('T28')
const wider = titles('T33')

/** Requests for which commands would be dropped, and with them the denial of anything. */
const inapplicable: readonly Attack[] = [
  requested(
    failOpen('no access token', 'the event mints no access token that could be patched'),
    (event) => Object.assign(event.data, { access: undefined }),
    'patch_inapplicable',
  ),
  requested(
    failOpen('access token null'),
    (event) => Object.assign(event.data, { access: null }),
    'patch_inapplicable',
  ),
  requested(
    failOpen('no sub to replace', 'the machine token has no sub'),
    (event) => {
      delete event.data.access.claims['sub']
    },
    'permit',
  ),
  requested(
    failOpen('no lifetime to replace'),
    (event) => {
      Object.assign(event.data.access, { token: {} })
    },
    'permit',
    {
      inspect: ({ lifetimeSeconds }) =>
        lifetimeSeconds === undefined ? undefined : 'the lifetime is patched',
    },
  ),
  requested(
    failOpen('no claims', 'the access token shows no claims'),
    (event) => Object.assign(event.data.access, { claims: undefined }),
    'permit',
  ),
]

const lifetimeIs =
  (low: number, high: number) =>
  ({ lifetimeSeconds }: DelegatedClaims): string | undefined =>
    typeof lifetimeSeconds === 'number' && lifetimeSeconds >= low && lifetimeSeconds <= high
      ? undefined
      : `the lifetime is not from ${low} to ${high}`

const unchanged = ({ lifetimeSeconds }: DelegatedClaims): string | undefined =>
  lifetimeSeconds === undefined ? undefined : 'the lifetime is patched'

/** How long the assertion goes on, and what becomes of a lifetime of an hour. */
const lifetimes: readonly Attack[] = [
  ...[86_400, 31_536_000, 3_700].map((seconds) =>
    exchanged(
      longer(`assertion of ${seconds} seconds`),
      (forge) => forge.sign({ exp: forge.nowSeconds + seconds }),
      'permit',
      { inspect: unchanged },
    ),
  ),
  exchanged(
    longer('assertion of half an hour'),
    (forge) => forge.sign({ exp: forge.nowSeconds + 1_800 }),
    'permit',
    { inspect: lifetimeIs(1_770, 1_800) },
  ),
  ...[10, 60, 299].map((seconds) =>
    exchanged(
      longer(`assertion of ${seconds} seconds`, `${seconds} seconds are left, Okta's floor is 300`),
      (forge) => forge.sign({ exp: forge.nowSeconds + seconds }),
      'permit',
      { inspect: lifetimeIs(300, 300) },
    ),
  ),
  exchanged(longer('assertion in the year 9999'), (forge) => forge.sign({ exp: 253_402_300_799 }), 'permit', {
    inspect: unchanged,
  }),
  ...[300, 299, 60, 0, -1, 1.5].map((lifetimeSeconds) =>
    requested(
      longer(
        `lifetime of ${lifetimeSeconds} already`,
        `the token would live ${lifetimeSeconds} seconds anyway`,
      ),
      () => undefined,
      'permit',
      { event: { lifetimeSeconds }, inspect: unchanged },
    ),
  ),
  requested(
    longer('lifetime beyond what okta allows'),
    (event) => {
      event.data.access.token.lifetime.expiration = 31_536_000
    },
    'permit',
    { inspect: lifetimeIs(300, 3_600) },
  ),
]

const scopes: Readonly<Record<string, readonly unknown[]>> = {
  'another scope': ['orders:write'],
  'one more': ['orders:read', 'orders:write'],
  'upper case': ['ORDERS:READ'],
  prefix: ['orders'],
  'longer name': ['orders:read:all'],
  'space after': ['orders:read '],
  'two in one': ['orders:read orders:write'],
  wildcard: ['*'],
  constructor: ['constructor'],
  __proto__: ['__proto__'],
  none: [],
}

const widening: readonly Attack[] = [
  ...Object.entries(scopes).map(([name, list]) =>
    requested(
      wider(`scope ${name}`, `the token is minted with scopes that the client may not have: ${name}`),
      (event) => {
        event.data.access.claims['scp'] = list
        event.data.access.scopes = {}
        event.data.context.protocol.request['scope'] = undefined
      },
      'scope_not_permitted',
    ),
  ),
  requested(
    wider('scope among those granted', 'scp is right, the granted scopes name one more'),
    (event) => {
      event.data.access.scopes['orders:write'] = { id: 'orders:write', action: 'GRANT' }
    },
    'scope_not_permitted',
  ),
  requested(
    wider('scope in the request', 'scp is right, the request asked for more'),
    (event) => {
      event.data.context.protocol.request['scope'] = 'orders:read admin'
    },
    'scope_not_permitted',
  ),
  requested(
    wider('scp as text'),
    (event) => {
      event.data.access.claims['scp'] = 'orders:read admin'
    },
    'scope_not_permitted',
  ),
  ...Object.entries({
    object: { 'orders:read': true },
    number: 7,
    'list with a number': ['orders:read', 7],
  }).map(([name, scp]) =>
    requested(
      wider(`scp ${name}`),
      (event) => {
        event.data.access.claims['scp'] = scp
      },
      'request_malformed',
    ),
  ),
  sent(
    wider('scopes of the assertion', 'the assertion has more scopes than the token being minted'),
    (world) =>
      oktaCall(world, {
        assertion: assertionForge(world).sign({ scp: ['admin', 'orders:write'], aud: 'api://a' }),
      }),
    'permit',
  ),
  exchanged(
    wider('audience of the assertion', 'the assertion is for api b as well'),
    (forge) => forge.sign({ aud: ['api://a', 'api://b'] }),
    'permit',
  ),
]

/** What a permit may change: never a longer life, never another scope or audience, never what Okta would drop. */
export const grant: Category = { name: 'grant', attacks: [...inapplicable, ...lifetimes, ...widening] }
