import type { ResolvedConfig } from '../config/resolved-config.ts'
import { Introspection, type IntrospectionSurroundings } from './introspection.ts'

/** What asks issuers about their tokens, by issuer; of those alone that are to be asked. */
export type Introspections = ReadonlyMap<string, Introspection>

/** Makes what asks the issuers of a configuration. */
export function createIntrospections(
  { issuers, insecureHosts }: Pick<ResolvedConfig, 'issuers' | 'insecureHosts'>,
  surroundings: Omit<IntrospectionSurroundings, 'insecureHosts'>,
): Introspections {
  const asked = new Map<string, Introspection>()
  for (const { issuer, introspection } of issuers)
    if (introspection !== undefined)
      asked.set(issuer, new Introspection(issuer, introspection, { ...surroundings, insecureHosts }))
  return asked
}
