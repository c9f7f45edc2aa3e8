import type { Json } from '@behalf/core'
import { isNumericDate } from '@behalf/core/internal'
import type { DelegatedAccessToken } from '../delegated-access-token.ts'

/** A token that was accepted, and what a new one in its place could bring. */
export interface AcceptedToken {
  readonly token: DelegatedAccessToken
  /** From when it was issued until its end. */
  readonly lifetimeSeconds: number
  /** By how much a new one could outlive it at most: its assertion ends so much later. */
  readonly prolongableSeconds: number
  /** Okta's id of the request that brought it; undefined when it said none, and of one from a store. */
  readonly requestId: string | undefined
}

/** Up to here it is the network that took its time. */
const maxDelaySeconds = 30
/** Beyond this it is the token that is wrong, not a clock. */
const maxClockDifferenceSeconds = 600

/**
 * Says what time it is for the issuer of a token that has just been issued: clocks may be off by minutes, and tokens
 * live for as few.
 *
 * @param iat - the token's claim; one that is unusable or far off says nothing
 */
export function issuersNow(iat: Json | undefined, nowSeconds: number): number {
  if (!isNumericDate(iat)) return nowSeconds
  const difference = Math.abs(iat - nowSeconds)
  return difference > maxDelaySeconds && difference <= maxClockDifferenceSeconds ? iat : nowSeconds
}
