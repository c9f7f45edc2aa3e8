import { isJsonObject, type Json } from '../org/json.ts'
import { type FactId, type OktaFacts, outcomeOf, plays } from '../org/okta-facts.ts'
import type { PatchTarget } from './patch-path.ts'

/** An operation that is applicable as far as the documentation goes. */
export interface DoubtedOperation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly target: PatchTarget & { readonly kind: 'claim' }
  readonly value: Json | undefined
  /** Whether the claim is in the request, and not only in what an earlier command of the answer added. */
  readonly isOfRequest: boolean
}

/** What about an operation may not be Okta's to apply, although nothing says so. */
const doubts: readonly (readonly [id: FactId, concerns: (operation: DoubtedOperation) => boolean])[] = [
  ['aud-replaced', (operation) => isWhole(operation, 'aud') && typeof operation.value === 'string'],
  ['aud-list', (operation) => isWhole(operation, 'aud') && Array.isArray(operation.value)],
  ['sub-replaced', (operation) => isWhole(operation, 'sub') && typeof operation.value === 'string'],
  ['act-added', (operation) => isWhole(operation, 'act') && !isNested(operation.value)],
  ['nested-act-added', (operation) => isWhole(operation, 'act') && isNested(operation.value)],
  ['list-value', ({ target, value }) => target.claim !== 'aud' && Array.isArray(value)],
  ['boolean-value', ({ value }) => typeof value === 'boolean'],
  ['fraction-value', ({ value }) => typeof value === 'number' && !Number.isInteger(value)],
  [
    'object-value',
    ({ value }) => isJsonObject(value) && Object.values(value).some((member) => typeof member === 'boolean'),
  ],
  ['url-named-claim', ({ target }) => target.claim.includes('/')],
  [
    'add-below-added-claim',
    ({ op, target, isOfRequest }) => op === 'add' && target.tail.length > 0 && !isOfRequest,
  ],
]

/** Says whether an org is known to drop an operation that the documentation lets pass. */
export function isDoubted(operation: DoubtedOperation, facts: OktaFacts): boolean {
  return doubts.some(([id, concerns]) => outcomeOf(facts, id) === 'dropped' && concerns(operation))
}

/** Says whether an org is known to drop a patch of audience, subject and actor together. */
export function isDoubtedTogether(commands: readonly Json[], facts: OktaFacts): boolean {
  if (!plays(facts, 'delegation-in-one-patch', 'dropped')) return false
  const operations = commands.flatMap((command) => (isJsonObject(command) ? command['value'] : []))
  const paths = operations.map((operation) => (isJsonObject(operation) ? operation['path'] : undefined))
  return ['aud', 'sub', 'act'].every((claim) => paths.includes(`/claims/${claim}`))
}

function isWhole({ op, target }: DoubtedOperation, claim: string): boolean {
  return op !== 'remove' && target.claim === claim && target.tail.length === 0
}

function isNested(value: Json | undefined): boolean {
  return isJsonObject(value) && value['act'] !== undefined
}
