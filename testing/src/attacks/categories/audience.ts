import type { Attack, Category } from '../attack.ts'
import { exchanged, forged, titles } from '../build.ts'

const title = titles('T7')

/** Values of `aud`, made from the right one. */
const audiences: Readonly<Record<string, (audience: string) => unknown>> = {
  missing: () => undefined,
  null: () => null,
  empty: () => '',
  number: () => 1,
  true: () => true,
  'empty list': () => [],
  'list of the empty string': () => [''],
  nested: (audience) => [[audience]],
  object: (audience) => ({ aud: audience }),
  'object like a list': (audience) => ({ 0: audience, length: 1 }),
  'member name': (audience) => ({ [audience]: true }),
  'with a number': (audience) => [audience, 7],
  'with null': (audience) => [audience, null],
  'third api': () => 'api://c',
  'list of others': () => ['api://c', 'api://d'],
  prefix: (audience) => audience.slice(0, -1),
  superstring: (audience) => `${audience}b`,
  'trailing slash': (audience) => `${audience}/`,
  'upper case': (audience) => audience.toUpperCase(),
  'space after': (audience) => `${audience} `,
  'space before': (audience) => ` ${audience}`,
  'two with a space': (audience) => `api://c ${audience}`,
  'two with a comma': (audience) => `api://c,${audience}`,
  wildcard: () => '*',
  'wildcard path': () => 'api://*',
  pattern: () => 'api://.',
  nul: (audience) => `${audience}\u0000`,
  'percent encoded': (audience) => encodeURIComponent(audience),
  'look-alike letter': (audience) => audience.replace('a', '\u0430'),
  'text of a list': (audience) => JSON.stringify([audience]),
  __proto__: () => '__proto__',
  constructor: () => 'constructor',
  'three hundred': () => Array.from({ length: 300 }, (_, index) => `api://${index}`),
}

const named: readonly Attack[] = Object.entries(audiences).map(([name, aud]) =>
  forged(
    title(name, `aud: ${name}`),
    (forge) => forge.sign({ aud: aud(forge.audience) }),
    'assertion_audience_mismatch',
  ),
)

const confusedDeputy: readonly Attack[] = [
  exchanged(
    title('token for api b', 'API A presents a token that was issued for API B'),
    (forge) => forge.sign({ aud: 'api://b' }),
    'assertion_audience_mismatch',
  ),
  exchanged(
    title('token for another client', 'API A presents a token for an API that is another client of the hook'),
    (forge) => forge.sign({ aud: 'api://other' }),
    'client_not_permitted',
  ),
  exchanged(
    title('id token for the application', 'aud is the client id of the application'),
    (forge) => forge.sign({ aud: '0oaSpa' }),
    'assertion_audience_mismatch',
  ),
  exchanged(
    title('token for the presenting client', 'aud is the client id of API A and not its audience'),
    (forge) => forge.sign({ aud: '0oaApiA' }),
    'assertion_audience_mismatch',
  ),
  forged(
    title('one of several', 'aud lists the right one among others'),
    (forge) => forge.sign({ aud: ['api://c', forge.audience] }),
    'permit',
  ),
]

/** Tokens that were issued for somebody else: the confused deputy. */
export const audience: Category = { name: 'audience', attacks: [...named, ...confusedDeputy] }
