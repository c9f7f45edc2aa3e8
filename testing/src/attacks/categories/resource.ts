import type { HookEvent } from '../../hook-event.ts'
import type { Attack, Category, DelegatedClaims } from '../attack.ts'
import { requested, titles } from '../build.ts'
import { byApiB, hopToken, ownToken, protectedExchange } from '../build-protected.ts'
import { orders, placeholder, stock } from '../setup.ts'

const title = titles('T42')
const named = (resource: string, name = 'assertion_resource'): string =>
  `&${name}=${encodeURIComponent(resource)}`

const audienceIs =
  (aud: string) =>
  (delegated: DelegatedClaims): string | undefined =>
    delegated.aud === aud ? undefined : 'the token is for another API'

const permitted: readonly Attack[] = [
  protectedExchange(title('the only one'), ownToken(), 'permit', { inspect: audienceIs(orders) }),
  protectedExchange(title('the only one, named'), ownToken(), 'permit', {
    query: named(orders),
    inspect: audienceIs(orders),
  }),
  protectedExchange(title('one of two'), ownToken(), 'permit', {
    clientId: '0oaBoth',
    scopes: ['stock:read'],
    query: named(stock),
    inspect: audienceIs(stock),
  }),
]

/** What API A, or a client of two APIs, may write behind the assertion. */
const queries: Readonly<Record<string, string>> = {
  unknown: named('https://unknown.example'),
  empty: '&assertion_resource=',
  'without a value': '&assertion_resource',
  'the placeholder': named(placeholder),
  'the authorization server': named('https://example.okta.com/oauth2/default'),
  'a name of the prototype': named('constructor'),
  'with a slash': named(`${orders}/`),
  'in upper case': named(orders.toUpperCase()),
  'with a blank': named(`${orders} `),
  'two in one': named(`${orders} ${stock}`),
  'a list': named(JSON.stringify([orders])),
  'twice the same': named(orders) + named(orders),
  two: named(orders) + named(stock),
  'twice, once escaped': named(orders) + named(stock, '%61ssertion%5Fresource'),
  'badly escaped': '&assertion_resource=%zz',
  'escaped beyond ascii': '&assertion_resource=%c3%28',
  resource: named(orders, 'resource'),
  'resource escaped': named(orders, '%72%65%73%6f%75%72%63%65'),
  'resource without a value': '&resource',
  audience: named(orders, 'audience'),
  'audience escaped': named(orders, 'audienc%65'),
  'audience beside ours': named(orders) + named(stock, 'audience'),
}

const unclear: readonly Attack[] = [
  ...Object.entries(queries).map(([name, query]) =>
    protectedExchange(title(`resource ${name}`, `the URL names ${name}`), ownToken(), 'resource_invalid', {
      clientId: '0oaBoth',
      query,
    }),
  ),
  protectedExchange(title('none of two'), ownToken(), 'resource_invalid', { clientId: '0oaBoth' }),
  protectedExchange(title('one that the client may not have'), ownToken(), 'client_not_permitted', {
    query: named(stock),
    scopes: ['stock:read'],
  }),
  ...Object.entries({
    resource: named(orders, 'resource'),
    audience: named(orders, 'audience'),
    ours: named(orders),
  }).map(([name, query]) =>
    requested(
      title(`${name} where none are configured`),
      ({ data }) => {
        data.context.request.url.value += query
      },
      'resource_invalid',
    ),
  ),
]

const scopes: Readonly<Record<string, readonly string[]>> = {
  'of another resource': ['stock:read'],
  'one more of another resource': ['orders:read', 'stock:read'],
  'of no resource': ['orders:read', 'admin'],
  'in other case': ['Orders:read'],
  'of the prototype': ['constructor'],
  __proto__: ['__proto__'],
}

const granted: readonly Attack[] = [
  ...Object.entries(scopes).map(([name, list]) =>
    protectedExchange(title(`scope ${name}`), ownToken(), 'scope_not_permitted', { scopes: list }),
  ),
  protectedExchange(
    title('scope that okta added', 'a default scope of another resource, which nobody asked for'),
    ownToken(),
    'scope_not_permitted',
    {
      edit: ({ data }) => {
        data.access.scopes['stock:read'] = { id: 'stock:read', action: 'GRANT' }
      },
    },
  ),
  ...Object.entries({
    'nothing of what it needs': ['openid'],
    'half of what it needs': ['orders'],
    'longer names of what it needs': ['orders.all', 'a:write.all'],
    'what it needs in one name': ['orders a:write'],
    'no scopes': undefined,
    'a text in place of a list': 'ordersa:write',
  }).map(([name, scp]) =>
    protectedExchange(
      title(`scope with ${name}`),
      ownToken(() => ({ scp })),
      'scope_not_permitted',
      { scopes: ['orders:write'] },
    ),
  ),
  protectedExchange(
    title('scope with all that it needs'),
    ownToken(() => ({ scp: ['openid', 'a:write', 'orders'] })),
    'permit',
    { scopes: ['orders:read', 'orders:write'] },
  ),
  protectedExchange(
    title(
      'scope that needs another issuer\u2019s',
      'at a later hop the presented token is the delegation server\u2019s',
    ),
    hopToken(() => ({ scp: ['orders', 'a:write'], act: { sub: '0oaFront' }, cid: '0oaFront' })),
    'scope_not_permitted',
    { clientId: '0oaBack', scopes: ['orders:write'] },
  ),
]

const audiences: Readonly<Record<string, unknown>> = {
  'of the resource': orders,
  'of another resource': stock,
  'of api a': 'api://a',
  'like the placeholder': `${placeholder}/`,
  'the placeholder in upper case': placeholder.toUpperCase(),
  'a list of the placeholder': [placeholder],
  'a list with the resource': [placeholder, orders],
  missing: undefined,
  null: null,
  empty: '',
  object: { aud: placeholder },
}

const lifetimes: Readonly<Record<string, (event: HookEvent) => unknown>> = {
  'no token': ({ data }) => Object.assign(data.access, { token: undefined }),
  'no lifetime': ({ data }) => Object.assign(data.access, { token: {} }),
  'no expiration': ({ data }) => Object.assign(data.access.token, { lifetime: {} }),
}

/** Events for which Okta's failing open would end in a token that some API accepts, or that lives too long. */
const unprotected: readonly Attack[] = [
  ...Object.entries(audiences).map(([name, aud]) =>
    protectedExchange(title(`audience ${name}`), ownToken(), 'resource_unprotected', {
      accessClaims: { aud },
    }),
  ),
  ...Object.entries(lifetimes).map(([name, edit]) =>
    protectedExchange(title(`event with ${name}`), ownToken(), 'resource_unprotected', { edit }),
  ),
  protectedExchange(title('next hop of an unprotected server'), hopToken(), 'resource_unprotected', {
    ...byApiB,
    accessClaims: { aud: stock },
  }),
]

/** Which API a token is for: said, never guessed, and only where a plain token would be nobody's. */
export const resource: Category = {
  name: 'resource',
  attacks: [...permitted, ...unclear, ...granted, ...unprotected],
}
