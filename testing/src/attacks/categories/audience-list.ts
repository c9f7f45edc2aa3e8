import type { Attack, Category } from '../attack.ts'
import { exchanged, oktaCall, sent, titles } from '../build.ts'
import { byApiB, hopToken, protectedExchange } from '../build-protected.ts'
import { assertionForge, type Forge } from '../forge.ts'
import { orders, placeholder } from '../setup.ts'

const title = titles('T40')

/** Lists that name an audience which the issuer is not trusted for; the client is bound to that one. */
const mixes: Readonly<Record<string, readonly string[]>> = {
  'trusted first': ['api://a', orders],
  'untrusted first': [orders, 'api://a'],
  'trusted twice': ['api://a', 'api://a', orders],
  'many others': ['api://x', orders, 'api://y', 'api://a'],
}

const untrusted: readonly Attack[] = [
  ...Object.entries(mixes).flatMap(([name, aud]) => [
    protectedExchange(
      title(
        `of the user\u2019s issuer, ${name}`,
        'a client of orders presents; the issuer is trusted for api a only',
      ),
      (world) => assertionForge(world).sign({ aud }),
      'client_not_permitted',
      byApiB,
    ),
    protectedExchange(
      title(`of a partner, ${name}`),
      (world) => assertionForge(world, world.partner).sign({ aud }),
      'client_not_permitted',
      byApiB,
    ),
  ]),
  protectedExchange(
    title(
      'of the delegation server, for api a as well',
      'API A presents; the server is trusted for orders only',
    ),
    hopToken(() => ({ aud: [orders, 'api://a'], act: { sub: '0oaFront' }, cid: '0oaFront' })),
    'client_not_permitted',
  ),
  protectedExchange(
    title('untrusted alone'),
    (world) => assertionForge(world).sign({ aud: [orders, stranger] }),
    'assertion_audience_mismatch',
    byApiB,
  ),
  protectedExchange(
    title('the placeholder alone', 'what Okta issues without the hook'),
    hopToken(() => ({ aud: placeholder })),
    'assertion_audience_mismatch',
    byApiB,
  ),
  sent(
    title(
      'of another issuer, where both are trusted',
      'the client is bound to what the other issuer is trusted for',
    ),
    (world) =>
      oktaCall(world, {
        assertion: assertionForge(world, world.mixed).sign({ aud: ['api://a', 'api://other'] }),
        clientId: '0oaOther',
      }),
    'client_not_permitted',
  ),
]

const stranger = 'api://stranger'

const good: readonly Attack[] = [
  exchanged(
    title('trusted among others'),
    (forge: Forge) => forge.sign({ aud: ['api://x', 'api://a'] }),
    'permit',
  ),
  protectedExchange(
    title('trusted beside the placeholder'),
    (world) => assertionForge(world).sign({ aud: [placeholder, 'api://a'] }),
    'permit',
  ),
]

/** Of a list of audiences only those count that its issuer is trusted for. */
export const audienceList: Category = { name: 'audience list', attacks: [...untrusted, ...good] }
