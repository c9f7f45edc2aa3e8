import { isJsonObject, type Json, type JsonObject } from '../org/json.ts'

/** What a hook's HTTP answer means to Okta. */
export type HookAnswer =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'commands'; readonly commands: readonly Json[]; readonly document: JsonObject }
  | { readonly kind: 'error'; readonly summary: string; readonly document: JsonObject }
  | { readonly kind: 'failure'; readonly reason: string }

/** The largest body that is read: 256 KB. */
export const maxAnswerBytes: number = 256 * 1024

/**
 * Reads the body of an answer with status 200. An `error` object wins over commands; a body that is not a JSON
 * object is a failure.
 */
export function parseAnswer(body: string): HookAnswer {
  const document = parseJson(body)
  if (!isJsonObject(document))
    return { kind: 'failure', reason: 'Could not deserialize inline hook response' }
  const { commands, error } = document
  if (isJsonObject(error)) {
    const { errorSummary } = error
    const summary = typeof errorSummary === 'string' ? errorSummary : 'The callback service returned an error'
    return { kind: 'error', summary, document }
  }
  if (error !== undefined && error !== null) {
    return { kind: 'failure', reason: 'The error of the response is not an object' }
  }
  if (commands === undefined || commands === null) return { kind: 'commands', commands: [], document }
  if (!Array.isArray(commands))
    return { kind: 'failure', reason: 'The commands of the response are not an array' }
  return { kind: 'commands', commands, document }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
