import type { Json } from '../org/json.ts'
import type { ExpressionFunctions } from './expression-function.ts'
import { asText, asWhole, requireLength } from './values.ts'

const two = { least: 2, most: 2 }
const one = { least: 1, most: 1 }
const three = { least: 3, most: 3 }

/**
 * Functions of texts.
 * @see https://developer.okta.com/docs/reference/okta-expression-language/#string-functions
 */
export const stringFunctions: ExpressionFunctions = {
  'String.append': { ...two, apply: (values) => texts(values).join('') },
  'String.join': {
    least: 2,
    most: Number.POSITIVE_INFINITY,
    apply: (values) => {
      const [separator, ...parts] = texts(values)
      return parts.join(separator)
    },
  },
  'String.len': { ...one, apply: (values) => texts(values)[0].length },
  'String.removeSpaces': { ...one, apply: (values) => texts(values)[0].replaceAll(' ', '') },
  'String.replace': {
    ...three,
    apply: (values) => {
      const [text, match = '', replacement = ''] = texts(values)
      const parts = text.split(match)
      requireLength((parts.length - 1) * replacement.length)
      return parts.join(replacement)
    },
  },
  'String.replaceFirst': {
    ...three,
    apply: (values) => {
      const [text, match = '', replacement = ''] = texts(values)
      return text.replace(match, () => replacement)
    },
  },
  'String.startsWith': { ...two, apply: (values) => withPart(values, (text, part) => text.startsWith(part)) },
  'String.stringContains': {
    ...two,
    apply: (values) => withPart(values, (text, part) => text.includes(part)),
  },
  'String.stringSwitch': {
    least: 4,
    most: Number.POSITIVE_INFINITY,
    apply: (values) => {
      const [text, otherwise = '', ...pairs] = texts(values)
      const key = pairs.findIndex((part, index) => index % 2 === 0 && text.includes(part))
      return (key === -1 ? undefined : pairs[key + 1]) ?? otherwise
    },
  },
  'String.substring': {
    ...three,
    apply: ([value = null, start = null, end = null]) => {
      const text = asText(value)
      const last = asWhole(end, 0, text.length)
      return text.slice(asWhole(start, 0, last), last)
    },
  },
  'String.substringAfter': {
    ...two,
    apply: (values) =>
      withPart(values, (text, part) => {
        const at = text.indexOf(part)
        return at === -1 ? '' : text.slice(at + part.length)
      }),
  },
  'String.substringBefore': {
    ...two,
    apply: (values) =>
      withPart(values, (text, part) => {
        const at = text.indexOf(part)
        return at === -1 ? text : text.slice(0, at)
      }),
  },
  'String.toUpperCase': { ...one, apply: (values) => texts(values)[0].toUpperCase() },
  'String.toLowerCase': { ...one, apply: (values) => texts(values)[0].toLowerCase() },
}

function texts([first = null, ...others]: readonly Json[]): readonly [string, ...string[]] {
  return [asText(first), ...others.map(asText)]
}

function withPart(values: readonly Json[], apply: (text: string, part: string) => Json): Json {
  const [text, part = ''] = texts(values)
  return apply(text, part)
}
