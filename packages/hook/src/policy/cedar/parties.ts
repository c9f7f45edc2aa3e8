import type { EntityUidJson, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { ConfigFault } from '../../errors/config-error.ts'
import { isNode, literalIn, type Node, nodesOf, plainUid } from './expression.ts'
import { isTag, type Naming } from './question.ts'

/** A user, a group, an issuer or a tag of a user that a policy or an entity file names; of issuers also a pattern. */
export interface NamedParty {
  readonly type: 'User' | 'Group' | 'ClientGroup' | 'ApiGroup' | 'Issuer' | 'IssuerPattern' | 'Tag'
  readonly id: string
  /** File, and line where it is known. */
  readonly place: string
}

/** Returns the users, groups and issuers that a policy names. */
export function partiesIn(policy: PolicyJson, place: string): readonly NamedParty[] {
  return [...nodesOf(policy)].flatMap((node) => [
    ...partyOf(node['type'], node['id'], place),
    ...issuersComparedIn(node).map((id) => ({ type: 'Issuer', id, place }) as const),
    ...issuerPatternsIn(node).map((id) => ({ type: 'IssuerPattern', id, place }) as const),
    ...tagsIn(node).map((id) => ({ type: 'Tag', id, place }) as const),
  ])
}

/** Returns the users and groups that an entity file puts somewhere. */
export function partiesAmong(uids: readonly EntityUidJson[], place: string): readonly NamedParty[] {
  const named = uids.map(plainUid).flatMap(({ type, id }) => partyOf(type, id, place))
  // A group that is empty so far takes nothing from the one that it is in.
  return named.filter(({ type }) => type === 'User' || type === 'Group')
}

function partyOf(type: unknown, id: unknown, place: string): readonly NamedParty[] {
  const isParty = type === 'User' || type === 'Group' || type === 'ClientGroup' || type === 'ApiGroup'
  return isParty && typeof id === 'string' ? [{ type, id, place }] : []
}

/** The tags that are asked for by name. */
function tagsIn(node: Node): readonly string[] {
  const asked = node['hasTag']
  const name = isNode(asked) ? literalIn(asked['right']) : undefined
  return typeof name === 'string' ? [name] : []
}

/** What `principal.issuer` is compared with. */
function issuersComparedIn(node: Node): readonly string[] {
  for (const operator of ['==', '!=', 'contains'] as const) {
    const sides = node[operator]
    if (typeof sides !== 'object' || sides === null || !('left' in sides && 'right' in sides)) continue
    const { left, right } = sides
    const other = isIssuer(left) ? right : isIssuer(right) ? left : undefined
    const values = [...nodesOf(other)].map(literalIn)
    return values.filter((value) => typeof value === 'string')
  }
  return []
}

/** What `principal.issuer` has to be like, with `*` for anything. */
function issuerPatternsIn({ like }: Node): readonly string[] {
  if (!isNode(like) || !isIssuer(like['left']) || !Array.isArray(like['pattern'])) return []
  return [like['pattern'].map((part) => (isNode(part) ? String(part['Literal']) : '*')).join('')]
}

function matches(pattern: string, issuer: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(issuer)
}

function isIssuer(node: unknown): boolean {
  return JSON.stringify(node) === '{".":{"left":{"Var":"principal"},"attr":"issuer"}}'
}

/**
 * Says what names nobody, and nothing that is ever there: ids that begin with no issuer, or with one that is not configured or is called otherwise. A rule
 * about them would never apply, and a forbid that never applies permits.
 *
 * @param issuers - those that are configured; undefined when they are not known
 */
export function findMisfits(
  parties: readonly NamedParty[],
  { issuerNames, groupsClaim }: Naming,
  entities: { hasMembers(type: NamedParty['type'], group: string): boolean },
  issuers: readonly string[] | undefined,
): readonly ConfigFault[] {
  const named = new Map([...issuerNames].map(([issuer, name]) => [name, issuer]))
  const isConfigured = (issuer: string): boolean => issuers?.includes(issuer) ?? true
  const problemOf = ({ type, id }: NamedParty): string | undefined => {
    if (type === 'Tag') {
      if (id === groupsClaim)
        return `asks for the tag ${id}, which is never there; say principal in Group::"…"`
      return isTag(id)
        ? undefined
        : `asks for the tag ${id}, which is never there; context.assertion may tell it`
    }
    if (type === 'Issuer')
      return isConfigured(id) ? undefined : `compares with the issuer ${id}, which is not configured`
    if (type === 'IssuerPattern')
      return issuers?.some((issuer) => matches(id, issuer)) === false
        ? `compares with issuers like ${id}, of which none is configured`
        : undefined
    if (type !== 'User' && entities.hasMembers(type, id)) return undefined
    if (type === 'ClientGroup' || type === 'ApiGroup')
      return `names the ${type} ${id}, which the entity file puts nobody in`
    const what = `names the ${type === 'User' ? 'user' : 'group'} ${id}`
    if (!id.includes('#')) return `${what} without an issuer; write ${type}::"<issuer>#${id}"`
    if (id.endsWith('#') && id.indexOf('#') === id.length - 1) return `${what}, who has no name`
    const prefix = id.slice(0, id.indexOf('#'))
    const name = issuerNames.get(prefix)
    if (name !== undefined) return `${what}, whose issuer is called ${name} by issuerNames`
    const issuer = named.get(prefix)
    if (issuer !== undefined)
      return isConfigured(issuer) ? undefined : `${what} of the issuer ${issuer}, which is not configured`
    if (!URL.canParse(prefix)) return `${what}, and issuerNames calls no issuer ${prefix}`
    return isConfigured(prefix) ? undefined : `${what} of an issuer that is not configured`
  }
  return parties.flatMap((party) => {
    const problem = problemOf(party)
    return problem === undefined ? [] : [{ path: party.place, problem }]
  })
}
