import type { Group } from '../org/group.ts'
import type { Json } from '../org/json.ts'
import type { ExpressionFunction, ExpressionFunctions } from './expression-function.ts'
import { asList, asText, asWhole, NoValue } from './values.ts'

/**
 * Functions of the user's groups. All groups are Okta's own here: there is none of a directory or another app.
 * @see https://developer.okta.com/docs/reference/okta-expression-language/#group-functions
 */
export const groupFunctions: ExpressionFunctions = {
  'Groups.startsWith': namesWhere((name, pattern) => name.startsWith(pattern)),
  'Groups.endsWith': namesWhere((name, pattern) => name.endsWith(pattern)),
  'Groups.contains': namesWhere((name, pattern) => name.includes(pattern)),
  getFilteredGroups: {
    least: 3,
    most: 3,
    apply: ([allowed = null, attribute = null, limit = null], { groups }) => {
      const ids = asList(allowed)
      const read = attributes.get(asText(attribute))
      if (read === undefined) throw new NoValue()
      const found = groups.filter(({ id }) => ids.includes(id)).map(read)
      return found.slice(0, asWhole(limit, 1, maxLimit))
    },
  },
  isMemberOfGroup: membership(({ id }, asked) => id === asked),
  isMemberOfAnyGroup: { ...membership(({ id }, asked) => id === asked), most: Number.POSITIVE_INFINITY },
  isMemberOfGroupName: membership(({ name }, asked) => name === asked),
  isMemberOfGroupNameStartsWith: membership(({ name }, asked) => name.startsWith(asked)),
  isMemberOfGroupNameContains: membership(({ name }, asked) => name.includes(asked)),
}

const maxLimit = 100

const attributes: ReadonlyMap<string, (group: Group) => string> = new Map([
  ['group.id', ({ id }: Group) => id],
  ['group.name', ({ name }: Group) => name],
  ['group.description', ({ description }: Group) => description],
])

/** The names of the groups that match; null when none does. */
function namesWhere(matches: (name: string, pattern: string) => boolean): ExpressionFunction {
  return {
    least: 3,
    most: 3,
    apply: ([app = null, pattern = null, limit = null], { groups }): Json => {
      const asked = asText(pattern)
      const names = groups.map(({ name }) => name).filter((name) => matches(name, asked))
      const found = asText(app) === 'OKTA' ? names.slice(0, asWhole(limit, 1, maxLimit)) : []
      return found.length === 0 ? null : found
    },
  }
}

function membership(matches: (group: Group, asked: string) => boolean): ExpressionFunction {
  return {
    least: 1,
    most: 1,
    apply: (values, { groups }) =>
      values.map(asText).some((asked) => groups.some((group) => matches(group, asked))),
  }
}
