import type { Attack, Category } from '../attack.ts'
import { chained, forged, titles } from '../build.ts'
import { type Forge, signParts } from '../forge.ts'

const title = titles('T8')

const notDates: Readonly<Record<string, (now: number) => unknown>> = {
  null: () => null,
  text: (now) => String(now + 600),
  'text that is empty': () => '',
  'text of infinity': () => 'Infinity',
  true: () => true,
  list: (now) => [now + 600],
  object: () => ({}),
  negative: () => -1,
  'very negative': () => -1e308,
  'with a fraction': (now) => now + 600.5,
  'almost whole': (now) => now + 600.000_001,
  'in milliseconds': (now) => (now + 600) * 1_000,
  '1e308': () => 1e308,
  'past the year 9999': () => 253_402_300_800,
  'past safe integers': () => 2 ** 53,
  'past 64 bits': () => 2 ** 64,
}

const malformed: readonly Attack[] = ['exp', 'nbf', 'iat'].flatMap((name) => [
  ...Object.entries(notDates).map(([kind, value]) =>
    forged(
      title(`${name} ${kind}`),
      (forge) => forge.sign({ [name]: value(forge.nowSeconds) }),
      'assertion_malformed',
    ),
  ),
  forged(
    title(`${name} 1e999`),
    (forge) => signParts(forge.key, header, withRaw(forge, name, '1e999')),
    'assertion_malformed',
  ),
])

const header = '{"alg":"RS256","kid":"key-1"}'

function withRaw(forge: Forge, name: string, raw: string): string {
  return JSON.stringify(forge.claims({ [name]: 'RAW' })).replace('"RAW"', raw)
}

const past: Readonly<Record<string, (now: number) => number>> = {
  zero: () => 0,
  'minus zero': () => -0,
  'the first second': () => 1,
  'a year ago': (now) => now - 31_536_000,
  'a minute ago': (now) => now - 60,
  'two seconds ago': (now) => now - 2,
  'this second': (now) => now,
}

const expired: readonly Attack[] = [
  forged(title('exp missing'), (forge) => forge.sign({ exp: undefined }), 'assertion_malformed'),
  ...Object.entries(past).map(([name, exp]) =>
    forged(
      title(`exp ${name}`),
      (forge) => forge.sign({ exp: exp(forge.nowSeconds) }),
      'assertion_expired',
      'token_expired',
    ),
  ),
]

const future: readonly Attack[] = ['nbf', 'iat'].flatMap((name) =>
  [90, 3_600, 86_400 * 365].map((seconds) =>
    forged(
      title(`${name} in ${seconds} seconds`),
      (forge) => forge.sign({ [name]: forge.nowSeconds + seconds, exp: forge.nowSeconds + seconds + 86_400 }),
      'assertion_not_yet_valid',
    ),
  ),
)

const originEnded = (
  id: string,
  ends: (now: number) => unknown,
  code: 'assertion_expired' | 'permit',
): Attack =>
  chained(
    title(id, `the assertion is a delegated token itself, whose origin has exp: ${id}`),
    (forge) =>
      forge.sign({
        assertion: { iss: forge.world.okta.issuer, sub: 'ann@example.com', exp: ends(forge.nowSeconds) },
      }),
    code,
  )

const chains: readonly Attack[] = [
  originEnded('origin ended', (now) => now - 10, 'assertion_expired'),
  originEnded('origin ends this second', (now) => now, 'assertion_expired'),
  originEnded('origin goes on', (now) => now + 600, 'permit'),
]

const within: readonly Attack[] = [
  forged(title('nbf in 30 seconds'), (forge) => forge.sign({ nbf: forge.nowSeconds + 30 }), 'permit'),
  forged(title('iat in 30 seconds'), (forge) => forge.sign({ iat: forge.nowSeconds + 30 }), 'permit'),
  forged(title('nbf and iat missing'), (forge) => forge.sign({ nbf: undefined, iat: undefined }), 'permit'),
  forged(title('iat zero'), (forge) => forge.sign({ iat: 0 }), 'permit'),
  forged(title('exp in the year 9999'), (forge) => forge.sign({ exp: 253_402_300_799 }), 'permit'),
  forged(title('exp in ten seconds'), (forge) => forge.sign({ exp: forge.nowSeconds + 10 }), 'permit'),
]

/** Times that are missing, no times, past or yet to come. */
export const time: Category = {
  name: 'time',
  attacks: [...malformed, ...expired, ...future, ...chains, ...within],
}
