import {
  type AttackResult,
  catalogue,
  fetchTarget,
  lambdaRestTarget,
  lambdaTarget,
  listFailures,
  nodeTarget,
  runAttacks,
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
  'T33',
  'T34',
]

describe('the attack catalogue', () => {
  let results: readonly AttackResult[] = []
  beforeAll(async () => {
    results = await runAttacks(catalogue, {
      hooks: [fetchTarget, nodeTarget, lambdaTarget, lambdaRestTarget],
      apis: [verifierTarget],
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
