import type { HookEvent } from '../../hook-event.ts'
import type { Attack, Category } from '../attack.ts'
import { chained, exchanged, forged, requested, titles } from '../build.ts'
import type { World } from '../world.ts'

const title = titles('T24')

/** Claims whose values are addresses; whoever follows one is counted. */
const claims = [
  'jku',
  'jwks_uri',
  'x5u',
  'iss_uri',
  'url',
  'webhook',
  'picture',
  'profile',
  'website',
  '$ref',
  '@context',
]

const fromClaims: readonly Attack[] = claims.map((name) =>
  forged(
    title(`claim ${name}`, `a claim ${name} with an address`),
    (forge) => forge.sign({ [name]: forge.world.trapUrl }),
    'permit',
  ),
)

const issuers: Readonly<Record<string, (world: World) => string>> = {
  trap: ({ trapUrl }) => trapUrl,
  'trap like an okta server': ({ trapUrl }) => `${trapUrl}/oauth2/default`,
  'metadata service of the cloud': () => 'http://169.254.169.254/latest/meta-data',
  file: () => 'file:///etc/passwd',
  'loopback of another family': () => 'http://[::1]:1/',
}

const fromIssuers: readonly Attack[] = Object.entries(issuers).map(([name, iss]) =>
  forged(
    title(`issuer ${name}`),
    (forge) => forge.sign({ iss: iss(forge.world) }),
    'assertion_issuer_untrusted',
  ),
)

const places: Readonly<Record<string, (event: HookEvent, url: string) => void>> = {
  source: (event, url) => {
    event.source = `${url}/oauth2/default/v1/token`
  },
  'protocol issuer': (event, url) => {
    event.data.context.protocol.issuer.uri = url
  },
  'claim iss': (event, url) => {
    event.data.access.claims['iss'] = url
  },
  'claim aud': (event, url) => {
    event.data.access.claims['aud'] = url
  },
  'ip address': (event, url) => {
    event.data.context.request.ipAddress = url
  },
  'client name': (event, url) => {
    event.data.context.protocol.client['name'] = url
  },
}

/** An event that names two authorization servers says nothing of either. */
const contradictory: ReadonlySet<string> = new Set(['protocol issuer', 'claim iss'])

const fromEvents: readonly Attack[] = Object.entries(places).map(([name, place]) =>
  requested(
    title(`event ${name}`, `an address in the event: ${name}`),
    (event, world) => place(event, world.trapUrl),
    contradictory.has(name) ? 'request_unsupported' : 'permit',
  ),
)

const fromBoth: readonly Attack[] = [
  chained(
    title('act of another issuer', 'an actor whose issuer is an address'),
    (forge) => forge.sign({ act: { sub: '0oaFront', iss: forge.world.trapUrl } }),
    'actor_not_permitted',
  ),
  chained(
    title('prior act of another issuer', 'a prior actor whose issuer is an address'),
    (forge) => forge.sign({ act: { sub: '0oaFront', act: { sub: '0oaEdge', iss: forge.world.trapUrl } } }),
    'permit',
  ),
  exchanged(
    title('distributed claims', 'a claim source that would have to be fetched'),
    (forge) =>
      forge.sign({
        _claim_names: { groups: 'src1' },
        _claim_sources: { src1: { endpoint: forge.world.trapUrl } },
      }),
    'permit',
  ),
]

/** Addresses in tokens and requests, which nobody follows. */
export const network: Category = {
  name: 'network',
  attacks: [...fromClaims, ...fromIssuers, ...fromEvents, ...fromBoth],
}
