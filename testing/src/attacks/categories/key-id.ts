import { signJwt } from '../../signing-key.ts'
import type { Attack, Category } from '../attack.ts'
import { type Extras, forged, titles } from '../build.ts'

const title = titles('T4')
const onMixed: Extras = { apiTrusts: 'mixed' }

const kids: Readonly<Record<string, unknown>> = {
  missing: undefined,
  null: null,
  number: 1,
  zero: 0,
  true: true,
  list: ['key-1'],
  object: { kid: 'key-1' },
  'object with toString': { toString: 'key-1' },
  empty: '',
  'one character too long': 'k'.repeat(257),
  'ten kilobytes': 'k'.repeat(8_000),
  path: '../../../../dev/null',
  'absolute path': '/dev/null',
  'path to a key': 'key-1/../key-1',
  'windows path': '..\\..\\key-1',
  'file url': 'file:///dev/null',
  'http url': 'http://127.0.0.1/keys',
  sql: "key-1' OR '1'='1",
  'sql union': "' UNION SELECT 'secret' --",
  ldap: '*)(kid=*',
  shell: '$(touch pwned)',
  template: '{{7*7}}',
  wildcard: '*',
  constructor: 'constructor',
  proto: '__proto__',
  prototype: 'prototype',
  'to string': 'toString',
  'has own property': 'hasOwnProperty',
  'value of': 'valueOf',
  length: 'length',
  'array index': '0',
  'upper case': 'KEY-1',
  'trailing space': 'key-1 ',
  'leading space': ' key-1',
  nul: 'key-1\u0000',
  'newline and another': 'key-1\nkey-1',
  'full width': '\uff4bey-1',
  'zero width': 'key-1\u200b',
  'text of undefined': 'undefined',
  'text of null': 'null',
}

const looked: readonly Attack[] = Object.entries(kids).map(([name, kid]) =>
  forged(title(`kid ${name}`, `kid: ${name}`), (forge) => forge.sign({}, { kid }), 'assertion_key_unknown'),
)

const shared: readonly Attack[] = [
  forged(
    title('first of two keys with one kid'),
    (forge) => signJwt(forge.world.keys.twin, forge.claims()),
    'permit',
  ),
  forged(
    title('second of two keys with one kid'),
    (forge) => signJwt(forge.world.keys.otherTwin, forge.claims()),
    'permit',
  ),
  forged(
    title('third under a kid of two keys'),
    (forge) => forge.sign({}, { kid: 'twin' }),
    'assertion_signature_invalid',
  ),
  forged(
    title("kid of another issuer's key"),
    (forge) => signJwt(forge.world.keys.ps256, forge.claims(), { alg: 'RS256' }),
    'assertion_key_unknown',
  ),
  forged(
    title('kid that two issuers share', "the issuer's own key under a kid that another issuer uses, too"),
    (forge) => forge.sign(),
    'permit',
    undefined,
    onMixed,
  ),
  forged(
    title("kid that two issuers share, the other's key"),
    (forge) => forge.sign({}, {}, forge.world.keys.okta),
    'assertion_signature_invalid',
    undefined,
    onMixed,
  ),
]

/** Key ids of every kind; a key is found by exact name among its issuer's, or not at all. */
export const keyId: Category = { name: 'key id', attacks: [...looked, ...shared] }
