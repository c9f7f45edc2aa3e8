import { signJwt } from '../../signing-key.ts'
import type { Attack, Category } from '../attack.ts'
import { forged, titles } from '../build.ts'

const title = titles('T6')

/** Values of `iss`, made from the right one; every token is signed with the issuer's own key. */
const lookAlikes: Readonly<Record<string, (issuer: string) => unknown>> = {
  missing: () => undefined,
  null: () => null,
  empty: () => '',
  number: () => 1,
  true: () => true,
  list: (issuer) => [issuer],
  object: (issuer) => ({ iss: issuer }),
  'trailing slash': (issuer) => `${issuer}/`,
  'two slashes': (issuer) => issuer.replace('/oauth2', '//oauth2'),
  'upper-case path': (issuer) => issuer.replace('default', 'Default'),
  'upper-case scheme': (issuer) => issuer.replace('http', 'HTTP'),
  https: (issuer) => issuer.replace('http', 'https'),
  'no scheme': (issuer) => issuer.replace('http://', ''),
  'org server': (issuer) => new URL(issuer).origin,
  'one letter less': (issuer) => issuer.slice(0, -1),
  'one letter more': (issuer) => `${issuer}s`,
  'another server': (issuer) => issuer.replace('default', 'aus1other'),
  localhost: (issuer) => issuer.replace('127.0.0.1', 'localhost'),
  'short address': (issuer) => issuer.replace('127.0.0.1', '127.1'),
  'trailing dot of the host': (issuer) => issuer.replace('127.0.0.1', '127.0.0.1.'),
  'user information': (issuer) => issuer.replace('://', '://user@'),
  'as user information': (issuer) => `${issuer.replaceAll('/', '%2F')}@evil.example`,
  'dot segment': (issuer) => issuer.replace('/default', '/./default'),
  'dot segments': (issuer) => issuer.replace('/default', '/x/../default'),
  'percent encoded': (issuer) => issuer.replace('default', '%64efault'),
  query: (issuer) => `${issuer}?x=1`,
  fragment: (issuer) => `${issuer}#`,
  'space before': (issuer) => ` ${issuer}`,
  'space after': (issuer) => `${issuer} `,
  'newline after': (issuer) => `${issuer}\n`,
  nul: (issuer) => `${issuer}\u0000`,
  'zero width': (issuer) => `${issuer}\u200b`,
  'look-alike letter': (issuer) => issuer.replace('a', '\u0430'),
  'right one as a prefix': (issuer) => `${issuer}.evil.example`,
  'right one as a suffix': (issuer) => `https://evil.example/${issuer}`,
  'two with a space': (issuer) => `${issuer} https://evil.example`,
  'object member': () => '__proto__',
  constructor: () => 'constructor',
}

const named: readonly Attack[] = Object.entries(lookAlikes).map(([name, iss]) =>
  forged(
    title(name, `iss: ${name}`),
    (forge) => forge.sign({ iss: iss(forge.issuer.issuer) }),
    'assertion_issuer_untrusted',
  ),
)

const others: readonly Attack[] = [
  forged(
    title('another server with the same key'),
    (forge) => forge.sign({ iss: forge.world.stranger.issuer }),
    'assertion_issuer_untrusted',
  ),
  forged(
    title("attacker's issuer", 'an issuer that would answer with the key that signed'),
    (forge) => signJwt(forge.world.keys.foreign, forge.claims({ iss: forge.world.trapUrl })),
    'assertion_issuer_untrusted',
  ),
  forged(
    title('trusted issuer, key of another trusted issuer'),
    (forge) => forge.sign({}, {}, forge.world.keys.mixed),
    'assertion_signature_invalid',
  ),
]

/** Issuers that look like the trusted one, or share its key. */
export const issuer: Category = { name: 'issuer', attacks: [...named, ...others] }
