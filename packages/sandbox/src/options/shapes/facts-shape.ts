import * as v from 'valibot'
import { type FactId, type OktaFacts, playedOutcomes } from '../../org/okta-facts.ts'
import type { Shape } from '../../shape/shape.ts'

/** What is known of an org: questions, and outcomes that can be played. */
export const facts: Shape<OktaFacts> = v.pipe(
  v.record(v.string(), v.string('expected an outcome'), 'expected an object'),
  v.check(
    (given) => Object.entries(given).every(([id, outcome]) => canPlay(id, outcome)),
    ({ input }) => {
      const faults = Object.entries(input).filter(([id, outcome]) => !canPlay(id, outcome))
      return faults
        .map(([id]) =>
          isFactId(id) ? `${id}: expected ${playedOutcomes[id].join(' or ')}` : `${id}: is not known`,
        )
        .join('\n')
    },
  ),
  v.transform((given): OktaFacts => given),
)

/** Says whether there is such a question. */
export function isFactId(id: string): id is FactId {
  return Object.hasOwn(playedOutcomes, id)
}

/** Says whether an outcome of a question can be played. */
export function canPlay(id: string, outcome: string): boolean {
  const outcomes: readonly string[] = isFactId(id) ? playedOutcomes[id] : []
  return outcomes.includes(outcome)
}
