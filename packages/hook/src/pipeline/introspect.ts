import { fail, pass } from '@behalf/core/internal'
import { andThen } from './and-then.ts'
import type { Chained } from './exchange.ts'
import type { Step } from './step.ts'

/**
 * Step 11: the issuer of a user's own token says that it is still active, where it is to be asked. Of a delegated token only
 * its claims are here, and those of the first token say nothing to its issuer.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7662
 */
export const introspect: Step<Chained, Chained> = (chained, { introspections, deadline }) => {
  const { assertion, assertionToken } = chained
  const introspection = assertion.isOwn ? introspections.get(assertion.issuer) : undefined
  if (introspection === undefined) return pass(chained)
  return andThen(introspection.whyInactive(assertionToken, assertion.claims, deadline), (denial) =>
    denial === undefined ? pass(chained) : fail(denial),
  )
}
