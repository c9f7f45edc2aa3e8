import { isDeepStrictEqual } from 'node:util'
import type { Attack, Category, DelegatedClaims } from '../attack.ts'
import { exchanged, requested, titles } from '../build.ts'
import { type Forge, signParts } from '../forge.ts'

const title = titles('T12')

const reserved = [
  ...['acr', 'as_uri', 'auth_time', 'authorization_details', 'groups', 'rpt', 'rsi', 'scp', 'sid'],
  ...['token_type', 'uid', 'username', 'ver'],
]

/** Names that mean something to somebody who writes paths, objects or markup from them. */
const strangeNames = [
  ...[
    '/',
    '~',
    '~0',
    '~1',
    '~2',
    'a/b',
    'a~b',
    '../scp',
    '/claims/scp',
    'claims/scp',
    '/token/lifetime/expiration',
  ],
  ...[
    '',
    ' ',
    '-',
    '0',
    '.',
    '*',
    '$',
    '$ref',
    'a.b',
    'a[0]',
    'a b',
    'a\nb',
    'a\u0000b',
    '"',
    "'",
    '<script>',
  ],
  ...[
    'https://example.com/claims/department',
    'urn:x',
    '\u00e9',
    '\u0430ct',
    '\u{1f600}',
    '__defineGetter__',
  ],
  ...['toString', 'valueOf', 'hasOwnProperty', 'toJSON', 'then', 'length', 'commands', 'error'],
  'n'.repeat(1_000),
]

const kept: readonly Attack[] = [...reserved, ...strangeNames].map((name, index) =>
  exchanged(
    title(`claim name ${index}`, `a claim named ${JSON.stringify(name.slice(0, 60))}`),
    (forge) => withRaw(forge, `${JSON.stringify(name)}:"kept"`),
    'permit',
    {
      inspect: (delegated) =>
        member(delegated.assertion, name) === 'kept' ? undefined : 'the claim is lost',
    },
  ),
)

/** Adds a member in JSON text, so that names which object literals treat in their own way come through. */
function withRaw(forge: Forge, raw: string, changes: Record<string, unknown> = {}): string {
  const claims = Object.fromEntries(
    Object.entries(forge.claims(changes)).filter(([name]) => !raw.startsWith(`"${name}":`)),
  )
  return signParts(
    forge.key,
    '{"alg":"RS256","kid":"key-1"}',
    `${JSON.stringify(claims).slice(0, -1)},${raw}}`,
  )
}

function member(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null) return undefined
  return Object.getOwnPropertyDescriptor(object, name)?.value
}

const pollution: Readonly<Record<string, string>> = {
  proto: '"__proto__":{"polluted":true}',
  'proto with patch': '"__proto__":{"commands":[{"op":"add"}]}',
  constructor: '"constructor":{"prototype":{"polluted":true}}',
  prototype: '"prototype":{"polluted":true}',
  'nested proto': '"x":{"__proto__":{"polluted":true}}',
  'nested constructor': '"x":{"constructor":{"prototype":{"polluted":true}}}',
  'proto in a list': '"x":[{"__proto__":{"polluted":true}}]',
  'escaped proto': '"\\u005f_proto__":{"polluted":true}',
}

const polluting: readonly Attack[] = Object.entries(pollution).map(([name, raw]) =>
  exchanged(title(`pollution ${name}`, `a claim ${raw}`), (forge) => withRaw(forge, raw), 'permit', {
    inspect: (delegated) =>
      JSON.stringify(delegated.assertion).includes('polluted') ||
      JSON.stringify(delegated.assertion).includes('"op"')
        ? 'a dangerous name was copied'
        : undefined,
  }),
)

const values: Readonly<Record<string, unknown>> = {
  list: [1, 'two', { three: 3 }],
  'empty list': [],
  true: true,
  null: null,
  fraction: 0.1,
  'large number': 9_007_199_254_740_991,
  negative: -1,
  'empty object': {},
  'object with a path': { '/claims/scp': ['admin'] },
  commands: [
    { type: 'com.okta.access.patch', value: [{ op: 'add', path: '/claims/scp', value: ['admin'] }] },
  ],
  'text of a command': '"}],"commands":[{"type":"com.okta.access.patch"}],"x":["',
  'text of an error': '","error":{"errorSummary":"x"},"y":"',
  'line breaks': 'a\r\nSet-Cookie: x=1\r\n\r\n{"commands":[]}',
  'control characters': '\u0000\u0007\u001b[31m\u007f\u009b\u2028\u2029',
  markup: '</script><script>alert(1)</script>',
  bidirectional: '\u202e\u2066\u200f',
  'policy text': 'permit(principal, action, resource);',
  template: '{{constructor.constructor("return process")()}}',
  'three kilobytes': 'x'.repeat(3_000),
  'five levels': { a: { b: { c: { d: { e: 1 } } } } },
}

const keptValues: readonly Attack[] = Object.entries(values).map(([name, value]) =>
  exchanged(
    title(`value ${name}`, `a claim whose value is ${name}`),
    (forge) => forge.sign({ x: value }),
    'permit',
    {
      inspect: (delegated) =>
        isDeepStrictEqual(member(delegated.assertion, 'x'), value) ? undefined : 'the value was changed',
    },
  ),
)

const tooLarge: Readonly<Record<string, unknown>> = {
  'text of five kilobytes': 'x'.repeat(5_000),
  'text that grows when escaped': '\u0001'.repeat(900),
  'letters of three bytes': '\u5b89'.repeat(1_800),
  'five hundred members': Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`member${index}`, index]),
  ),
  'long list': Array.from({ length: 2_000 }, () => 1),
  'long name': { ['n'.repeat(5_000)]: 1 },
}

const large: readonly Attack[] = Object.entries(tooLarge).map(([name, value]) =>
  exchanged(title(`too large ${name}`), (forge) => forge.sign({ x: value }), 'claims_too_large'),
)

const special: readonly Attack[] = [
  exchanged(
    title('may_act is conserved', 'it holds for every hop'),
    (forge) => forge.sign({ may_act: { sub: '0oaApiA' } }),
    'permit',
    {
      inspect: ({ assertion }: DelegatedClaims) =>
        isDeepStrictEqual(member(assertion, 'may_act'), { sub: '0oaApiA' }) ? undefined : 'may_act is lost',
    },
  ),
  exchanged(
    title('cnf', 'bound to a key, whose proof an exchange cannot see'),
    (forge) => forge.sign({ cnf: { jkt: 'thumb' } }),
    'assertion_bound',
  ),
  exchanged(
    title('a claim assertion', 'as only a delegated token has it'),
    (forge) => forge.sign({ assertion: { sub: 'eve@example.com' } }),
    'assertion_type_unsupported',
  ),
]

const inTheEvent: readonly Attack[] = [
  requested(
    title('reserved names in the event', 'members of the event named like those of objects'),
    (event) => {
      Object.defineProperty(event.data.access.claims, '__proto__', { value: { sub: 'x' }, enumerable: true })
      event.data.access.claims['constructor'] = { prototype: { polluted: true } }
    },
    'permit',
  ),
  requested(
    title('claims replaced by __proto__', 'the claims of the event are inherited ones'),
    (event) => {
      event.data.access.claims = {}
      Object.defineProperty(event.data.access.claims, '__proto__', {
        value: { cid: '0oaFree' },
        enumerable: true,
      })
    },
    'permit',
  ),
]

/** Claims that would become paths, commands, members of prototypes or whole answers, and stay claims. */
export const injection: Category = {
  name: 'injection',
  attacks: [...kept, ...polluting, ...keptValues, ...large, ...special, ...inTheEvent],
}
