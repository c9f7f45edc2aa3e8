import { hash } from 'node:crypto'
import { version } from '@behalf/core/internal'
import type { ResolvedIssuer } from './issuers.ts'
import type { ResolvedConfig } from './resolved-config.ts'
import type { ResolvedRevocation } from './revocation.ts'

/** Which version runs with which configuration. */
export interface Revision {
  readonly version: string
  /**
   * A digest of the checked configuration with its defaults, the same for the same configuration; absent where it was refused.
   * Secrets, keys, functions and policies are no part of it, and neither are queries of URLs, so that nobody can try by it
   * what they might be.
   */
  readonly configuration?: string
}

/** Says which version runs with a configuration. */
export function revisionOf({
  authentication,
  policy,
  sealing,
  revocation,
  issuers,
  ...others
}: ResolvedConfig): Revision {
  const { secrets: _, ...authenticated }: object & { secrets?: unknown } = authentication
  const digested = {
    ...others,
    authentication: authenticated,
    issuers: issuers.map(withoutSecret),
    policy: policy !== undefined,
    revocation: revocation && describeRevocation(revocation),
    sealing: sealing !== undefined,
  }
  const configuration = hash('sha256', canonical(digested)).slice(0, 16)
  return { version, configuration }
}

function withoutSecret({ introspection, ...issuer }: ResolvedIssuer): object {
  const { clientSecret: _, ...asked }: Partial<ResolvedIssuer['introspection']> = introspection ?? {}
  return introspection === undefined ? issuer : { ...issuer, introspection: asked }
}

/** A store is anybody's object. */
function describeRevocation({ whenUnavailable, timeoutMs, events }: ResolvedRevocation): object {
  return { whenUnavailable, timeoutMs, events: events?.org }
}

/** JSON that does not depend on the order in which members were written. */
function canonical(value: unknown): string {
  if (value instanceof Map) return canonical(Object.fromEntries(value))
  if (value instanceof Set) return canonical([...value])
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'function') return '"a function"'
  if (typeof value === 'string') return JSON.stringify(withoutQuery(value))
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

function withoutQuery(text: string): string {
  return /^https?:/i.test(text) ? text.replace(/\?.*$/, '') : text
}
