import type { SignatureAlgorithm } from '@behalf/core'
import * as v from 'valibot'
import type { ConfigFault } from '../errors/config-error.ts'
import { closedObject } from '../errors/schema-faults.ts'
import type { SectionSchema } from './section.ts'
import type { Settled } from './settled.ts'
import { algorithms, issuerUrl, names, url, wholeNumberOr } from './values.ts'

/** Trusts an issuer whose access tokens can be exchanged. */
export interface IssuerConfig {
  /** Compared with `iss` character by character. `https`, or `http` on loopback. */
  readonly issuer: string
  /** The APIs that may present tokens of this issuer; one of them must be in `aud`. */
  readonly audiences: readonly string[]
  /** Where the keys are. Default what the issuer's metadata says, then on its own origin only. */
  readonly jwksUri?: string | undefined
  /** Asymmetric ones only; RS256 is what Okta signs with. Default `['RS256']`. */
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined
  /** For `nbf` and `iat`. `exp` gets none: docs/decisions/0002-no-leeway-for-exp.md. 0 to 300. Default 60. */
  readonly clockToleranceSeconds?: number | undefined
}

/** An issuer with its defaults filled in. */
export type ResolvedIssuer = Settled<IssuerConfig, 'jwksUri'>

export const defaultClockToleranceSeconds = 60

export const issuer: SectionSchema<IssuerConfig, ResolvedIssuer> = closedObject({
  issuer: issuerUrl,
  audiences: names,
  jwksUri: v.optional(url),
  algorithms,
  clockToleranceSeconds: wholeNumberOr(defaultClockToleranceSeconds, 0, 300),
})

export const issuers: v.GenericSchema<readonly IssuerConfig[], readonly ResolvedIssuer[]> = v.pipe(
  v.array(issuer, 'must be a list'),
  v.minLength(1, 'must name at least one issuer'),
)

/** Finds issuers that are configured twice. */
export function findRepeatedIssuers({
  issuers,
}: {
  readonly issuers: readonly Pick<IssuerConfig, 'issuer'>[]
}): readonly ConfigFault[] {
  return issuers.flatMap(({ issuer }, index) =>
    issuers.findIndex((other) => other.issuer === issuer) < index
      ? [{ path: `issuers[${index}].issuer`, problem: 'is configured twice; merge the two' }]
      : [],
  )
}
