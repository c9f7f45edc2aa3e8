import {
  type AttackResult,
  catalogue,
  fetchTarget,
  type HookTarget,
  lambdaRestTarget,
  lambdaTarget,
  listFailures,
  nodeTarget,
  runAttacks,
  sidecarTarget,
  summarise,
  verifierTarget,
} from '@behalf/testing/attacks'
import { beforeAll, describe, expect, it } from 'vitest'

/** Rows of the threat model about tokens, requests and answers; the others concern faults and operation. */
const threats = [
  ...Array.from({ length: 20 }, (_, index) => `T${index + 1}`),
  'T24',
  'T25',
  'T28',
  'T31',
  'T32',
  'T33',
  'T34',
  ...Array.from({ length: 8 }, (_, index) => `T${index + 37}`),
  'T53',
  'T54',
]

describe('the attack catalogue', () => {
  let results: readonly AttackResult[] = []
  beforeAll(async () => {
    results = await runAttacks(catalogue, {
      hooks: [fetchTarget, nodeTarget, lambdaTarget, lambdaRestTarget],
      apis: [verifierTarget],
      sidecars: [sidecarTarget],
    })
  }, 120_000)

  it('holds on every target, with the exact code', () => {
    expect(listFailures(results)).toEqual([])
  })

  it('covers every threat, with good calls among the attacks', () => {
    const covered = new Set(catalogue.flatMap(({ attacks }) => attacks.map(({ threat }) => threat)))
    expect([...covered].toSorted()).toEqual([...threats, 'control'].toSorted())
  })

  it('names every attack once in its category', () => {
    for (const { name, attacks } of catalogue) {
      const ids = attacks.map(({ id, setup }) => `${id} ${setup}`)
      expect(
        ids.filter((id, index) => ids.indexOf(id) !== index),
        name,
      ).toEqual([])
    }
  })

  it('sends every attack somewhere, to both sides where it has two forms', () => {
    const sent = new Set(results.map(({ category, attack }) => `${category}/${attack.id}`))
    const all = catalogue.flatMap(({ name, attacks }) => attacks.map(({ id }) => `${name}/${id}`))
    expect(all.filter((id) => !sent.has(id))).toEqual([])
    expect(summarise(results).reduce((runs, row) => runs + row.runs, 0)).toBeGreaterThan(3_000)
  })
})

describe('the judge', () => {
  const answering = (body: object): HookTarget => ({
    name: 'hook',
    start: async () => ({
      call: async () => ({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
      [Symbol.asyncDispose]: async () => undefined,
    }),
  })
  const few = catalogue.filter(({ name }) => ['control', 'audience', 'presenter'].includes(name))
  const failuresOf = async (target: HookTarget): Promise<ReadonlySet<string>> => {
    const failed = (await runAttacks(few, { hooks: [target], apis: [] })).filter(({ complaint }) => complaint)
    return new Set(failed.map(({ category }) => category))
  }

  it('is not content with a hook that denies everything, or permits everything', async () => {
    const denying = await failuresOf(
      answering({ error: { errorSummary: 'assertion_signature_invalid: No.' } }),
    )
    expect([...denying]).toEqual(expect.arrayContaining(['control', 'audience', 'presenter']))
    const value = [
      { op: 'replace', path: '/claims/sub', value: 'ann@example.com' },
      { op: 'add', path: '/claims/act', value: { sub: '0oaApiA', sub_profile: 'service' } },
      { op: 'add', path: '/claims/assertion', value: { sub: 'ann@example.com' } },
    ]
    const permitting = await failuresOf(answering({ commands: [{ type: 'com.okta.access.patch', value }] }))
    expect([...permitting]).toEqual(expect.arrayContaining(['audience', 'presenter']))
  }, 120_000)
})
