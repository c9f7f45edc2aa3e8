import type { HookEvent } from '../../hook-event.ts'
import type { Attack, Category, HookOutcome } from '../attack.ts'
import { oktaCall, requested, sent, titles } from '../build.ts'

const title = titles('T14')

type Edit = (event: HookEvent) => unknown

/** Events of other flows: left alone without an assertion where the operator wants that, never with one. */
const otherFlows: Readonly<Record<string, Edit>> = {
  'event with a session': (event) => {
    event.data.context.session = { id: '102', userId: '00uAnn', login: 'ann@example.com' }
  },
  'event with an empty session': (event) => {
    event.data.context.session = {}
  },
  'event with a user': (event) => {
    event.data.context.user = { id: '00uAnn' }
  },
  'event with an id token': (event) => {
    event.data.identity = { claims: { sub: '00uAnn' }, token: { lifetime: { expiration: 3600 } } }
  },
  'event with a refresh token': (event) => {
    Object.assign(event.data, { refresh_token: { jti: 'oar1' } })
  },
  'event with a uid': (event) => {
    event.data.access.claims['uid'] = '00uAnn'
  },
  'public client': (event) => {
    event.data.context.protocol.client['type'] = 'PUBLIC'
  },
  'client type in lower case': (event) => {
    event.data.context.protocol.client['type'] = 'confidential'
  },
  'client type empty': (event) => {
    event.data.context.protocol.client['type'] = ''
  },
  'response type': (event) => {
    event.data.context.protocol.request['response_type'] = 'code'
  },
  'redirect uri': (event) => {
    event.data.context.protocol.request['redirect_uri'] = 'https://app.example/callback'
  },
  'response type without grant type': (event) => {
    delete event.data.context.protocol.request['grant_type']
    event.data.context.protocol.request['response_type'] = 'code'
  },
  ...Object.fromEntries(
    ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'post', 'POST ', ''].map((method, index) => [
      `method ${index} ${JSON.stringify(method)}`,
      (event: HookEvent) => {
        event.data.context.request.method = method
      },
    ]),
  ),
  ...Object.fromEntries(
    [
      'authorization_code',
      'refresh_token',
      'password',
      'implicit',
      'urn:ietf:params:oauth:grant-type:token-exchange',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'urn:ietf:params:oauth:grant-type:saml2-bearer',
      'urn:ietf:params:oauth:grant-type:device_code',
      'urn:openid:params:grant-type:ciba',
      'CLIENT_CREDENTIALS',
      'client_credentials ',
      ' client_credentials',
      'client_credentials,authorization_code',
      'client-credentials',
      '',
    ].map((grantType, index) => [
      `grant type ${index} ${JSON.stringify(grantType)}`,
      (event: HookEvent) => {
        event.data.context.protocol.request['grant_type'] = grantType
      },
    ]),
  ),
  ...Object.fromEntries(
    [
      '/oauth2/default/v1/authorize',
      '/oauth2/default/v1/introspect',
      '/oauth2/default/v1/revoke',
      '/oauth2/default/v1/userinfo',
      '/oauth2/default/v1/device/authorize',
      '/oauth2/default/v1/par',
      '/oauth2/default/v1/token/',
      '/oauth2/default/v1/token/introspect',
      '/oauth2/default/v1/Token',
      '/oauth2/default/v1/tokens',
      '/oauth2/default/v1/token;x=1',
      '/oauth2/default/v1%2Ftoken',
      '/oauth2/default/v1/token/../authorize',
      '/v1/token/authorize',
      '/',
    ].map((path, index) => [
      `path ${index} ${path}`,
      (event: HookEvent) => {
        event.data.context.request.url.value = event.data.context.request.url.value.replace(
          '/oauth2/default/v1/token',
          path,
        )
      },
    ]),
  ),
}

const flows: readonly Attack[] = Object.entries(otherFlows).flatMap(([name, edit]) => [
  requested(title(`${name} with an assertion`), edit, 'request_unsupported'),
  requested(title(`${name} with an assertion, others pass`), edit, 'request_unsupported', {
    setup: 'passing',
  }),
  sent(title(`${name} without an assertion`), (world) => oktaCall(world, {}, edit), 'request_unsupported'),
  sent(
    title(`${name} without an assertion, others pass`),
    (world) => oktaCall(world, {}, edit),
    'unchanged',
    {
      setup: 'passing',
    },
  ),
])

const mistaken: Readonly<Record<string, readonly [HookOutcome, Edit]>> = {
  'sub alone names the client': [
    'request_unsupported',
    (event) => {
      event.data.context.protocol.request = {}
      event.data.access.claims = { sub: '0oaApiA' }
      event.data.context.protocol.client = { type: 'CONFIDENTIAL' }
    },
  ],
  'client_id of the request alone names the client': [
    'request_unsupported',
    (event) => {
      event.data.access.claims = {}
      event.data.context.protocol.client = { type: 'CONFIDENTIAL' }
    },
  ],
  'another event type': [
    'request_unsupported',
    (event) => {
      event.eventType = 'com.okta.saml.tokens.transform'
    },
  ],
  'event type of registration': [
    'request_unsupported',
    (event) => {
      event.eventType = 'com.okta.user.pre-registration'
    },
  ],
  'event type in upper case': [
    'request_unsupported',
    (event) => {
      event.eventType = event.eventType.toUpperCase()
    },
  ],
  'event type with a space': [
    'request_unsupported',
    (event) => {
      event.eventType += ' '
    },
  ],
  'event type empty': [
    'request_unsupported',
    (event) => {
      event.eventType = ''
    },
  ],
  'another version': [
    'request_unsupported',
    (event) => {
      event.eventTypeVersion = '2.0'
    },
  ],
  'no event type': [
    'request_malformed',
    (event) => {
      Object.assign(event, { eventType: undefined })
    },
  ],
  'event type a list': [
    'request_malformed',
    (event) => {
      Object.assign(event, { eventType: [event.eventType] })
    },
  ],
  'no client at all': [
    'request_unsupported',
    (event) => {
      event.data.context.protocol.client = {}
      event.data.context.protocol.request = { grant_type: 'client_credentials' }
      event.data.access.claims = {}
    },
  ],
}

const places: Readonly<Record<string, (event: HookEvent, id: unknown) => void>> = {
  'protocol.client.id': (event, id) => {
    event.data.context.protocol.client['id'] = id
  },
  'protocol.request.client_id': (event, id) => {
    event.data.context.protocol.request['client_id'] = id
  },
  'access.claims.cid': (event, id) => {
    event.data.access.claims['cid'] = id
  },
  'access.claims.sub': (event, id) => {
    event.data.access.claims['sub'] = id
  },
}

const disagreeing: readonly Attack[] = Object.entries(places).flatMap(([place, name]) =>
  Object.entries({
    other: '0oaOther',
    case: '0oaapia',
    space: '0oaApiA ',
    list: ['0oaApiA'],
    number: 7,
    empty: '',
  }).map(([kind, id]) =>
    requested(title(`${place} differs: ${kind}`), (event) => name(event, id), 'request_unsupported'),
  ),
)

const contradictory: readonly Attack[] = Object.entries(mistaken).flatMap(([name, [code, edit]]) => [
  requested(title(name), edit, code),
  requested(title(`${name}, others pass`), edit, code, { setup: 'passing' }),
])

const left: Readonly<Record<string, Edit>> = {
  'protocol.client.id alone names the client': (event) => {
    event.data.context.protocol.request = {}
    event.data.access.claims = {}
  },
  'cid alone names the client': (event) => {
    event.data.context.protocol.request = {}
    event.data.access.claims = { cid: '0oaApiA' }
    event.data.context.protocol.client = { type: 'CONFIDENTIAL' }
  },
  'no grant type': (event) => {
    delete event.data.context.protocol.request['grant_type']
  },
  'no method': (event) => {
    Object.assign(event.data.context.request, { method: undefined })
  },
  'null session and user': (event) => {
    event.data.context.session = null
    event.data.context.user = null
  },
  'no client type': (event) => {
    delete event.data.context.protocol.client['type']
  },
  'members that nobody knows': (event) => {
    Object.assign(event.data.context, { device: { id: 'guo1' }, behaviors: {} })
    Object.assign(event, { unknown: [1, 2, { three: null }] })
  },
}

const good: readonly Attack[] = Object.entries(left).map(([name, edit]) =>
  requested({ ...titles('control')(name), description: name }, edit, 'permit'),
)

/** What counts as an exchange: nothing but one confidential client's request for a token of its own. */
export const flow: Category = { name: 'flow', attacks: [...flows, ...contradictory, ...disagreeing, ...good] }
