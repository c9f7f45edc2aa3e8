import { type ErrorCode, isErrorCode, type JsonObject } from '@behalf/core'
import { memberAt, textAt } from './members.ts'

/** The filter for what Okta's System Log tells of inline hooks. */
export const hookEvents: string =
  'eventType eq "inline_hook.executed" or eventType eq "inline_hook.response.processed"'

/** How a denial by the hook reads, alone or in a sentence of Okta's. */
const codeAndSentence = /(?<=^|[\s"'(:])([a-z]+(?:_[a-z]+)*): /g

/** The code with which the hook denied; undefined when the event is of something else. */
export function denialOf(event: JsonObject): ErrorCode | undefined {
  const debugData = Object(memberAt(event, 'debugContext', 'debugData'))
  // Only what tells of errors: the URL, which is there, too, is the client's own text.
  const names = Object.keys(debugData).filter((name) => /^error/i.test(name))
  const texts: unknown[] = [textAt(event, 'outcome', 'reason'), ...names.map((name) => debugData[name])]
  return texts
    .flatMap((text) => (typeof text === 'string' ? [...text.matchAll(codeAndSentence)] : []))
    .map(([, code]) => code ?? '')
    .find(isErrorCode)
}

/** Whether a hook did not answer or its answer was dropped, so that a plain token was issued; a denial is none. */
export function isFailedCall(event: JsonObject): boolean {
  return textAt(event, 'outcome', 'result') === 'FAILURE' && denialOf(event) === undefined
}

/**
 * Whether an event is about another hook than one. Okta does not say what these events name; here a party counts as a hook by
 * its type, or by how the ids of inline hooks begin.
 */
export function concernsAnotherHook(event: JsonObject, hookId: string): boolean {
  return namesHook(event) && !concernsHook(event, hookId)
}

/** Whether an event says which hook it is about. */
export function namesHook({ target }: JsonObject): boolean {
  return (
    Array.isArray(target) &&
    target.some(
      (party) => /hook/i.test(textAt(Object(party), 'type')) || /^cal/.test(textAt(Object(party), 'id')),
    )
  )
}

/** Whether an event is about a hook. */
export function concernsHook(event: JsonObject, hookId: string): boolean {
  const { target } = event
  return Array.isArray(target) && target.some((party) => Object(party).id === hookId)
}
