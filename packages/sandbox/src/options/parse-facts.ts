import * as v from 'valibot'
import { type OktaFacts, playedOutcomes } from '../org/okta-facts.ts'
import { check } from '../shape/check.ts'
import { mapOf, openObject, optional, type Shape } from '../shape/shape.ts'
import { canPlay, facts, isFactId } from './shapes/facts-shape.ts'

/** What a file of facts says that the sandbox can play, and what of it it cannot. */
export interface ReadFacts {
  readonly facts: OktaFacts
  /** Questions that were answered otherwise than the sandbox can play, or that it does not have; it assumes as ever. */
  readonly unplayed: readonly string[]
}

const file: Shape<{ readonly facts: Record<string, { readonly outcome?: string }> }> = openObject(
  {
    version: v.literal(2, 'expected 2'),
    facts: mapOf(openObject({ outcome: optional(v.string()) }, v.unknown())),
  },
  v.unknown(),
)

/**
 * Reads what `behalf probe` has written about an org.
 *
 * @throws TypeError naming every fault when it is no such file
 * @example
 * ```ts
 * import { createSandbox, parseFacts } from '@behalf/sandbox'
 *
 * const { facts } = parseFacts('{ "version": 2, "facts": { "error-status": { "outcome": "403" } } }')
 * const sandbox = await createSandbox({ facts })
 * ```
 */
export function parseFacts(json: string): ReadFacts {
  const read = check(file, parseJson(json), 'the file holds no facts about an org')
  const outcomes = Object.entries(read.facts).flatMap(([id, { outcome }]) =>
    outcome === undefined ? [] : [[id, outcome] as const],
  )
  return {
    facts: check(
      facts,
      Object.fromEntries(outcomes.filter(([id, outcome]) => canPlay(id, outcome))),
      'facts',
    ),
    unplayed: outcomes
      .filter(([id, outcome]) => !canPlay(id, outcome))
      .map(([id, outcome]) =>
        isFactId(id)
          ? `${id}: '${outcome}' cannot be played, and '${playedOutcomes[id][0]}' is`
          : `${id}: the sandbox does not have this question`,
      ),
  }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new TypeError('the file of facts is not JSON')
  }
}
