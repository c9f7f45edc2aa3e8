import type { LooseObject } from './signing-key.ts'

/** The claims of a user's access token as Okta issues it, without `iss`; valid for an hour. */
export function userClaims(nowSeconds: number, overrides: LooseObject = {}): LooseObject {
  return {
    ver: 1,
    jti: 'AT.user-token',
    aud: 'api://a',
    iat: nowSeconds,
    exp: nowSeconds + 3600,
    cid: '0oaSpa',
    uid: '00uAnn',
    scp: ['openid', 'a:read'],
    auth_time: nowSeconds - 10,
    sub: 'ann@example.com',
    ...overrides,
  }
}

/** The claims of a delegated token as Okta issues it after the hook's patch, without `iss`. */
export function delegatedClaims(nowSeconds: number, overrides: LooseObject = {}): LooseObject {
  return {
    ver: 1,
    jti: 'AT.delegated-token',
    aud: 'api://b',
    iat: nowSeconds,
    exp: nowSeconds + 300,
    cid: '0oaApiA',
    scp: ['orders:read'],
    sub: 'ann@example.com',
    act: { sub: '0oaApiA', sub_profile: 'service' },
    assertion: {
      iss: 'https://example.okta.com/oauth2/default',
      sub: 'ann@example.com',
      aud: 'api://a',
      exp: nowSeconds + 3600,
      jti: 'AT.user-token',
      cid: '0oaSpa',
      scp: ['openid', 'a:read'],
    },
    ...overrides,
  }
}
