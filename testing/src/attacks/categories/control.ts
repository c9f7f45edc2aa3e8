import { signJwt } from '../../signing-key.ts'
import type { Attack, Category } from '../attack.ts'
import type { Extras } from '../build.ts'
import { chained, forged, goodAssertion, oktaCall, oktaHeaders, requested, sent, titles } from '../build.ts'

const title = titles('control')
const onMixed: Extras = { apiTrusts: 'mixed' }

const tokens: readonly Attack[] = [
  forged(title('as okta issues it'), (forge) => forge.sign(), 'permit'),
  forged(title('with unknown header members'), (forge) => forge.sign({}, { x: 1, typ: 'at+jwt' }), 'permit'),
  forged(
    title('es256'),
    (forge) => signJwt(forge.world.keys.es256, forge.claims()),
    'permit',
    undefined,
    onMixed,
  ),
  forged(
    title('ps256'),
    (forge) => signJwt(forge.world.keys.ps256, forge.claims()),
    'permit',
    undefined,
    onMixed,
  ),
  forged(
    title('eddsa'),
    (forge) => signJwt(forge.world.keys.edDsa, forge.claims()),
    'permit',
    undefined,
    onMixed,
  ),
  forged(title('rs256 of another issuer'), (forge) => forge.sign(), 'permit', undefined, onMixed),
  chained(
    title('of a chain', 'the assertion is a delegated token itself'),
    (forge) => forge.sign({ act: { sub: '0oaFront', sub_profile: 'service' } }),
    'permit',
  ),
]

const requests: readonly Attack[] = [
  requested(title('as okta sends it'), () => undefined, 'permit'),
  sent(
    title('with the headers that gateways add'),
    (world) => ({
      ...oktaCall(world, { assertion: goodAssertion(world) }),
      headers: [
        ...oktaHeaders(world),
        ['User-Agent', 'Okta'],
        ['X-Forwarded-For', '203.0.113.7, 10.0.0.1'],
        ['Via', '1.1 proxy'],
      ],
    }),
    'permit',
  ),
  sent(title('machine token'), (world) => oktaCall(world), 'unchanged', { setup: 'passing' }),
  sent(
    title('exchange where others pass'),
    (world) => oktaCall(world, { assertion: goodAssertion(world) }),
    'permit',
    {
      setup: 'passing',
    },
  ),
  sent(
    title('with spaces and line breaks in the body'),
    (world) => {
      const { headers, body } = oktaCall(world, { assertion: goodAssertion(world) })
      return { headers, body: JSON.stringify(JSON.parse(String(body)), null, 2) }
    },
    'permit',
  ),
  sent(
    title('with letters of many scripts in the body'),
    (world) =>
      oktaCall(world, { assertion: goodAssertion(world) }, (event) => {
        event.data.context.protocol.client['name'] = 'API \u00c4 \u5b89 \u{1f600}'
      }),
    'permit',
  ),
]

/** Good calls, which must be permitted. */
export const control: Category = { name: 'control', attacks: [...tokens, ...requests] }
