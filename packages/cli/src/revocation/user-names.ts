import { resolveDialect } from '@behalf/core/internal'
import type { BehalfConfig } from '@behalf/hook'
import { UsageError } from '../terminal/command.ts'
import { inWords } from '../terminal/in-words.ts'

/** By what the users of an org are found: one claim that is theirs for good. */
export interface UserNaming {
  readonly org: string
  readonly claim: string
}

/**
 * Says by which claims users of an org are known, for each kind of issuer that vouches for them.
 *
 * @param asked - the org; needed when issuers state several
 */
export function namingsOf(
  issuers: BehalfConfig['issuers'],
  asked: string | undefined,
): readonly UserNaming[] {
  const vouching = issuers.filter(({ tokens, org }) => tokens !== 'delegated' && org !== undefined)
  const orgs = [...new Set(vouching.flatMap(({ org }) => org ?? []))]
  if (asked === undefined && orgs.length > 1)
    throw new UsageError(`issuers state several orgs; say --org ${inWords(orgs)}`)
  const org = asked ?? orgs[0]
  const own = vouching.filter((issuer) => issuer.org === org)
  if (org === undefined || own.length === 0)
    throw new UsageError(
      asked === undefined
        ? 'no issuer of the configuration states its org'
        : `no issuer of the configuration states the org '${asked}'`,
    )
  const claims = own.map(({ issuer, dialect }) => {
    const [claim, ...others] = resolveDialect(issuer, dialect)?.stableClaims ?? []
    if (claim === undefined || others.length > 0)
      throw new UsageError(
        `users of ${issuer} are known by several claims together, which --user cannot name; move their cut-offs with the store itself`,
      )
    return claim
  })
  return [...new Set(claims)].map((claim) => ({ org, claim }))
}
