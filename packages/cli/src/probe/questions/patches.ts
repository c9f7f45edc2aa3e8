import type { Json, JsonObject } from '@behalf/core'
import type { FactId } from '@behalf/sandbox'
import { CommandError } from '../../terminal/command.ts'
import type { Bench, Observation, Question } from '../question.ts'
import { add, nobody, notCalled, patching, replace } from './commands.ts'

type Expected = Readonly<Record<string, Json | undefined>>

/** An answer of the hook, and what is in the token when it was applied. */
interface PatchRow {
  readonly id: FactId
  readonly question: string
  readonly assumed: 'applied' | 'dropped'
  readonly source: string
  readonly operations: readonly JsonObject[]
  readonly expected: Expected
  readonly needs?: readonly FactId[]
}

const reference = "Okta's reference: a note of its own says that `sub` and `aud` may be modified"
const untold = 'nobody says; the choice that is harder on a hook'
const { audience, subject, actor } = nobody

const rows: readonly PatchRow[] = [
  {
    id: 'aud-replaced',
    question: 'is `aud` of a machine token replaced',
    assumed: 'applied',
    source: reference,
    operations: [replace('aud', audience)],
    expected: { aud: audience },
  },
  {
    id: 'sub-replaced',
    question: 'is `sub` of a machine token replaced',
    assumed: 'applied',
    source: reference,
    operations: [replace('sub', subject)],
    expected: { sub: subject },
  },
  {
    id: 'act-added',
    question: 'is `act` added',
    assumed: 'applied',
    source: "not on the published list of reserved claims; Okta's own agent tokens carry it",
    operations: [add('act', { sub: actor })],
    expected: { act: { sub: actor } },
  },
  {
    id: 'nested-act-added',
    question: 'is an `act` added that nests another',
    assumed: 'applied',
    source: 'as above',
    operations: [add('act', { sub: actor, act: { sub: 'outer.probe.invalid' } })],
    expected: { act: { sub: actor, act: { sub: 'outer.probe.invalid' } } },
  },
  {
    id: 'delegation-in-one-patch',
    question: '`aud`, `sub` and `act` in one answer, as the hook of Behalf does',
    assumed: 'applied',
    source: 'follows from the four above',
    operations: [replace('aud', audience), replace('sub', subject), add('act', { sub: actor })],
    expected: { aud: audience, sub: subject, act: { sub: actor } },
    needs: ['aud-replaced', 'sub-replaced', 'act-added'],
  },
  {
    id: 'aud-list',
    question: '`aud` replaced by a list',
    assumed: 'applied',
    source: 'nobody says; a server has one audience itself',
    operations: [replace('aud', [audience])],
    expected: { aud: [audience] },
    needs: ['aud-replaced'],
  },
  {
    id: 'list-value',
    question: 'a list as value of a claim',
    assumed: 'applied',
    source: "Okta's blog of 2019 shows the token",
    operations: [add('probe_list', ['a', 'b'])],
    expected: { probe_list: ['a', 'b'] },
  },
  {
    id: 'boolean-value',
    question: 'a bare boolean as value',
    assumed: 'applied',
    source: 'nobody says',
    operations: [add('probe_boolean', true)],
    expected: { probe_boolean: true },
  },
  {
    id: 'fraction-value',
    question: 'a number that is not whole as value',
    assumed: 'applied',
    source: 'nobody says',
    operations: [add('probe_fraction', 0.5)],
    expected: { probe_fraction: 0.5 },
  },
  {
    id: 'object-value',
    question: 'an object with booleans and fractions inside',
    assumed: 'applied',
    source: 'seen in public hooks',
    operations: [add('probe_object', { yes: true, half: 0.5 })],
    expected: { probe_object: { yes: true, half: 0.5 } },
  },
  {
    id: 'url-named-claim',
    question: 'a claim whose name is a URL',
    assumed: 'applied',
    source: 'used by customers',
    operations: [add('https:~1~1probe.invalid~1name', 'x')],
    expected: { 'https://probe.invalid/name': 'x' },
  },
  {
    id: 'add-below-added-claim',
    question: '`add` below a claim that an earlier operation of the same answer added',
    assumed: 'applied',
    source: 'nobody says',
    operations: [add('probe_outer', { a: 1 }), add('probe_outer/b', 2)],
    expected: { probe_outer: { a: 1, b: 2 } },
  },
  {
    id: 'replace-added-claim',
    question: '`replace` of a claim that an earlier operation of the same answer added',
    assumed: 'dropped',
    source: untold,
    operations: [add('probe_text', 'a'), replace('probe_text', 'b')],
    expected: { probe_text: 'b' },
  },
  {
    id: 'add-null',
    question: '`add` with `null`, at the top of a claim',
    assumed: 'dropped',
    source: `${untold}; like a missing value`,
    operations: [add('probe_null', null)],
    expected: { probe_null: null },
  },
  {
    id: 'empty-claim-name',
    question: 'an empty claim name (`/claims/`)',
    assumed: 'dropped',
    source: untold,
    operations: [add('', 'x')],
    expected: { '': 'x' },
  },
  {
    id: 'bad-escape',
    question: 'a bad escape in a path (`~2`)',
    assumed: 'dropped',
    source: 'RFC 6901 §3',
    operations: [add('probe~2', 'x')],
    expected: { 'probe~2': 'x' },
  },
  {
    id: 'index-leading-zero',
    question: 'an array index with a leading zero',
    assumed: 'dropped',
    source: 'RFC 6901 §4',
    operations: [add('probe_list', ['a', 'b']), add('probe_list/01', 'c')],
    expected: { probe_list: ['a', 'c', 'b'] },
    needs: ['list-value', 'add-below-added-claim'],
  },
  {
    id: 'index-beyond-end',
    question: 'an array index beyond the end',
    assumed: 'dropped',
    source: 'RFC 6902 §4.1',
    operations: [add('probe_list', ['a']), add('probe_list/9', 'b')],
    expected: { probe_list: ['a', 'b'] },
    needs: ['list-value', 'add-below-added-claim'],
  },
  {
    id: 'sub-removed',
    question: '`sub` removed',
    assumed: 'dropped',
    source: untold,
    operations: [{ op: 'remove', path: '/claims/sub' }],
    expected: { sub: undefined },
  },
  {
    id: 'aud-removed',
    question: '`aud` removed',
    assumed: 'dropped',
    source: untold,
    operations: [{ op: 'remove', path: '/claims/aud' }],
    expected: { aud: undefined },
  },
  {
    id: 'sub-number',
    question: '`sub` set to a number',
    assumed: 'dropped',
    source: 'RFC 7519 §4.1.2',
    operations: [replace('sub', 7)],
    expected: { sub: 7 },
  },
  {
    id: 'aud-number',
    question: '`aud` set to a number',
    assumed: 'dropped',
    source: 'RFC 7519 §4.1.3',
    operations: [replace('aud', 7)],
    expected: { aud: 7 },
  },
]

/** Which operations of a hook are applied. */
export const patches: readonly Question[] = rows.map(({ operations, expected, ...row }) => ({
  ...row,
  area: 'patches',
  maxTokens: 1,
  observe: (bench) => take(bench, operations, expected),
}))

async function take(
  bench: Bench,
  operations: readonly JsonObject[],
  expected: Expected,
): Promise<Observation> {
  const { claims, error, event } = await bench.requestToken({ answer: patching(...operations) })
  if (event === undefined) throw new CommandError(notCalled)
  if (claims === undefined) return { outcome: 'refused', seen: error ?? 'no reason' }
  const wanted = Object.entries(expected)
  const taken = wanted.filter(([name, value]) => JSON.stringify(claims[name]) === JSON.stringify(value))
  if (taken.length === wanted.length) return { outcome: 'applied' }
  return { outcome: taken.length === 0 ? 'dropped' : 'applied in part' }
}
