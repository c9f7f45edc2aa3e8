import { filled, type Shape } from '../shape.ts'

const query = 'https://example.okta.com/oauth2/default/v1/token?'
/** As many as a hook looks at, each as long as makes the length. */
function manyParameters(name: string, unit: string): Shape {
  const count = 4_000
  return {
    name: `${name}, as many parameters as may be`,
    write: (length) => {
      const size = Math.max(unit.length, Math.floor((length - query.length) / count) - 1)
      return query + Array.from({ length: count }, () => unit.repeat(size).slice(0, size)).join('&')
    },
  }
}

/** What stands between separators, alone and many times. */
const units: readonly (readonly [name: string, unit: string])[] = [
  ['bad escapes between ampersands', '%&'],
  ['escaped percent signs behind semicolons', ';%25'],
  ['escaped percent signs behind fragments and ampersands', '#&%25'],
  ['percent signs', '%'],
  ['escaped percent signs', '%25'],
  ['ampersands', '&'],
  ['semicolons', ';'],
  ['question marks', '?'],
  ['number signs', '#'],
  ['equals signs', '='],
  ['plus signs', '+'],
  ['bytes that are no UTF-8', '%ff'],
  ['nearly the name', 'assertio;'],
  ['nearly the name, escaped', '%61%73%73%65%72%74%69%6f;'],
  ['nearly the name, escaped four times', '%2525252561ssertio;'],
  ['the name with a bracket', 'assertion[&'],
  ['the name in capitals', 'ASSERTION&'],
  ['the name with much behind it', 'assertion+'],
  ['small parameters', 'a=b&'],
]

/** URLs of token requests that cost more than they weigh. */
export const urlShapes: readonly Shape[] = [
  ...units.map(([name, unit]) => filled(name, unit, query)),
  ...units.filter(([, unit]) => !unit.includes('&')).map(([name, unit]) => manyParameters(name, unit)),
  filled('an escaped value', '%61', `${query}assertion=`),
  filled('a value of bad escapes', '%zz', `${query}assertion=`),
  filled('a value of plus signs', '+', `${query}assertion=`),
  filled('a value of dots', 'a.', `${query}assertion=`),
  filled('a path of dots', '../', 'https://example.okta.com/'),
  filled('a host in punycode', 'xn--a9.', 'https://', '/v1/token'),
  filled('a port of many digits', '1', 'https://example.okta.com:'),
]
