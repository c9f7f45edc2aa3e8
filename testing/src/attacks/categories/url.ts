import type { Attack, Category, HookOutcome } from '../attack.ts'
import { goodAssertion, oktaCall, sent, titles } from '../build.ts'
import type { World } from '../world.ts'

const presence = titles('T15')
const shape = titles('T16')
const base = 'https://example.okta.com/oauth2/default/v1/token'

/** The URL of a token request that is made from a valid assertion. */
type UrlOf = (token: string, world: World) => string

const missing: Readonly<Record<string, UrlOf>> = {
  'no query': () => base,
  'empty query': () => `${base}?`,
  'empty value': () => `${base}?assertion=`,
  'no value': () => `${base}?assertion`,
  'other parameters': (token) => `${base}?token=${token}&subject_token=${token}&client_assertion=${token}`,
  'in upper case': (token) => `${base}?ASSERTION=${token}`,
  capitalised: (token) => `${base}?Assertion=${token}`,
  'with a bracket': (token) => `${base}?assertion[]=${token}`,
  'with an index': (token) => `${base}?assertion[0]=${token}`,
  'with a member': (token) => `${base}?assertion[value]=${token}`,
  'with a dot': (token) => `${base}?assertion.value=${token}`,
  'with an encoded bracket': (token) => `${base}?assertion%5B%5D=${token}`,
  'with a space after the name': (token) => `${base}?assertion%20=${token}`,
  'with a plus after the name': (token) => `${base}?assertion+=${token}`,
  'with a space before the name': (token) => `${base}?%20assertion=${token}`,
  'with a tab before the name': (token) => `${base}?%09assertion=${token}`,
  'with a newline before the name': (token) => `${base}?%0Aassertion=${token}`,
  'with a nul after the name': (token) => `${base}?assertion%00=${token}`,
  'name encoded twice': (token) => `${base}?%2561ssertion=${token}`,
  'name encoded three times': (token) => `${base}?%252561ssertion=${token}`,
  'equals sign encoded': (token) => `${base}?assertion%3D${token}`,
  'ampersand encoded': (token) => `${base}?x=1%26assertion=${token}`,
  'ampersand as an entity': (token) => `${base}?x=1&amp;assertion=${token}`,
  'question mark encoded': (token) => `${base}%3Fassertion=${token}`,
  'behind a semicolon': (token) => `${base}?x=1;assertion=${token}`,
  'behind a second question mark': (token) => `${base}?x=1?assertion=${token}`,
  'in the fragment': (token) => `${base}#assertion=${token}`,
  'in the fragment with a question mark': (token) => `${base}#?assertion=${token}`,
  'in the fragment behind a query': (token) => `${base}?x=1#assertion=${token}`,
  'in the name': (token) => `${base}?${token}=assertion`,
  'look-alike letter': (token) => `${base}?%D0%B0ssertion=${token}`,
  'full-width letter': (token) => `${base}?%EF%BD%81ssertion=${token}`,
  'zero width': (token) => `${base}?assertion%E2%80%8B=${token}`,
  'name broken by percent': (token) => `${base}?assertion%=${token}`,
}

const codeOfMissing = (name: string): HookOutcome =>
  // Without its question mark the address is not that of a token endpoint any more.
  name === 'question mark encoded' ? 'request_unsupported' : 'assertion_missing'

const several: Readonly<Record<string, UrlOf>> = {
  twice: (token) => `${base}?assertion=${token}&assertion=${token}`,
  'good one and a bad one': (token) => `${base}?assertion=${token}&assertion=x`,
  'bad one and a good one': (token) => `${base}?assertion=x&assertion=${token}`,
  'empty one and a good one': (token) => `${base}?assertion=&assertion=${token}`,
  'good one and an empty one': (token) => `${base}?assertion=${token}&assertion`,
  'three times': (token) => `${base}?${`assertion=${token}&`.repeat(3)}`,
  'a thousand times': () => `${base}?${'assertion=x&'.repeat(1_000)}`,
  'once encoded': (token) => `${base}?assertion=${token}&%61ssertion=${token}`,
  'once encoded all over': (token) => `${base}?%61%73%73%65%72%74%69%6f%6E=${token}&assertion=${token}`,
  'once in upper case': (token) => `${base}?assertion=${token}&ASSERTION=${token}`,
  'once with a bracket': (token) => `${base}?assertion=${token}&assertion[]=${token}`,
  'once with an encoded bracket': (token) => `${base}?assertion%5B0%5D=${token}&assertion=${token}`,
  'once encoded twice': (token) => `${base}?assertion=${token}&%2561ssertion=${token}`,
  'once with a space': (token) => `${base}?assertion=${token}&assertion%20=${token}`,
}

const broken: Readonly<Record<string, UrlOf>> = {
  'broken percent in the value': (token) => `${base}?assertion=${token}%`,
  'broken percent sequence in the value': (token) => `${base}?assertion=%zz${token}`,
  'percent sequence that is no utf-8': (token) => `${base}?assertion=${token}%ff`,
  'value encoded twice': (token) => `${base}?assertion=${token.replaceAll('.', '%252E')}`,
  'space in the value': (token) => `${base}?assertion=${token}%20`,
  'plus in the value': (token) => `${base}?assertion=${token}+`,
  'newline in the value': (token) => `${base}?assertion=${token}%0A`,
  'nul in the value': (token) => `${base}?assertion=${token}%00`,
  'semicolon in the value': (token) => `${base}?assertion=${token};x=1`,
  'comma and another': (token) => `${base}?assertion=${token},${token}`,
  'second equals sign': (token) => `${base}?assertion==${token}`,
  'scheme in the value': (token) => `${base}?assertion=Bearer%20${token}`,
  'quotes round the value': (token) => `${base}?assertion=%22${token}%22`,
  'one letter': () => `${base}?assertion=x`,
  'text of null': () => `${base}?assertion=null`,
}

const notUrls: Readonly<Record<string, UrlOf>> = {
  empty: () => '',
  'no url': () => 'assertion',
  'path alone': (token) => `/oauth2/default/v1/token?assertion=${token}`,
  'no scheme': (token) => `//example.okta.com/oauth2/default/v1/token?assertion=${token}`,
  ftp: (token) => `ftp://example.okta.com/oauth2/default/v1/token?assertion=${token}`,
  javascript: (token) => `javascript:/oauth2/default/v1/token?assertion=${token}`,
  file: (token) => `file:///oauth2/default/v1/token?assertion=${token}`,
  data: (token) => `data:text/plain,/v1/token?assertion=${token}`,
  'user information': (token) =>
    `https://user:password@example.okta.com/oauth2/default/v1/token?assertion=${token}`,
  'assertion as user': (token) => `https://assertion=${token}@example.okta.com/oauth2/default/v1/token`,
  'no host': (token) => `https:///oauth2/default/v1/token?assertion=${token}`.replace('///', '//?'),
  'bad port': (token) => `https://example.okta.com:99999/oauth2/default/v1/token?assertion=${token}`,
  'bad address': (token) => `https://[::1/oauth2/default/v1/token?assertion=${token}`,
  backslashes: (token) => `https:\\\\example.okta.com\\oauth2\\default\\v1\\token?assertion=${token}`,
  'backslash in the query': (token) => `${base}?x=\\&assertion=${token}`,
  space: (token) => `${base}?x= &assertion=${token}`,
  'space before': (token) => ` ${base}?assertion=${token}`,
  'tab in the name': (token) => `${base}?asser\ttion=${token}`,
  'newline in the name': (token) => `${base}?asser\ntion=${token}`,
  'newline after': (token) => `${base}?assertion=${token}\n`,
  nul: (token) => `${base}?assertion=${token}\u0000`,
  'letters beyond ascii': (token) => `${base}?name=\u00e9&assertion=${token}`,
  'half a surrogate pair': (token) => `${base}?x=\ud800&assertion=${token}`,
  'upper-case scheme': (token) => `HTTPS://example.okta.com/oauth2/default/v1/token?assertion=${token}`,
}

const wrongTypes: Readonly<Record<string, unknown>> = {
  missing: undefined,
  null: null,
  number: 1,
  list: [`${base}?assertion=x`],
  object: { href: base },
}

const exchanges: Readonly<Record<string, UrlOf>> = {
  'name encoded': (token) => `${base}?%61ssertion=${token}`,
  'name encoded all over': (token) => `${base}?%61%73%73%65%72%74%69%6F%6E=${token}`,
  'value encoded': (token) => `${base}?assertion=${token.replaceAll('.', '%2E').replaceAll('e', '%65')}`,
  'last of many': (token) => `${base}?a=1&b=2&c&d=&assertion=${token}`,
  'first of many': (token) => `${base}?assertion=${token}&a=1&b=2&c&d=`,
  'empty parameters': (token) => `${base}?&&&assertion=${token}&&`,
  'fragment after it': (token) => `${base}?assertion=${token}#top`,
  'broken percent elsewhere': (token) => `${base}?x=%&y=%zz&%=1&assertion=${token}`,
  'bytes that are no utf-8 elsewhere': (token) => `${base}?x=%ff%fe&assertion=${token}`,
  'two thousand parameters': (token) => `${base}?${'x=1&'.repeat(2_000)}assertion=${token}`,
  'two thousand encoded parameters': (token) => `${base}?${'%2578=%2531&'.repeat(2_000)}assertion=${token}`,
  'two thousand fragments': (token) => `${base}?assertion=${token}#${'x&'.repeat(2_000)}`,
  'parameters named like members': (token) =>
    `${base}?__proto__=1&constructor=2&__proto__[polluted]=1&assertion=${token}`,
  'parameters that look alike': (token) =>
    `${base}?assertions=1&assertion_type=2&client_assertion=3&assertion=${token}`,
  port: (token) => base.replace('.com', '.com:443').concat(`?assertion=${token}`),
  'custom domain': (token) => `https://login.example.com/oauth2/aus1/v1/token?assertion=${token}`,
}

const presented = (id: string, url: UrlOf, hook: HookOutcome, title: typeof shape): Attack =>
  sent(title(id), (world) => oktaCall(world, { url: url(goodAssertion(world), world) }), hook)

const rows = (
  urls: Readonly<Record<string, UrlOf>>,
  prefix: string,
  hook: HookOutcome | ((name: string) => HookOutcome),
  title: typeof shape,
): readonly Attack[] =>
  Object.entries(urls).map(([name, url]) =>
    presented(`${prefix} ${name}`, url, typeof hook === 'function' ? hook(name) : hook, title),
  )

const huge: readonly Attack[] = [
  presented(
    'value of seventeen kilobytes',
    () => `${base}?assertion=${'a'.repeat(17_000)}`,
    'assertion_too_large',
    presence,
  ),
  presented(
    'value of 200 kilobytes',
    () => `${base}?assertion=${'a.'.repeat(100_000)}`,
    'assertion_too_large',
    presence,
  ),
  presented(
    'value of 200 kilobytes encoded',
    () => `${base}?assertion=${'%61'.repeat(66_000)}`,
    'assertion_too_large',
    presence,
  ),
  presented(
    'url of two megabytes',
    (token) => `${base}?x=${'x'.repeat(2_000_000)}&assertion=${token}`,
    'request_malformed',
    shape,
  ),
  presented(
    'sixty thousand parameters',
    (token) => `${base}?${'x=1&'.repeat(60_000)}assertion=${token}`,
    'request_malformed',
    shape,
  ),
  presented(
    'a hundred thousand ampersands',
    (token) => `${base}?${'&'.repeat(100_000)}assertion=${token}`,
    'request_malformed',
    shape,
  ),
  presented(
    'a hundred thousand semicolons',
    () => `${base}?${';'.repeat(100_000)}`,
    'assertion_missing',
    shape,
  ),
  presented(
    'a hundred thousand percent signs',
    (token) => `${base}?${'%'.repeat(100_000)}&assertion=${token}`,
    'permit',
    shape,
  ),
  presented(
    'a hundred thousand brackets',
    () => `${base}?assertion${'['.repeat(100_000)}`,
    'assertion_missing',
    shape,
  ),
  presented(
    'a hundred thousand spaces',
    () => `${base}?assertion${'+'.repeat(100_000)}x`,
    'assertion_missing',
    shape,
  ),
]

/** Where an assertion stands in the URL of the token request, and all the places where none may stand. */
export const url: Category = {
  name: 'url',
  attacks: [
    ...rows(missing, 'missing', codeOfMissing, presence),
    ...rows(several, 'several', 'assertion_duplicated', presence),
    ...rows(broken, 'broken', 'assertion_malformed', presence),
    ...rows(notUrls, 'no url', 'request_malformed', shape),
    ...Object.entries(wrongTypes).map(([name, value]) =>
      sent(
        shape(`url ${name}`),
        (world) => oktaCall(world, {}, (event) => Object.assign(event.data.context.request.url, { value })),
        'request_malformed',
      ),
    ),
    ...rows(exchanges, 'exchange', 'permit', shape),
    ...huge,
  ],
}
