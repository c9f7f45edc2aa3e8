import type { BehalfConfig } from '@behalf/hook'

/** Returns the issuers of a configuration as far as it names any; whether it is right is for the hook to say. */
export function issuersOf({ issuers }: BehalfConfig): readonly string[] | undefined {
  const listed: unknown = issuers
  if (!Array.isArray(listed)) return undefined
  return listed.map((each) => Object(each).issuer).filter((issuer) => typeof issuer === 'string')
}
