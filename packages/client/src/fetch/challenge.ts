/**
 * Whether a 401 says that another token may help: nothing says what was wrong, or the token was. Not when a proof was
 * wrong, or when somebody else asks for credentials, such as a proxy.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function asksForAnotherToken({ status, headers }: Pick<Response, 'status' | 'headers'>): boolean {
  const challenge = headers.get('www-authenticate')?.trim() ?? ''
  if (status !== 401 || challenge === '') return status === 401
  // What other parameters say in quotes could look like a scheme, or like an error.
  const bare = challenge.replace(/(?<![\w-])(?!error\s*=)[\w-]+\s*=\s*"(?:[^"\\]|\\.)*"/gi, '')
  if (!/(?:^|,)\s*(?:bearer|dpop)\b/i.test(bare)) return false
  const errors = [...bare.matchAll(/(?<![\w-])error\s*=\s*"?([^\s",]*)/gi)].map(([, error]) => error)
  return errors.every((error) => error === 'invalid_token')
}
