/** @see https://www.rfc-editor.org/rfc/rfc7518#section-6 */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** Says whether a JWK has a member that only private and symmetric keys have. */
export function hasPrivateMember(jwk: object): boolean {
  return privateMembers.some((name) => Object.hasOwn(jwk, name))
}
