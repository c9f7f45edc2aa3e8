import { signJwt } from '../../signing-key.ts'
import type { Attack, Category } from '../attack.ts'
import { exchanged, forged, titles } from '../build.ts'
import type { Forge } from '../forge.ts'

const title = titles('T10')

const types: Readonly<Record<string, unknown>> = {
  'id token': 'id_token+jwt',
  'logout token': 'logout+jwt',
  'security event': 'secevent+jwt',
  'dpop proof': 'dpop+jwt',
  'client assertion': 'client-authentication+jwt',
  'authorization request': 'oauth-authz-req+jwt',
  'introspection response': 'token-introspection+jwt',
  'entity statement': 'entity-statement+jwt',
  'verifiable credential': 'vc+jwt',
  'status list': 'statuslist+jwt',
  'key binding': 'kb+jwt',
  'identity assertion grant': 'oauth-id-jag+jwt',
  jose: 'JOSE',
  'json jose': 'JOSE+JSON',
  empty: '',
  null: null,
  number: 1,
  list: ['at+jwt'],
  'space after': 'at+jwt ',
  'letter before': 'xat+jwt',
  'letter after': 'at+jwtx',
  'twice application': 'application/application/at+jwt',
  parameter: 'at+jwt;v=1',
}

const typed: readonly Attack[] = Object.entries(types).map(([name, typ]) =>
  forged(
    title(`typ of ${name}`, `typ: ${name}`),
    (forge) => forge.sign({}, { typ }),
    'assertion_type_unsupported',
  ),
)

const accessTokenTypes = ['at+jwt', 'AT+JWT', 'application/at+jwt', 'JWT', 'jwt']

const accessTokens: readonly Attack[] = accessTokenTypes.map((typ, index) =>
  forged(
    title(`typ ${index} of an access token`, `typ: ${typ}`),
    (forge) => forge.sign({}, { typ }),
    'permit',
  ),
)

/** An ID token as Okta issues it, for an application that is an audience of the hook by mistake. */
const idToken = (forge: Forge, changes: Record<string, unknown> = {}): string =>
  signJwt(forge.key, {
    iss: forge.issuer.issuer,
    sub: 'ann@example.com',
    aud: forge.audience,
    iat: forge.nowSeconds,
    exp: forge.nowSeconds + 3_600,
    jti: 'ID.1',
    ver: 1,
    amr: ['pwd'],
    idp: '00o1',
    auth_time: forge.nowSeconds,
    ...changes,
  })

const otherTokens: Readonly<Record<string, (forge: Forge) => string>> = {
  'id token with nonce': (forge) => idToken(forge, { nonce: 'n' }),
  'id token with at_hash': (forge) => idToken(forge, { at_hash: 'h' }),
  'id token with c_hash': (forge) => idToken(forge, { c_hash: 'h' }),
  'id token with s_hash': (forge) => idToken(forge, { s_hash: 'h' }),
  'id token without any of them': (forge) => idToken(forge),
  'id token with azp': (forge) => idToken(forge, { azp: '0oaSpa' }),
  'id token with nonce and scp': (forge) => forge.sign({ nonce: 'n' }),
  'id token of cognito': (forge) => forge.sign({ token_use: 'id' }),
  'id token of keycloak': (forge) => idToken(forge, { typ: 'ID', azp: '0oaSpa' }),
  'refresh token of keycloak': (forge) => forge.sign({ typ: 'Refresh' }),
  'logout token without typ': (forge) =>
    forge.sign({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
  'security event without typ': (forge) => forge.sign({ events: {} }),
  'dpop proof without typ': (forge) => forge.sign({ htm: 'POST', htu: 'https://example.com/token' }),
  'dpop proof with ath': (forge) => forge.sign({ ath: 'h' }),
}

const others: readonly Attack[] = Object.entries(otherTokens).map(([name, token]) =>
  exchanged(title(name), token, 'assertion_type_unsupported'),
)

const foreign: readonly Attack[] = [
  forged(
    title('client assertion', 'a private_key_jwt of the client itself, as the assertion'),
    (forge) =>
      signJwt(forge.world.keys.foreign, {
        iss: '0oaApiA',
        sub: '0oaApiA',
        aud: `${forge.issuer.issuer}/v1/token`,
        exp: forge.nowSeconds + 300,
        jti: '1',
      }),
    'assertion_issuer_untrusted',
  ),
  exchanged(
    title('self-issued user', 'the client writes a token for the user and signs it itself'),
    (forge) => signJwt(forge.world.keys.foreign, forge.claims({ iss: '0oaApiA' })),
    'assertion_issuer_untrusted',
  ),
]

const machines: Readonly<Record<string, Record<string, unknown>>> = {
  'machine token of the presenting client': { sub: '0oaApiA', cid: '0oaApiA' },
  'machine token of another client': { sub: '0oaOther', cid: '0oaOther' },
  'subject is the presenting client': { sub: '0oaApiA', cid: '0oaSpa' },
  'machine token with client_id': { sub: '0oaM2m', cid: undefined, client_id: '0oaM2m' },
  'machine token with azp': { sub: '0oaM2m', cid: undefined, azp: '0oaM2m' },
  'machine token with appid': { sub: '0oaM2m', cid: undefined, appid: '0oaM2m' },
  'machine token of auth0': { sub: '0oaM2m@clients', azp: '0oaM2m', gty: 'client-credentials' },
  'app-only token of entra': { sub: '5f2c', azp: '0oaM2m', idtyp: 'app' },
}

const machine: readonly Attack[] = Object.entries(machines).map(([name, claims]) =>
  exchanged(title(name), (forge) => forge.sign(claims), 'assertion_subject_machine'),
)

/** Tokens that are right in every way, but for being no user's access token. */
export const tokenKind: Category = {
  name: 'kind of token',
  attacks: [...typed, ...accessTokens, ...others, ...foreign, ...machine],
}
