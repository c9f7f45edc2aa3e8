import type { OrgState } from '../../org/org-state.ts'
import { anything, list, number, object } from './shape.ts'

const entries = list(object({ others: anything }))
const stateShape = object({
  required: {
    version: number,
    authorizationServers: entries,
    apps: entries,
    users: entries,
    inlineHooks: entries,
    hookKeys: entries,
    log: entries,
  },
})

/**
 * Reads an exported state from JSON. It checks the outline only: a state is written by the sandbox, not by
 * people.
 *
 * @throws TypeError when it is not an exported state
 */
export function parseState(json: string): OrgState {
  const state = parseJson(json)
  const faults = [...stateShape(state, 'state')]
  if (faults.length > 0) throw new TypeError(`this is not an exported state:\n${faults.join('\n')}`)
  // The outline was checked just above, the rest was written by exportState.
  return state as OrgState
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TypeError('this is not an exported state: it is not JSON')
  }
}
