import type { Json, JsonObject } from '@behalf/core'
import type { Bench, Experiment } from '../experiment.ts'

/** An audience, a subject and an actor that nobody has: RFC 6761 keeps `.invalid` free. */
const other = {
  audience: 'https://api-b.probe.invalid',
  subject: 'somebody@probe.invalid',
  actor: 'api-a.probe.invalid',
}

const patch = (op: 'add' | 'replace', name: string, value: Json): JsonObject => ({
  type: 'com.okta.access.patch',
  value: [{ op, path: `/claims/${name}`, value }],
})

/** What the hook answers, and what is in the token when it was taken. */
const rows: readonly (readonly [name: string, op: 'add' | 'replace', claim: string, value: Json])[] = [
  ['aud', 'replace', 'aud', other.audience],
  ['sub', 'replace', 'sub', other.subject],
  ['act', 'add', 'act', { sub: other.actor }],
  ['nested act', 'add', 'act', { sub: other.actor, act: { sub: 'outer.probe.invalid' } }],
  ['list', 'add', 'probe_list', ['a', 'b']],
  ['object with a boolean and a fraction', 'add', 'probe_object', { yes: true, half: 0.5 }],
  ['boolean', 'add', 'probe_boolean', true],
  ['fraction', 'add', 'probe_fraction', 0.5],
  ['name that is a URL', 'add', 'https:~1~1probe.invalid~1name', 'x'],
]

/** Which claims of a machine token a hook may set. */
export const claimsTaken: Experiment = {
  name: 'claims-taken',
  question:
    'Which claims does Okta take from a hook on client_credentials: aud, sub, act, and values of which types?',
  maxTokens: rows.length + 1,
  async run(bench) {
    const facts: Record<string, Json> = {}
    for (const [name, op, claim, value] of rows)
      facts[name] = await take(bench, [patch(op, claim, value)], [[claim, value]])
    const together = rows.slice(0, 3)
    facts['aud, sub and act together'] = await take(
      bench,
      together.map(([, op, claim, value]) => patch(op, claim, value)),
      together.map(([, , claim, value]) => [claim, value]),
    )
    return facts
  },
}

async function take(
  bench: Bench,
  commands: readonly JsonObject[],
  wanted: readonly (readonly [claim: string, value: Json])[],
): Promise<Json> {
  const { claims, error, event } = await bench.requestToken({ commands })
  if (event === undefined) return 'the hook was not called'
  if (claims === undefined) return `no token: ${error ?? 'no reason'}`
  const taken = wanted.filter(
    ([claim, value]) => JSON.stringify(claims[claim.replaceAll('~1', '/')]) === JSON.stringify(value),
  )
  return taken.length === wanted.length ? 'taken' : taken.length === 0 ? 'dropped' : 'taken in part'
}
