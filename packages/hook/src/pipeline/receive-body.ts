import { fail, pass, sentences } from '@behalf/core/internal'
import { andThen } from './and-then.ts'
import type { Arrival, Received } from './exchange.ts'
import type { StepContext, StepOutcome } from './step.ts'

/**
 * Reads the body of a request whose sender is known, so that nobody but Okta can make the hook keep any of it, unless the
 * request came to another path than the hook's.
 */
export function receiveBody(
  arrival: Arrival,
  { space }: StepContext,
): StepOutcome<Received> | Promise<StepOutcome<Received>> {
  const { body, otherPath } = arrival
  if (otherPath !== undefined) return refusePath(otherPath)
  return andThen(typeof body === 'string' ? pass(body) : body(space), (read) =>
    read.ok ? pass({ ...arrival, body: read.value }) : read,
  )
}

const maxShownPath = 100

/** Whoever has registered the URL at Okta has made a slip, and sees this in the System Log. */
function refusePath(path: string): StepOutcome<never> {
  const shown = path.slice(0, maxShownPath).replace(/[^!#-[\]-~]/g, '?')
  const sentence = sentences.path_unknown.replace(/\.$/, '')
  const came = `it came to ${shown}`
  return fail({ code: 'path_unknown', detail: came, reason: `${sentence} (${came})` })
}
