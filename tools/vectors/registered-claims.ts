import {
  accepts,
  assertion,
  farAhead,
  issuer,
  longAgo,
  now,
  orders,
  refuses,
  sign,
  type Vector,
} from './vector.ts'

const close = (vector: Vector): Vector => ({ ...vector, needsClock: true })
/** What Okta issues when the hook is down; with the placeholder as its audience. */
const plain = { sub: '0oaApiA', act: undefined, assertion: undefined, aud: 'https://undelegated.invalid' }

/** Whom a token is from and for, and when. */
export const registeredClaims: readonly Vector[] = [
  accepts('as the hook makes it', sign()),
  accepts('several audiences, one of them the API', sign({ aud: ['https://elsewhere.example', orders] })),
  accepts('nbf in the past', sign({ nbf: longAgo })),
  accepts('claims that nobody knows', sign({ 'https://elsewhere.example/claim': { a: [1] } })),

  refuses('another issuer of the same org', sign({ iss: issuer.replace('behalf', 'users') })),
  refuses('an issuer with a slash at the end', sign({ iss: `${issuer}/` })),
  refuses('an issuer in another case', sign({ iss: issuer.replace('example', 'Example') })),
  refuses('a list as issuer', sign({ iss: [issuer] })),
  refuses('no issuer', sign({ iss: undefined })),
  refuses('the plain token of a hook that is down', sign(plain)),
  refuses('a delegated token for nobody', sign({ aud: plain.aud })),
  refuses('another audience', sign({ aud: 'https://stock.example' })),
  refuses('an audience that begins with the API', sign({ aud: `${orders}.elsewhere.example` })),
  refuses('an audience with a slash at the end', sign({ aud: `${orders}/` })),
  refuses(
    'several audiences, the API not among them',
    sign({ aud: ['https://stock.example', `${orders}/`] }),
  ),
  refuses('an audience that is an object', sign({ aud: { [orders]: true } })),
  refuses('no audience', sign({ aud: undefined })),
  refuses('an empty list of audiences', sign({ aud: [] })),

  refuses('expired', sign({ exp: longAgo }), 'token_expired'),
  refuses('no exp', sign({ exp: undefined })),
  refuses('a string as exp', sign({ exp: String(farAhead) })),
  refuses('null as exp', sign({ exp: null })),
  refuses('nbf in the future', sign({ nbf: farAhead })),
  refuses('a string as nbf', sign({ nbf: String(longAgo) })),
  refuses('iat in the future', sign({ iat: farAhead })),

  close(accepts('expires in a second', sign({ exp: now + 1 }), { expiresAt: now + 1 })),
  close(refuses('expires now', sign({ exp: now }), 'token_expired')),
  close(
    refuses('expired within the tolerance, which exp has none of', sign({ exp: now - 1 }), 'token_expired'),
  ),
  close(accepts('nbf at the end of the tolerance', sign({ nbf: now + 60 }))),
  close(refuses('nbf beyond the tolerance', sign({ nbf: now + 61 }))),
  close(accepts('iat at the end of the tolerance', sign({ iat: now + 60 }))),
  close(refuses('iat beyond the tolerance', sign({ iat: now + 61 }))),
  close(
    accepts('its assertion ends in a second', sign({ assertion: assertion({ exp: now + 1 }) }), {
      expiresAt: now + 1,
    }),
  ),
  close(refuses('its assertion ends now', sign({ assertion: assertion({ exp: now }) }), 'token_expired')),
]
