import fc from 'fast-check'

/** How many inputs a property is tried with: 1 000, or what `FUZZ_RUNS` says (`npm run fuzz`: 100 000). */
export const fuzzRuns: number = Number(process.env['FUZZ_RUNS'] ?? 1_000)

/** How long a property may take. */
export const fuzzTimeoutMs: number = 15_000 + fuzzRuns * 20

/**
 * Tries a property, printing the seed first so that any run can be had again with `FUZZ_SEED`. Properties
 * that cost much more than others take a share of the runs.
 */
export async function fuzz<Values extends [unknown, ...unknown[]]>(
  name: string,
  property: fc.IAsyncProperty<Values> | fc.IProperty<Values>,
  share: number = 1,
): Promise<void> {
  const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)
  const numRuns = Math.ceil(fuzzRuns * share)
  console.log(`fuzz ${name}: ${numRuns} runs, FUZZ_SEED=${seed}`)
  await fc.assert(property, { seed, numRuns })
}

const reserved = [
  ...['acr', 'as_uri', 'auth_time', 'cid', 'cnf', 'exp', 'groups', 'iat', 'iss', 'jti', 'rsi', 'scp', 'sid'],
  ...[
    'token_type',
    'uid',
    'username',
    'ver',
    'sub',
    'aud',
    'nbf',
    'act',
    'may_act',
    'assertion',
    'nonce',
    'azp',
  ],
]
const dangerous = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'toJSON',
  'then',
  'hasOwnProperty',
  'length',
]
const pathLike = ['/', '~', '~0', '~1', '../x', '/claims/scp', 'a/b', '', '-', '0', ' ']

/** Names of claims and members that mean something to somebody. */
export const names: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...reserved),
  fc.constantFrom(...dangerous),
  fc.constantFrom(...pathLike),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
)

/** Values of every kind and depth, under such names. */
export const values: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.oneof(
      fc.constantFrom(
        null,
        true,
        false,
        0,
        -1,
        5e-324,
        2 ** 53 - 1,
        '',
        '0oaApiA',
        'ann@example.com',
        'POST',
      ),
      fc.integer(),
      fc.double({ noNaN: true, min: -(2 ** 52), max: 2 ** 52 }),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
})).value

/** Objects of such values, with every name as a member of its own. */
export const objects: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc
  .array(fc.tuple(names, values), { maxLength: 8 })
  .map((members) => Object.fromEntries(members))
