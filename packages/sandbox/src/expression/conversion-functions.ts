import type { Json } from '../org/json.ts'
import type { User } from '../org/user.ts'
import type { ExpressionFunctions } from './expression-function.ts'
import { asText, NoValue } from './values.ts'

const one = { least: 1, most: 1 }

/**
 * Conversions of numbers, and what users have besides their profile.
 * @see https://developer.okta.com/docs/reference/okta-expression-language/#conversion-functions
 */
export const conversionFunctions: ExpressionFunctions = {
  'Convert.toInt': { ...one, apply: ([value = null]) => Math.round(numberOf(value)) },
  'Convert.toNum': { ...one, apply: ([value = null]) => numberOf(value) },
  'user.getInternalProperty': {
    ...one,
    apply: ([name = null], { user }) => {
      const read = internalProperties.get(asText(name))
      if (read === undefined || user === undefined) throw new NoValue()
      return read(user)
    },
  },
}

const internalProperties: ReadonlyMap<string, (user: User) => string> = new Map([
  ['id', ({ id }: User) => id],
  ['status', ({ status }: User) => status],
  ['created', ({ created }: User) => created],
  ['lastUpdated', ({ lastUpdated }: User) => lastUpdated],
])

function numberOf(value: Json): number {
  const text = asText(value).trim()
  const number = Number(text)
  if (text === '' || !Number.isFinite(number)) throw new NoValue()
  return number
}
