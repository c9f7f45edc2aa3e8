import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../org/json.ts'
import type { ExpressionFunctions } from './expression-function.ts'
import { asList, asText, asWhole, NoValue } from './values.ts'

const one = { least: 1, most: 1 }
const two = { least: 2, most: 2 }

/**
 * Functions of lists.
 * @see https://developer.okta.com/docs/reference/okta-expression-language/#array-functions
 */
export const arrayFunctions: ExpressionFunctions = {
  'Arrays.add': { ...two, apply: ([list = null, value = null]) => [...asList(list), value] },
  'Arrays.remove': {
    ...two,
    apply: ([list = null, value = null]) => asList(list).filter((entry) => !isDeepStrictEqual(entry, value)),
  },
  'Arrays.clear': {
    ...one,
    apply: ([list = null]) => {
      asList(list)
      return []
    },
  },
  'Arrays.get': {
    ...two,
    apply: ([list = null, position = null]) => {
      const entries = asList(list)
      return entries[asWhole(position, 0, entries.length - 1)] ?? null
    },
  },
  'Arrays.flatten': { least: 1, most: Number.POSITIVE_INFINITY, apply: (values) => flattened(values) },
  'Arrays.contains': {
    ...two,
    apply: ([list = null, value = null]) => asList(list).some((entry) => isDeepStrictEqual(entry, value)),
  },
  'Arrays.size': { ...one, apply: ([list = null]) => asList(list).length },
  'Arrays.isEmpty': {
    ...one,
    apply: ([list = null]) => list === null || list === '' || (Array.isArray(list) && list.length === 0),
  },
  'Arrays.toCsvString': {
    ...one,
    apply: ([list = null]) => (list === null ? '' : asList(list).map(asText).join(',')),
  },
}

const maxEntries = 1_000

function flattened(values: readonly Json[]): Json[] {
  const flat = values.flatMap((value) => (Array.isArray(value) ? flattened(value) : [value]))
  if (flat.length > maxEntries) throw new NoValue()
  return flat
}
