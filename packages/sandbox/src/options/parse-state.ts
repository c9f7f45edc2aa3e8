import type { OrgState } from '../org/org-state.ts'
import { check } from '../shape/check.ts'
import { orgState } from './shapes/state-shape.ts'

/**
 * Reads an exported state from JSON.
 *
 * @throws TypeError naming every fault when it is not an exported state
 */
export function parseState(json: string): OrgState {
  return check(orgState, parseJson(json), 'this is not an exported state')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TypeError('this is not an exported state: it is not JSON')
  }
}
