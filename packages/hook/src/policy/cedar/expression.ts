import type { EntityUidJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'

/** A node of a policy in Cedar's JSON format: an operator and what it is applied to. */
export type Node = Readonly<Record<string, unknown>>

/** Says whether a value is a node, or an object inside of one. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Returns all objects of a policy in Cedar's JSON format, the outer ones first. */
export function* nodesOf(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return
  if (isNode(value)) yield value
  for (const member of Object.values(value)) yield* nodesOf(member)
}

/** Returns the literal that a node is; undefined when it is none. */
export function literalIn(node: unknown): unknown {
  return isNode(node) ? node['Value'] : undefined
}

/** Returns the words of a path like `context.assertion.acr`; undefined when a node is none. */
export function pathIn(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (typeof node['Var'] === 'string') return node['Var']
  const access = node['.']
  if (!isNode(access)) return undefined
  const before = pathIn(access['left'])
  return before === undefined ? undefined : `${before}.${String(access['attr'])}`
}

/** Returns an entity's type and id, in whichever of the two ways it is written. */
export function plainUid(uid: EntityUidJson): TypeAndId {
  return '__entity' in uid ? uid.__entity : uid
}
