import { fail, pass, type Result } from '../result.ts'

/** A token as the header `Authorization` presents it. */
export interface PresentedToken<Scheme extends string> {
  readonly scheme: Scheme
  readonly token: string
}

/**
 * Reads the token that one value of the header `Authorization` presents, as HTTP hands it over: without blanks around
 * it. It does not verify the token.
 *
 * @param schemes - in lower case; a header of another scheme presents nothing
 * @returns the fault `missing` when nothing is presented, `malformed` when what follows the scheme is no token
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function readAuthorizationHeader<Scheme extends string>(
  value: string,
  schemes: readonly Scheme[],
): Result<PresentedToken<Scheme>, 'missing' | 'malformed'> {
  const [, name = '', token = ''] = /^([^ ]*)(?: +(.*))?$/s.exec(value) ?? []
  const scheme = schemes.find((known) => known === name.toLowerCase())
  if (scheme === undefined || token === '') return fail('missing')
  return /^[\w\-.~+/]+=*$/.test(token) ? pass({ scheme, token }) : fail('malformed')
}
