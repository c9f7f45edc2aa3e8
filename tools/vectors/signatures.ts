import { encodePart, type LooseObject, signHmacJwt, signJwt } from '@behalf/testing'
import { keys } from './keys.ts'
import { accepts, delegated, refuses, sign, type Vector } from './vector.ts'

const good = sign()
const [header = '', payload = '', signature = ''] = good.split('.')
const pem = keys.signing.publicKey.export({ type: 'spki', format: 'pem' })
const anotherUser = encodePart(delegated({ sub: 'eve@example.com' }))
/** With the last bits set that do not belong to any byte. */
const notCanonical = `${signature.slice(0, -1)}${{ A: 'B', Q: 'R', g: 'h', w: 'x' }[signature.slice(-1)]}`

/** Signs the very text, which a program would not write. */
const signText = (claims: string, head: LooseObject | string = {}): string =>
  signJwt(keys.signing, claims, head)
const text = JSON.stringify(delegated())

/** Form, header and signature. */
export const signatures: readonly Vector[] = [
  accepts('type at+jwt', sign({}, { typ: 'at+jwt' })),
  accepts('type JWT', sign({}, { typ: 'JWT' })),
  accepts('type application/at+jwt', sign({}, { typ: 'application/at+jwt' })),
  accepts('signed by the other published key', signJwt(keys.next, delegated())),

  refuses('another payload under the signature', `${header}.${anotherUser}.${signature}`),
  refuses('no signature', `${header}.${payload}.`),
  refuses('a signature of another token', `${header}.${payload}.${sign({ jti: 'AT.other' }).split('.')[2]}`),
  refuses(
    'signed by a key that is not published, under a published kid',
    signJwt(keys.unpublished, delegated()),
  ),
  refuses('a kid that is not published', sign({}, { kid: 'elsewhere' })),
  refuses('no kid', sign({}, { kid: undefined })),
  refuses('a kid of another published key', sign({}, { kid: keys.next.kid })),
  refuses('a kid that is no string', sign({}, { kid: 1 })),
  refuses('a kid that is a list', sign({}, { kid: [keys.signing.kid] })),
  refuses('signed by a key that is published for encryption', signJwt(keys.encryption, delegated())),
  refuses(
    'signed by a published key of an algorithm that is not accepted',
    signJwt(keys.edwards, delegated()),
  ),
  refuses('alg none', `${encodePart({ alg: 'none', kid: keys.signing.kid })}.${payload}.`),
  refuses('alg None', `${encodePart({ alg: 'None', kid: keys.signing.kid })}.${payload}.`),
  refuses('HS256 with the published key as secret', signHmacJwt(pem, delegated(), { kid: keys.signing.kid })),
  refuses(
    'an algorithm of the same key that is not accepted',
    signJwt({ ...keys.signing, algorithm: 'RS512' }, delegated()),
  ),
  refuses(
    'RS256 signed as RS512',
    signJwt({ ...keys.signing, algorithm: 'RS512' }, delegated(), { alg: 'RS256' }),
  ),
  refuses('no alg', sign({}, { alg: undefined })),
  refuses(
    'a key of its own in the header',
    signJwt(keys.unpublished, delegated(), { jwk: keys.unpublished.jwk, kid: 'own' }),
  ),
  refuses(
    'a key set of its own in the header',
    signJwt(keys.unpublished, delegated(), { jku: 'https://elsewhere.example/keys', kid: 'own' }),
  ),
  refuses('a critical extension', sign({}, { crit: ['exp'] })),
  refuses(
    'a critical extension that nobody knows',
    sign({}, { crit: ['https://elsewhere.example/x'], 'https://elsewhere.example/x': 1 }),
  ),
  refuses('type dpop+jwt', sign({}, { typ: 'dpop+jwt' })),
  refuses('type logout+jwt', sign({}, { typ: 'logout+jwt' })),
  refuses('type sealed-assertion+jwt', sign({}, { typ: 'sealed-assertion+jwt' })),
  refuses('a type that is no string', sign({}, { typ: ['at+jwt'] })),

  refuses('no token', '', 'token_missing'),
  refuses('one part', header),
  refuses('two parts', `${header}.${payload}`),
  refuses('four parts', `${good}.`),
  refuses('five parts', `${header}....${signature}`),
  refuses('a blank at the end', `${good} `),
  refuses('padding', `${header}.${payload}.${signature}==`),
  refuses(
    'base64 in place of base64url',
    `${header}.${payload}.${signature.replaceAll('-', '+').replaceAll('_', '/')}`,
  ),
  refuses('a signature in another spelling of the same bytes', `${header}.${payload}.${notCanonical}`),
  refuses('a payload that is a list', signText('[]')),
  refuses('a payload that is no JSON', signText('{')),
  refuses('a header that is a list', signText(text, '[]')),
  refuses('a header that is a string', signText(text, '"RS256"')),
  refuses('a header that is no JSON', signText(text, 'RS256')),
  refuses('a claim that is there twice', signText(text.replace('"sub"', '"sub":"eve@example.com","sub"'))),
  refuses(
    'a member of act that is there twice',
    signText(text.replace('"sub_profile"', '"sub":"0oaApiA","sub_profile"')),
  ),
  refuses(
    'a claim that is there twice, once with an escape',
    signText(text.replace('"sub"', '"\\u0073ub":"eve@example.com","sub"')),
  ),
  refuses(
    'a member of the header that is there twice',
    signText(text, `{"alg":"none","alg":"RS256","kid":"${keys.signing.kid}"}`),
  ),
]
