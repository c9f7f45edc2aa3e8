import { describe, expect, it } from 'vitest'
import { whyNotUserToken } from '../../src/delegation/user-token.ts'
import { type DialectName, dialectOf, dialects } from '../../src/issuer/dialects/index.ts'
import { findDialectFaults, resolveDialect } from '../../src/issuer/dialects/own-dialect.ts'
import type { Json, JsonObject } from '../../src/json/json.ts'

const times = { iat: 1_793_491_200, exp: 1_793_494_800 }

/** Tokens in the shapes that their vendors document, and that people have shown of their own. */
const oktaUser: JsonObject = {
  ...times,
  ver: 1,
  jti: 'AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE',
  iss: 'https://example.okta.com/oauth2/default',
  aud: 'api://default',
  cid: '0oasfj4aalLH3pVOV0h7',
  uid: '00uixa271s6x7qt8I0h7',
  scp: ['openid'],
  auth_time: 1_793_491_100,
  sub: 'ann@example.com',
}
const entraV2User: JsonObject = {
  ...times,
  aud: '6e74172b-be56-4843-9ff4-e66a39bb12e3',
  iss: 'https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0',
  nbf: 1_793_491_200,
  aio: 'AXQAi/8IAAAAtAaZLo3ChMif6KOnttRB7eBq4/DccQzjcJGxPYy/C3jDaNGxXd6wNIIVGRghNRnwJ1l',
  azp: '6e74172b-be56-4843-9ff4-e66a39bb12e3',
  azpacr: '0',
  name: 'Abe Lincoln',
  oid: '690222be-ff1a-4d56-abd1-7e4f7d38e474',
  preferred_username: 'abeli@example.com',
  rh: 'I',
  scp: 'access_as_user',
  sub: 'HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ',
  tid: '72f988bf-86f1-41af-91ab-2d7cd011db47',
  uti: 'fqiBqXLPj0eQa82S-IYFAA',
  ver: '2.0',
}
const entraV1User: JsonObject = {
  ...times,
  aud: 'ef1da9d4-ff77-4c3e-a005-840c3f830745',
  iss: 'https://sts.windows.net/fa15d692-e9c7-4460-a743-29f29522229f/',
  nbf: 1_793_491_200,
  acr: '1',
  amr: ['pwd'],
  appid: '75dbe77f-10a3-4e59-85fd-8c127544f17c',
  appidacr: '0',
  ipaddr: '192.0.2.7',
  name: 'Abe Lincoln (MSFT)',
  oid: '02223b6b-aa1d-42d4-9ec0-1b2bb9194438',
  rh: 'I',
  scp: 'user_impersonation',
  sub: 'l3_roISQU222bULS9yi2k0XpqpOiMz5H3ZACo1GeXA',
  tid: 'fa15d692-e9c7-4460-a743-29f2956fd429',
  unique_name: 'abeli@example.com',
  upn: 'abeli@example.com',
  uti: 'FVsGxYXI30-TuikuuUoFAA',
  ver: '1.0',
}
const agentActs: JsonObject = {
  xms_act_fct: '11 9 3',
  xms_par_app_azp: '30cf4c22-9985-4ef7-8756-91cc888176bd',
}
const auth0User: JsonObject = {
  ...times,
  iss: 'https://example.auth0.com/',
  sub: 'auth0|6553da60a54af58e29493993',
  aud: ['https://health.example', 'https://example.auth0.com/userinfo'],
  azp: 'K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja',
  scope: 'openid profile read:patients',
}
const auth0Rfc9068User: JsonObject = {
  ...times,
  iss: 'https://example.auth0.com/',
  sub: 'google-oauth2|103547991597142817347',
  aud: 'https://health.example',
  client_id: 'K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja',
  jti: '73WakrfVbNJBaAmhQtEeDv',
  scope: 'read:patients',
}
const keycloakUser: JsonObject = {
  ...times,
  jti: 'onrtac:19b582b8-28c5-4a7e-ae0b-0500e11c6bd4',
  iss: 'https://sso.example.com/realms/shop',
  aud: ['api-a', 'account'],
  sub: 'd952cf23-bf92-4c8f-a3ff-4972b4f2bc5b',
  typ: 'Bearer',
  azp: 'web-shop',
  sid: '5a1c1f3a-8d39-4a4b-8df5-8f3a0f4b9d2e',
  acr: '1',
  'allowed-origins': ['https://shop.example'],
  realm_access: { roles: ['offline_access', 'default-roles-shop'] },
  scope: 'openid email profile',
  email_verified: true,
  name: 'Ann Adams',
  preferred_username: 'ann',
}
const cognitoUser: JsonObject = {
  ...times,
  sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  'cognito:groups': ['testgroup'],
  iss: 'https://cognito-idp.us-west-2.amazonaws.com/us-west-2_example',
  version: 2,
  client_id: 'xxxxxxxxxxxxexample',
  origin_jti: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  event_id: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  token_use: 'access',
  scope: 'phone openid profile',
  auth_time: 1_793_491_100,
  jti: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  username: 'my-test-user',
}
const zitadelUser: JsonObject = {
  ...times,
  iss: 'https://example.zitadel.cloud',
  sub: '257383541463384065',
  aud: ['257383541463384066@shop', '257383541463384067'],
  nbf: 1_793_491_200,
  client_id: '257383541463384066@shop',
  jti: 'V2_257383541463384068-at_257383541463384069',
  user_type: 'human',
}

const without = (claims: JsonObject, ...names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)))
const judge = (dialect: DialectName, claims: JsonObject): string => {
  const { sub } = claims
  return whyNotUserToken(claims, typeof sub === 'string' ? sub : '', dialects[dialect])?.code ?? 'user'
}
const machine = 'assertion_subject_machine'
const other = 'assertion_type_unsupported'

describe('a token', () => {
  it.each<[DialectName, string, JsonObject, string]>([
    ['okta', 'of a user', oktaUser, 'user'],
    ['okta', 'of a user, says so', { ...oktaUser, sub_profile: 'user' }, 'user'],
    [
      'okta',
      'of a machine',
      { ...without(oktaUser, 'uid', 'auth_time'), sub: '0oasfj4aalLH3pVOV0h7' },
      machine,
    ],
    ['okta', 'of a machine with a sub of its own', { ...without(oktaUser, 'uid'), sub: 'svc' }, other],
    [
      'okta',
      'of an agent',
      { ...without(oktaUser, 'uid'), sub: 'wlp8x5q1', sub_profile: 'service' },
      machine,
    ],
    ['okta', 'of an agent with a uid', { ...oktaUser, sub_profile: 'ai_agent' }, machine],
    ['okta', 'that is delegated', { ...oktaUser, act: { sub: '0oaApiA' } }, other],
    ['okta', 'for sign-in', { ...oktaUser, nonce: 'n-0S6_WzA2Mj' }, other],
    ['okta', 'with a uid that is no name', { ...oktaUser, uid: { id: '00uixa271s6x7qt8I0h7' } }, other],
    ['okta', 'with a list as uid', { ...oktaUser, uid: ['00uixa271s6x7qt8I0h7'] }, other],
    ['okta', 'with an empty profile', { ...oktaUser, sub_profile: '' }, machine],
    ['okta', 'with null as profile', { ...oktaUser, sub_profile: null }, machine],
    ['keycloak', 'with null as session', { ...keycloakUser, sid: null }, other],
    ['entra', 'with true as tenant', { ...entraV2User, tid: true }, other],
    ['okta', 'with an empty uid', { ...oktaUser, uid: '' }, other],
    ['okta', 'without a client', without(oktaUser, 'cid'), other],
    ['entra', 'of a user, version 2', entraV2User, 'user'],
    ['entra', 'of a user, version 1', entraV1User, 'user'],
    ['entra', 'of a user, says so', { ...entraV2User, idtyp: 'user' }, 'user'],
    [
      'entra',
      'of an application, version 1, without idtyp',
      { ...without(entraV1User, 'scp', 'amr'), roles: ['Orders.Read'], sub: String(entraV1User['oid']) },
      machine,
    ],
    [
      'entra',
      'of an application whose sub is another',
      { ...without(entraV1User, 'scp'), roles: ['Orders.Read'] },
      other,
    ],
    [
      'entra',
      'of an application, version 2',
      { ...without(entraV2User, 'scp', 'name'), roles: ['API.READER'], sub: String(entraV2User['oid']) },
      machine,
    ],
    ['entra', 'of an application, says so', { ...entraV2User, idtyp: 'app' }, machine],
    [
      'entra',
      'of a user for whom an agent acts',
      { ...entraV2User, ...agentActs, xms_sub_fct: '3 2' },
      'user',
    ],
    ['entra', 'of an agent', { ...without(entraV2User, 'name'), ...agentActs, scp: '/' }, other],
    ['entra', 'of an agent, says so', { ...entraV2User, ...agentActs, xms_sub_fct: '9 3 11' }, machine],
    [
      'entra',
      'of an agent\u2019s user account',
      { ...entraV2User, ...agentActs, idtyp: 'user', xms_sub_fct: '13' },
      machine,
    ],
    ['entra', 'of an agent\u2019s user account, as a number', { ...entraV2User, xms_sub_fct: 13 }, machine],
    [
      'entra',
      'of an agent\u2019s user account, as a list',
      { ...entraV2User, xms_sub_fct: ['3', '13'] },
      machine,
    ],
    ['entra', 'with other facets', { ...entraV2User, xms_sub_fct: '113 131 3' }, 'user'],
    ['entra', 'with an empty scp', { ...entraV2User, scp: '' }, other],
    ['auth0', 'of a user', auth0User, 'user'],
    ['auth0', 'of a user, RFC 9068', auth0Rfc9068User, 'user'],
    [
      'auth0',
      'of an application',
      {
        ...auth0User,
        sub: 'awZfdIir8YFdGZWkvCejDoUb7SjTDicx@clients',
        azp: 'awZfdIir8YFdGZWkvCejDoUb7SjTDicx',
        gty: 'client-credentials',
      },
      machine,
    ],
    [
      'auth0',
      'of an application, RFC 9068',
      {
        ...auth0Rfc9068User,
        sub: 'awZfdIir8YFdGZWkvCejDoUb7SjTDicx@clients',
        client_id: 'awZfdIir8YFdGZWkvCejDoUb7SjTDicx',
      },
      machine,
    ],
    ['auth0', 'whose sub is no user id', { ...auth0User, sub: '6553da60a54af58e29493993' }, other],
    ['keycloak', 'of a user', keycloakUser, 'user'],
    [
      'keycloak',
      'of a service account',
      {
        ...without(keycloakUser, 'sid', 'name'),
        azp: 'batch',
        preferred_username: 'service-account-batch',
        clientHost: '192.0.2.7',
        clientAddress: '192.0.2.7',
        client_id: 'batch',
      },
      machine,
    ],
    [
      'keycloak',
      'of a service account with little in it',
      { ...without(keycloakUser, 'name', 'clientHost'), preferred_username: 'service-account-batch' },
      machine,
    ],
    ['keycloak', 'without a session', without(keycloakUser, 'sid'), other],
    ['keycloak', 'for sign-in', { ...keycloakUser, typ: 'ID' }, other],
    ['cognito', 'of a user', cognitoUser, 'user'],
    [
      'cognito',
      'of a machine',
      { ...without(cognitoUser, 'username', 'cognito:groups', 'origin_jti'), sub: 'xxxxxxxxxxxxexample' },
      machine,
    ],
    ['cognito', 'for sign-in', { ...cognitoUser, token_use: 'id' }, other],
    ['zitadel', 'of a user, as the action says', zitadelUser, 'user'],
    ['zitadel', 'of a service user', { ...without(zitadelUser, 'user_type'), client_id: 'batch' }, other],
    ['zitadel', 'of a service user, as the action says', { ...zitadelUser, user_type: 'machine' }, other],
  ])('of %s %s', (dialect, _, claims, expected) => {
    expect(judge(dialect, claims)).toBe(expected)
  })

  it.each<[DialectName, JsonObject, JsonObject]>([
    ['okta', oktaUser, { sub_profile: 'AI_AGENT' }],
    ['okta', oktaUser, { sub_profile: null }],
    ['okta', oktaUser, { sub: String(oktaUser['cid']).toUpperCase() }],
    ['okta', oktaUser, { uid: oktaUser['cid'] ?? null }],
    ['entra', entraV2User, { sub: String(entraV2User['oid']).toUpperCase() }],
    ['entra', entraV2User, { oid: entraV2User['azp'] ?? null }],
    ['entra', entraV2User, { idtyp: null }],
    ['auth0', auth0User, { sub: 'auth0|x@CLIENTS' }],
    ['auth0', auth0User, { gty: ['refresh_token', 'client-credentials'] }],
    ['auth0', auth0User, { gty: 'client_credentials' }],
    ['auth0', auth0User, { grant_type: 'client_credentials' }],
    ['keycloak', keycloakUser, { preferred_username: ' service-account-batch' }],
    ['keycloak', keycloakUser, { preferred_username: ['service-account-batch'] }],
    ['keycloak', keycloakUser, { clientHost: '' }],
    ['zitadel', zitadelUser, { sub_profile: 'service' }],
  ])('of %s is a machine, however the mark is spelt', (dialect, user, changes) => {
    expect(judge(dialect, { ...user, ...changes })).toBe(machine)
  })

  it.each<[DialectName, JsonObject, string]>([
    ['okta', oktaUser, 'uid'],
    ['entra', entraV2User, 'oid'],
    ['keycloak', keycloakUser, 'sid'],
    ['cognito', cognitoUser, 'username'],
  ])('of %s proves nobody by a claim that says nothing', (dialect, user, name) => {
    for (const nothing of [false, true, 0, 1, null, '', ' ', [], {}, ['x']])
      expect(judge(dialect, { ...user, [name]: nothing })).toBe(other)
  })

  it.each([false, 0, null, '', ' ', [], {}])('of a dialect of one’s own proves nobody by %j', (nothing) => {
    const own = resolveDialect('https://id.example', { userClaims: ['human'], machineClaims: ['robot'] })
    if (own === undefined) throw new Error('there is no dialect')
    const user = { ...times, sub: 'ann', client_id: 'app' }
    expect(whyNotUserToken({ ...user, human: true }, 'ann', own)).toBeUndefined()
    expect(whyNotUserToken({ ...user, human: nothing }, 'ann', own)?.code).toBe(other)
    expect(whyNotUserToken({ ...user, human: true, robot: nothing }, 'ann', own)?.code).toBe(machine)
  })

  it('of one vendor proves no user in the dialect of another', () => {
    const users = {
      okta: oktaUser,
      entra: entraV2User,
      auth0: auth0User,
      keycloak: keycloakUser,
      cognito: cognitoUser,
      zitadel: zitadelUser,
    }
    const mistaken = Object.entries(users).flatMap(([name, claims]) =>
      (Object.keys(users) as DialectName[]).filter(
        (dialect) => dialect !== name && judge(dialect, claims) === 'user',
      ),
    )
    expect(mistaken).toEqual([])
  })
})

describe('the dialect of an issuer', () => {
  it.each([
    ['https://example.okta.com/oauth2/default', 'okta'],
    ['https://id.example.com/oauth2/aus8x5q1', 'okta'],
    ['http://127.0.0.1:8090/oauth2/default', 'okta'],
    ['https://example.okta.com', undefined],
    ['https://example.okta.com/oauth2/default/', undefined],
    ['https://sts.windows.net/fa15d692-e9c7-4460-a743-29f29522229f/', undefined],
    ['https://example.auth0.com/', undefined],
    ['https://sso.example.com/realms/shop', undefined],
  ])('%s is %s', (issuer, expected) => {
    expect(dialectOf(issuer)).toBe(expected)
  })

  it('is one of its own, with defaults for what it leaves out', () => {
    const dialect = resolveDialect('https://idp.example', { userClaims: [{ claim: 'kind', is: ['person'] }] })
    expect(dialect).toMatchObject({ clientClaims: ['cid', 'client_id', 'azp'], stableClaims: ['sub'] })
    const claims = { iss: 'https://idp.example', sub: 'ann', client_id: 'c', scope: 'a', kind: 'person' }
    expect(dialect && whyNotUserToken(claims, 'ann', dialect)).toBeUndefined()
    expect(dialect && whyNotUserToken({ ...claims, kind: 'robot' }, 'ann', dialect)?.code).toBe(other)
    const named = resolveDialect('https://idp.example', { userClaims: ['is_person'] })
    const judged = (is_person: Json) => named && whyNotUserToken({ ...claims, is_person }, 'ann', named)?.code
    expect([true, 'yes', 1].map(judged)).toEqual([undefined, undefined, undefined])
    expect([false, null, '', []].map(judged)).toEqual([other, other, other, other])
  })

  it.each<[string, unknown]>([
    ['another name', 'okta2'],
    ['a name of the prototype', 'constructor'],
    ['no proof', {}],
    ['an empty proof', { userClaims: [] }],
    ['a proof that is none', { userClaims: [{ claim: 'a' }] }],
    ['an unknown member', { userClaims: ['uid'], userClaim: 'x' }],
    ['an empty list', { userClaims: ['uid'], clientClaims: [] }],
  ])('is refused for %s', (_, dialect) => {
    expect(findDialectFaults(dialect)).toHaveLength(1)
  })
})
