import type { Attack, Category } from '../attack.ts'
import { titles } from '../build.ts'
import { asking, goodDelegated, requestBytes, type SentHeaders, toldBy } from '../build-sidecar.ts'
import { assertionForge, delegatedForge, nonCanonical, tampered } from '../forge.ts'
import type { World } from '../world.ts'

const title = titles('T53')

/** Ways in which programs behind a proxy could read a path of `/admin`, or another than was checked. */
const paths: readonly string[] = [
  '/admin',
  '/Admin',
  '/ADMIN/users',
  '/adm%C4%B1n',
  '/%EF%BD%81dmin',
  '/admin.json',
  '/admin.',
  '/admin%20',
  '/admin%20/users',
  '/admin//users',
  '//admin',
  '///admin',
  '/./admin',
  '/public/../admin',
  '/public/..',
  '/public/..;/admin',
  '/public;/../admin',
  '/public;a=b',
  '/public%3Ba=b',
  '/public/%2e%2e/admin',
  '/public/.%2E/admin',
  '/public/%252e%252e/admin',
  '/public%2f..%2fadmin',
  '/public%2Fx',
  '/public%5c..%5cadmin',
  '/public\\..\\admin',
  '/public/%EF%BC%8E%EF%BC%8E/admin',
  '/public%EF%BC%8F..%EF%BC%8Fadmin',
  '/public/%c0%ae%c0%ae/admin',
  '/public/%ff',
  '/public/%00',
  '/public/%0d%0a',
  '/public/%',
  '/public/%zz',
  '/public#/admin',
  '/public%23',
  '/public%3fx',
  '/%61dmin',
  '/%70ublic',
  'http://api/public',
  'http://api/admin',
  'public',
  '*',
  '',
  '/public, /admin',
]

/** Names that some servers make the same variable of as of `x-behalf-subject`. */
const likeOurs: readonly string[] = [
  'x-behalf-subject',
  'X-BEHALF-SUBJECT',
  'X_Behalf_Subject',
  'x-behalf_subject',
  'x_behalf-subject',
  'x.behalf.subject',
  'X-Behalf.Subject',
  'x~behalf~subject',
  "x'behalf|subject",
  'x-behalf-new',
]

const otherRequests: SentHeaders = [
  ['X-Original-URL', '/public'],
  ['x_original_url', '/public'],
  ['X-Rewrite-URL', '/public'],
  ['X-Script-Name', '/public'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['x.http.method.override', 'DELETE'],
  ['X-HTTP-Method', 'DELETE'],
  ['X-Method-Override', 'DELETE'],
]

const filling: SentHeaders = Array.from(
  { length: 2_500 },
  (_, index) => [`b${index.toString(36)}`, ''] as const,
)

const questions: readonly Attack[] = [
  asking({ ...title('a good question'), threat: 'control' }, '200', () => ({})),
  asking({ ...title('a good question about a path beside'), threat: 'control' }, '200', () => ({
    target: '/administration',
  })),
  asking({ ...title('a good question of Caddy'), threat: 'control' }, '200', () => ({}), 'caddy'),
  asking({ ...title('a good question of Envoy'), threat: 'control' }, '200', () => ({}), 'envoy'),
  ...paths.map((target, index) => asking(title(`path ${index}`, target), '403', () => ({ target }))),
  ...paths.flatMap((target, index) =>
    // Elsewhere it is no request line.
    /^\/[^ ]*$/.test(target)
      ? [asking(title(`path ${index} by Envoy`, target), '403', () => ({ target }), 'envoy')]
      : [],
  ),
  ...likeOurs.map((name, index) =>
    asking(title(`header ${index}`, name), '403', () => ({ headers: [[name, 'eve@example.com']] })),
  ),
  asking(title('header x_behalf_subject behind two thousand'), '403', () => ({
    headers: [...filling, ['X_Behalf_Subject', 'eve@example.com']],
  })),
  ...otherRequests.map((header, index) =>
    asking(title(`another request ${index}`, header[0]), '403', () => ({ headers: [header] })),
  ),
  asking(title('a second path'), '403', () => ({ headers: [['X-Original-URI', '/admin']] })),
  asking(title('a second method'), '403', () => ({ headers: [['X-Original-Method', 'DELETE']] })),
  asking(title('a method that is not routed'), '403', () => ({ method: 'DELETE', target: '/x' })),
  asking(title('a method in small letters'), '403', () => ({ method: 'get', target: '/x' })),
  asking(title('a method with a blank'), '403', () => ({ method: 'GET /admin', target: '/x' })),
  asking(title('a method in the query'), '403', () => ({ method: 'GET', target: '/x?_method=DELETE' })),
  asking(title('a method in the query, escaped'), '403', () => ({
    method: 'GET',
    target: '/x?a=b&%5FMETHOD=DELETE',
  })),
  asking({ ...title('a query'), threat: 'control' }, '200', () => ({
    target: '/x?path=/../admin&method=DELETE',
  })),
  asking(title("another proxy's words beside"), '403', () => ({
    target: '/admin',
    headers: toldBy('caddy', 'GET', '/public'),
  })),
  asking(
    title("another proxy's words beside Caddy's"),
    '403',
    () => ({ target: '/admin', headers: toldBy('nginx', 'GET', '/public') }),
    'caddy',
  ),
  asking(
    title("another proxy's words beside Envoy's"),
    '403',
    () => ({
      target: '/admin',
      headers: [...toldBy('nginx', 'GET', '/public'), ...toldBy('caddy', 'GET', '/public')],
    }),
    'envoy',
  ),
  asking(
    title('an overriding method by Envoy'),
    '403',
    () => ({ headers: [['x-http-method-override', 'DELETE']] }),
    'envoy',
  ),
]

/** A question whose own headers are all that it has. */
const bare = (
  name: string,
  sidecar: '200' | '401' | '403',
  headers: (world: World) => SentHeaders,
): Attack => ({
  ...title(name),
  sidecarSetup: 'nginx',
  sidecar: (world) => requestBytes('GET /verify', [['Host', 'behalf'], ...headers(world)]),
  expect: { sidecar },
})
const told = toldBy('nginx', 'GET', '/public')
const bearer = (token: string): readonly [string, string] => ['Authorization', `Bearer ${token}`]

const tokens: readonly Attack[] = [
  bare('nothing of the request', '403', (world) => [bearer(goodDelegated(world))]),
  bare("ingress-nginx's words", '403', (world) => [
    bearer(goodDelegated(world)),
    ['X-Original-URL', 'https://api.example/public'],
    ['X-Original-Method', 'GET'],
  ]),
  bare('no token', '401', () => told),
  bare('an empty token', '401', () => [...told, ['Authorization', '']]),
  bare('a token twice', '401', (world) => [
    ...told,
    bearer(goodDelegated(world)),
    bearer(goodDelegated(world)),
  ]),
  bare('a good token behind another', '401', (world) => [...told, bearer('x'), bearer(goodDelegated(world))]),
  bare('a token in the query', '401', (world) => [
    ...toldBy('nginx', 'GET', `/public?access_token=${goodDelegated(world)}`),
  ]),
  bare('a token in a cookie', '401', (world) => [
    ...told,
    ['Cookie', `authorization=${goodDelegated(world)}`],
  ]),
  bare("a user's own token", '401', (world) => [
    ...told,
    bearer(assertionForge(world).sign({ aud: 'api://b' })),
  ]),
  bare('a plain token', '401', (world) => [
    ...told,
    bearer(delegatedForge(world).sign({ sub: '0oaApiA', act: undefined, assertion: undefined })),
  ]),
  bare('an unsigned token', '401', (world) => [...told, bearer(goodDelegated(world).replace(/[^.]*$/, ''))]),
]

/** What the verify endpoint has accepted before, in other words. */
const seen: readonly Attack[] = [
  ...Object.entries({ 'small letters': 'bearer', capitals: 'BEARER' }).map(([name, scheme]) => ({
    ...bare(`a seen token, scheme in ${name}`, '200', (world) => [
      ...told,
      ['Authorization', `${scheme} ${goodDelegated(world)}`],
    ]),
    threat: 'control' as const,
  })),
  ...Object.entries({
    'no scheme': (token: string) => token,
    'scheme dpop': (token: string) => `DPoP ${token}`,
    'one character less': (token: string) => `Bearer ${token.slice(0, -1)}`,
    'one character more': (token: string) => `Bearer ${token}A`,
    'two tokens': (token: string) => `Bearer ${token} ${token}`,
    'last bits not canonical': (token: string) => `Bearer ${nonCanonical(token)}`,
    'other claims': (token: string) => `Bearer ${tampered(token, { scp: ['admin'] })}`,
  }).map(([name, value]) =>
    bare(`a seen token, ${name}`, '401', (world) => [
      ...told,
      ['Authorization', value(goodDelegated(world))],
    ]),
  ),
]

/** What a proxy asks the verify endpoint about requests that are made to confuse the two, or the API behind them. */
export const sidecarPassage: Category = {
  name: 'sidecar-passage',
  attacks: [...questions, ...tokens, ...seen],
}
