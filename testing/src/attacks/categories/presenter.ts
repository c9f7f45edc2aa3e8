import type { HookEvent } from '../../hook-event.ts'
import type { Attack, Category } from '../attack.ts'
import { oktaCall, requested, sent, titles } from '../build.ts'
import { assertionForge } from '../forge.ts'

const title = titles('T13')

/** Names the client in every place that names it. */
function nameClient(event: HookEvent, id: unknown): void {
  event.data.context.protocol.client['id'] = id
  event.data.context.protocol.request['client_id'] = id
  event.data.access.claims['cid'] = id
  event.data.access.claims['sub'] = id
}

const strangers: Readonly<Record<string, string>> = {
  unknown: '0oaUnknown',
  'upper case': '0OAAPIA',
  'lower case': '0oaapia',
  prefix: '0oaApi',
  'one letter more': '0oaApiAA',
  'percent encoded': '0oaApi%41',
  'look-alike letter': '0\u043eaApiA',
  wildcard: '*',
  any: 'any',
  list: '0oaApiA,0oaOther',
  two: '0oaApiA 0oaOther',
  constructor: 'constructor',
  __proto__: '__proto__',
  prototype: 'prototype',
  'to string': 'toString',
  'has own property': 'hasOwnProperty',
  'value of': 'valueOf',
  size: 'size',
  'the user': 'ann@example.com',
}

const unknown: readonly Attack[] = Object.entries(strangers).map(([name, id]) =>
  requested(
    title(name, `client: ${name}`),
    (event) => nameClient(event, id),
    name === 'the user' ? 'assertion_subject_machine' : 'client_not_permitted',
  ),
)

const unusable: Readonly<Record<string, unknown>> = {
  number: 7,
  zero: 0,
  true: true,
  false: false,
  'list of one': ['0oaApiA'],
  object: { id: '0oaApiA' },
  empty: '',
  'space before': ' 0oaApiA',
  'space after': '0oaApiA ',
  'newline after': '0oaApiA\n',
  nul: '0oaApiA\u0000',
  'zero width': '0oaApiA\u200b',
  'ten kilobytes': 'a'.repeat(10_000),
}

const unreadable: readonly Attack[] = Object.entries(unusable).map(([name, id]) =>
  requested(title(`id ${name}`, `client: ${name}`), (event) => nameClient(event, id), 'request_unsupported'),
)

const bound: readonly Attack[] = [
  requested(
    title('client of another audience'),
    (event) => nameClient(event, '0oaOther'),
    'client_not_permitted',
  ),
  requested(
    title('client of another issuer'),
    (event) => nameClient(event, '0oaPartner'),
    'client_not_permitted',
  ),
  requested(title('client without bounds'), (event) => nameClient(event, '0oaFree'), 'permit'),
  sent(
    title('client of this issuer'),
    (world) =>
      oktaCall(world, { assertion: assertionForge(world, world.mixed).sign(), clientId: '0oaPartner' }),
    'permit',
  ),
  sent(
    title('client with an audience that it may present'),
    (world) =>
      oktaCall(world, {
        assertion: assertionForge(world).sign({ aud: 'api://other' }),
        clientId: '0oaOther',
      }),
    'permit',
  ),
]

/** Who presents an assertion: exactly the client that the operator named, for what it was named for. */
export const presenter: Category = { name: 'presenter', attacks: [...unknown, ...unreadable, ...bound] }
