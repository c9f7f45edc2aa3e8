import type { LooseObject } from '../../signing-key.ts'
import { signJwt } from '../../signing-key.ts'
import type { Attack, Category, HookOutcome } from '../attack.ts'
import { titles } from '../build.ts'
import { ownToken, protectedExchange } from '../build-protected.ts'
import type { Vendor } from '../setup.ts'
import type { World } from '../world.ts'

const title = titles('T41')
const client = 'K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja'
const id = '690222be-ff1a-4d56-abd1-7e4f7d38e474'

/** A person's token of each make: what it says besides `iss`, `aud`, `iat` and `exp`. */
const people: Readonly<Record<Vendor, LooseObject>> = {
  entra: {
    sub: 'HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ',
    azp: client,
    oid: id,
    tid: '72f988bf-86f1-41af-91ab-2d7cd011db47',
    scp: 'access_as_user',
    ver: '2.0',
  },
  auth0: { sub: 'auth0|6553da60a54af58e29493993', azp: client, scope: 'openid read:orders' },
  keycloak: {
    sub: id,
    typ: 'Bearer',
    azp: 'web-shop',
    sid: '5a1c1f3a-8d39-4a4b-8df5-8f3a0f4b9d2e',
    scope: 'openid profile',
    preferred_username: 'ann',
  },
  cognito: { sub: id, client_id: client, token_use: 'access', scope: 'openid', username: 'ann' },
  zitadel: { sub: '257383541463384065', client_id: '257383541463384066', user_type: 'human' },
}

const gone = (...names: readonly string[]): LooseObject =>
  Object.fromEntries(names.map((name) => [name, undefined]))

/** What machines' tokens of the same makes differ in, and as what they are denied. */
const machines: readonly (readonly [Vendor, string, LooseObject, HookOutcome])[] = [
  [
    'entra',
    'version 1, without idtyp',
    { ...gone('scp', 'azp'), appid: client, sub: id, roles: ['Orders.Read'], ver: '1.0' },
    'assertion_subject_machine',
  ],
  ['entra', 'version 2', { ...gone('scp'), sub: id, roles: ['Orders.Read'] }, 'assertion_subject_machine'],
  ['entra', 'that says so', { idtyp: 'app' }, 'assertion_subject_machine'],
  ['entra', 'that says so in other words', { idtyp: 'device' }, 'assertion_subject_machine'],
  ['entra', 'without permissions', { ...gone('scp'), roles: ['Orders.Read'] }, 'assertion_type_unsupported'],
  ['entra', 'of an agent', { scp: '/', xms_act_fct: '11' }, 'assertion_type_unsupported'],
  [
    'entra',
    'of an agent\u2019s user account',
    { idtyp: 'user', xms_act_fct: '11', xms_sub_fct: '3 13' },
    'assertion_subject_machine',
  ],
  ['entra', 'with empty permissions', { scp: '', roles: ['Orders.Read'] }, 'assertion_type_unsupported'],
  ['entra', 'with permissions as a list', { scp: ['access_as_user'] }, 'assertion_type_unsupported'],
  ['entra', 'without a tenant', gone('tid'), 'assertion_type_unsupported'],
  [
    'auth0',
    'of its own profile',
    { sub: `${client}@clients`, gty: 'client-credentials' },
    'assertion_subject_machine',
  ],
  [
    'auth0',
    'of RFC 9068',
    { ...gone('azp'), sub: `${client}@clients`, client_id: client },
    'assertion_subject_machine',
  ],
  ['auth0', 'with a user\u2019s sub', { gty: 'client-credentials' }, 'assertion_subject_machine'],
  ['auth0', 'whose sub is its client', { sub: client }, 'assertion_subject_machine'],
  ['auth0', 'whose sub is a bare id', { sub: id }, 'assertion_type_unsupported'],
  [
    'keycloak',
    'a service account',
    { ...gone('sid'), preferred_username: 'service-account-web-shop', clientHost: '192.0.2.7' },
    'assertion_subject_machine',
  ],
  [
    'keycloak',
    'a service account with a session',
    { preferred_username: 'Service-Account-web-shop' },
    'assertion_subject_machine',
  ],
  [
    'keycloak',
    'a service account without the scope profile',
    gone('sid', 'preferred_username'),
    'assertion_type_unsupported',
  ],
  ['keycloak', 'that says where it called from', { clientAddress: '192.0.2.7' }, 'assertion_subject_machine'],
  ['keycloak', 'without a session', gone('sid'), 'assertion_type_unsupported'],
  ['keycloak', 'to refresh', { typ: 'Refresh' }, 'assertion_type_unsupported'],
  ['cognito', 'of an app client', { ...gone('username'), sub: client }, 'assertion_subject_machine'],
  ['cognito', 'without a user name', gone('username'), 'assertion_type_unsupported'],
  ['cognito', 'for sign-in', { token_use: 'id' }, 'assertion_type_unsupported'],
  ['zitadel', 'of a service user', gone('user_type'), 'assertion_type_unsupported'],
  ['zitadel', 'of a service user that says so', { user_type: 'machine' }, 'assertion_type_unsupported'],
  ['zitadel', 'of a list', { user_type: ['human'] }, 'assertion_type_unsupported'],
]

const signed =
  (vendor: Vendor, claims: LooseObject = {}) =>
  (world: World): string => {
    const { issuer, key } = world.vendor(vendor)
    const times = { iat: world.nowSeconds, exp: world.nowSeconds + 3_600 }
    return signJwt(key, { iss: issuer, aud: 'api://a', ...times, ...people[vendor], ...claims })
  }

/** Machines' tokens of Okta, which have no `uid`, or say what they are. */
const ofOkta: Readonly<Record<string, readonly [LooseObject, HookOutcome]>> = {
  'of another client': [{ uid: undefined, sub: '0oaM2m', cid: '0oaM2m' }, 'assertion_subject_machine'],
  'with a sub of its own': [{ uid: undefined, sub: 'svc' }, 'assertion_type_unsupported'],
  'of an agent': [{ uid: undefined, sub: 'wlp8x5q1', sub_profile: 'ai_agent' }, 'assertion_subject_machine'],
  'of a service, with a uid': [{ sub_profile: 'service' }, 'assertion_subject_machine'],
  'of several kinds': [{ sub_profile: 'user service' }, 'assertion_subject_machine'],
  'with profiles as a list': [{ sub_profile: ['user'] }, 'assertion_subject_machine'],
  'with a uid that is none': [{ uid: { id: '00uAnn' } }, 'assertion_type_unsupported'],
  'with an empty uid': [{ uid: '' }, 'assertion_type_unsupported'],
  'without a client': [{ cid: undefined }, 'assertion_type_unsupported'],
}

/** A user is proven in the words of the issuer's make; what merely lacks a machine's marks is denied. */
export const machine: Category = {
  name: 'machine',
  attacks: [
    ...Object.keys(people).map((vendor) =>
      protectedExchange(title(`person of ${vendor}`), signed(vendor as Vendor), 'permit'),
    ),
    ...machines.map(
      ([vendor, name, claims, hook]): Attack =>
        protectedExchange(title(`${vendor}, ${name}`), signed(vendor, claims), hook),
    ),
    ...Object.entries(ofOkta).map(([name, [claims, hook]]) =>
      protectedExchange(
        title(`okta, ${name}`),
        ownToken(() => claims),
        hook,
      ),
    ),
  ],
}
