/**
 * Says whether a value is one scope token: visible ASCII without quotes and backslashes, so that it is also safe inside a
 * quoted header parameter. It does not limit the length.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3
 */
export function isScopeToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value)
}
