import { isJsonObject, type Json, type JsonObject } from '../org/json.ts'
import { type FactId, type OktaFacts, outcomeOf, plays } from '../org/okta-facts.ts'

/** What a hook's HTTP answer means to Okta. */
export type HookAnswer =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'commands'; readonly commands: readonly Json[]; readonly document: JsonObject }
  | { readonly kind: 'error'; readonly summary: string; readonly document: JsonObject }
  | { readonly kind: 'failure'; readonly reason: string }

/** The largest body that is read: 256 KB. */
export const maxAnswerBytes: number = 256 * 1024

const defaultSummary = 'The callback service returned an error'

/**
 * Reads the body of an answer with status 200. An `error` object wins over commands; a body that is not a JSON
 * object is a failure.
 *
 * @param facts - what is known of the org about answers that Okta's documentation leaves open
 */
export function parseAnswer(body: string, facts: OktaFacts = {}): HookAnswer {
  const document = parseJson(body)
  const otherwise = (id: FactId, answer: HookAnswer): HookAnswer =>
    outcomeOf(facts, id) === 'refused'
      ? { kind: 'error', summary: defaultSummary, document: isJsonObject(document) ? document : {} }
      : answer
  if (!isJsonObject(document))
    return otherwise('answer-not-object', {
      kind: 'failure',
      reason: 'Could not deserialize inline hook response',
    })
  const { commands, error } = document
  const winsOverCommands =
    !Array.isArray(commands) || commands.length === 0 || plays(facts, 'error-beside-commands', 'refused')
  if (isJsonObject(error) && winsOverCommands) {
    const { errorSummary } = error
    if (typeof errorSummary === 'string') return { kind: 'error', summary: errorSummary, document }
    return plays(facts, 'error-without-summary', 'refused')
      ? { kind: 'error', summary: defaultSummary, document }
      : { kind: 'failure', reason: 'The error of the response has no summary' }
  }
  if (error !== undefined && error !== null && !isJsonObject(error)) {
    return otherwise('error-not-object', {
      kind: 'failure',
      reason: 'The error of the response is not an object',
    })
  }
  const none: HookAnswer = { kind: 'commands', commands: [], document }
  if (commands === undefined) return otherwise('commands-missing', none)
  if (commands === null) return otherwise('commands-null', none)
  if (!Array.isArray(commands))
    return otherwise('commands-not-list', {
      kind: 'failure',
      reason: 'The commands of the response are not an array',
    })
  return commands.length === 0 ? otherwise('commands-empty', none) : { kind: 'commands', commands, document }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
