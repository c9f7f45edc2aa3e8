/** The parameters of a sign-in that a challenge asks for (RFC 9470 §4), as the app passes them on to its issuer. */
export function readStepUp(challenge: string): Readonly<Record<string, string>> {
  if (!challenge.includes('error="insufficient_user_authentication"')) return {}
  return Object.fromEntries(
    ['acr_values', 'max_age'].flatMap((name) => {
      const value = new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
