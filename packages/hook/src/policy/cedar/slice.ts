import type { EntityJson, PolicyJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'
import { isNode, pathIn, plainUid } from './expression.ts'
import type { CedarQuestion } from './question.ts'

/** Policies that need not be asked but about one client, user or API; by what it is about. */
export type Slice = string

/**
 * Says what alone a policy is about, undefined when that is not told by its first words: then it is asked about everything.
 * Cedar looks at the scope first, then at the conditions from left to right, and at nothing behind the first that does not hold;
 * so whoever passes a policy by for these reasons takes neither a decision nor an error from it.
 */
export function sliceOf({ principal, resource, conditions }: PolicyJson): Slice | undefined {
  const [first] = conditions
  const client = first?.kind === 'when' ? clientIn(firstOperand(first.body)) : undefined
  if (client !== undefined) return named('client', client)
  if (principal.op === '==' && 'entity' in principal) return named('principal', plainUid(principal.entity))
  if ((resource.op === '==' || resource.op === 'in') && 'entity' in resource)
    return named(resource.op === '==' ? 'resource' : 'resource in', plainUid(resource.entity))
  return undefined
}

/** The slices that a question has to be put to, besides the policies that are asked about everything. */
export function slicesFor(
  { principal, resource, client }: Pick<CedarQuestion, 'principal' | 'resource' | 'client'>,
  entities: readonly EntityJson[],
): readonly Slice[] {
  return [
    named('client', client),
    named('principal', principal),
    named('resource', resource),
    ...[resource, ...ancestorsOf(resource, entities)].map((uid) => named('resource in', uid)),
  ]
}

function named(criterion: string, { type, id }: TypeAndId): Slice {
  return JSON.stringify([criterion, type, id])
}

/** What is looked at before all else in an expression. */
function firstOperand(expression: unknown): unknown {
  let node = expression
  while (isNode(node) && isNode(node['&&'])) node = node['&&']['left']
  return node
}

/** The client of `context.client == Client::"…"`. */
function clientIn(node: unknown): TypeAndId | undefined {
  const sides = isNode(node) ? node['=='] : undefined
  if (!isNode(sides)) return undefined
  const { left, right } = sides
  const other =
    pathIn(left) === 'context.client' ? right : pathIn(right) === 'context.client' ? left : undefined
  const value = isNode(other) ? other['Value'] : undefined
  const entity = isNode(value) ? value['__entity'] : undefined
  if (!isNode(entity)) return undefined
  const { type, id } = entity
  return typeof type === 'string' && typeof id === 'string' ? { type, id } : undefined
}

function ancestorsOf(uid: TypeAndId, entities: readonly EntityJson[]): readonly TypeAndId[] {
  const keyOf = ({ type, id }: TypeAndId): string => JSON.stringify([type, id])
  const parents = new Map(
    entities.map((entity) => [keyOf(plainUid(entity.uid)), entity.parents.map(plainUid)]),
  )
  const found = new Map<string, TypeAndId>()
  const waiting = [...(parents.get(keyOf(uid)) ?? [])]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(keyOf(next))) continue
    found.set(keyOf(next), next)
    waiting.push(...(parents.get(keyOf(next)) ?? []))
  }
  return [...found.values()]
}
