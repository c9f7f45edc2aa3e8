import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { isNode, literalIn, type Node, nodesOf, pathIn } from './expression.ts'

/** Something of a question that may be missing, and by which claims it is told. */
export interface Missable {
  readonly what: string
  /** Any of these tells it; none when no claim does. */
  readonly claims: readonly string[]
}

/** A condition on something that may be missing, and what it comes to when it is. */
interface Atom extends Missable {
  readonly whenMissing: boolean
}

/** True, false, or undefined where the missing thing does not matter. */
type Truth = boolean | undefined

const optionalAttributes: Readonly<Record<string, Missable>> = {
  'context.assertion.client': { what: 'the claim cid', claims: ['cid', 'client_id', 'azp'] },
  'context.assertion.acr': { what: 'the claim acr', claims: ['acr'] },
  'context.assertion.authTime': { what: 'the claim auth_time', claims: ['auth_time'] },
  'context.assertion.issuedAt': { what: 'the claim iat', claims: ['iat'] },
  'context.request.ip': { what: 'the address', claims: [] },
}

/**
 * Says what a policy is weaker without: a forbid that does not apply, or a permit that does, because something is missing.
 * `forbid … when { principal in Group::"okta#x" }` is weaker without groups; `forbid … unless { … }` is not.
 */
export function findWeaknesses(policy: PolicyJson, groupsClaim: string): readonly Missable[] {
  const conditions = conditionsOf(policy)
  const weak = new Map<string, Missable>()
  for (const { atom, negated } of conditions.flatMap(({ body, negated }) =>
    atomsIn(body, negated, groupsClaim),
  )) {
    const weakens = (atom.whenMissing !== negated) === (policy.effect === 'permit')
    if (!weakens) continue
    const truths = conditions.map(({ body, negated }) =>
      opposite(truthOf(body, atom.what, groupsClaim), negated),
    )
    // Another condition makes up for it.
    if (both(truths) !== (policy.effect === 'forbid')) weak.set(atom.what, atom)
  }
  return [...weak.values()]
}

interface Condition {
  readonly body: unknown
  readonly negated: boolean
}

function conditionsOf({ principal, conditions }: PolicyJson): readonly Condition[] {
  const group = [...nodesOf(principal)].find((node) => node['type'] === 'Group')
  const scope = { in: { left: { Var: 'principal' }, right: { Value: { __entity: group } } } }
  return [
    ...(group === undefined || principal.op === '==' ? [] : [{ body: scope, negated: false }]),
    ...conditions.map(({ kind, body }) => ({ body, negated: kind === 'unless' })),
  ]
}

function atomsIn(node: unknown, negated: boolean, groupsClaim: string): { atom: Atom; negated: boolean }[] {
  if (Array.isArray(node)) return node.flatMap((member) => atomsIn(member, negated, groupsClaim))
  if (!isNode(node)) return []
  const atom = atomOf(node, groupsClaim)
  if (atom !== undefined) return [{ atom, negated }]
  return Object.entries(node).flatMap(([operator, operands]) => {
    if (operator === 'if' || operator === '==' || operator === '!=')
      // Either outcome of these can make for a permit.
      return [...atomsIn(operands, negated, groupsClaim), ...atomsIn(operands, !negated, groupsClaim)]
    return atomsIn(operands, operator === '!' ? !negated : negated, groupsClaim)
  })
}

function atomOf(node: Node, groupsClaim: string): Atom | undefined {
  const [[operator, operands] = []] = Object.entries(node)
  if (!isNode(operands)) return undefined
  const { left, right, attr, arg } = operands
  switch (operator) {
    case 'hasTag': {
      const name = literalIn(right)
      return typeof name === 'string' ? claimAtom(name, false) : undefined
    }
    case 'has': {
      const path = [pathIn(left), attr].flat().join('.')
      const missable = optionalAttributes[path]
      return missable === undefined ? undefined : { ...missable, whenMissing: false }
    }
    case 'in':
      return pathIn(left) === 'principal' && isOfGroups(right) ? claimAtom(groupsClaim, false) : undefined
    case 'is':
      return pathIn(left) === 'principal' && isOfGroups(operands['in'])
        ? claimAtom(groupsClaim, false)
        : undefined
    case 'contains':
    case 'containsAny':
    case 'containsAll':
      return pathIn(left) === 'context.assertion.amr' ? claimAtom('amr', false) : undefined
    case 'isEmpty':
      return pathIn(arg) === 'context.assertion.amr' ? claimAtom('amr', true) : undefined
    default:
      return undefined
  }
}

function claimAtom(name: string, whenMissing: boolean): Atom {
  return { what: `the claim ${name}`, claims: [name], whenMissing }
}

function isOfGroups(node: unknown): boolean {
  const set = isNode(node) ? node['Set'] : undefined
  if (Array.isArray(set)) return set.length > 0 && set.every(isOfGroups)
  const value = literalIn(node)
  const entity = isNode(value) ? value['__entity'] : undefined
  return isNode(entity) && entity['type'] === 'Group'
}

/** What a condition comes to when something is missing; undefined when it is about other things. */
function truthOf(node: unknown, missing: string, groupsClaim: string): Truth {
  if (!isNode(node)) return undefined
  const atom = atomOf(node, groupsClaim)
  if (atom !== undefined) return atom.what === missing ? atom.whenMissing : undefined
  const [[operator, operands] = []] = Object.entries(node)
  if (!isNode(operands)) return undefined
  const of = (name: string): Truth => truthOf(operands[name], missing, groupsClaim)
  switch (operator) {
    case '!':
      return opposite(of('arg'), true)
    case '&&':
      return both([of('left'), of('right')])
    case '||':
      return opposite(both([of('left'), of('right')].map((truth) => opposite(truth, true))), true)
    case 'if-then-else': {
      const condition = of('if')
      return condition === undefined ? both([of('then'), of('else')]) : of(condition ? 'then' : 'else')
    }
    default:
      return undefined
  }
}

function opposite(truth: Truth, negated: boolean): Truth {
  return truth === undefined || !negated ? truth : !truth
}

/** What is about other things neither helps nor hinders. */
function both(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false
  return truths.includes(true) ? true : undefined
}
