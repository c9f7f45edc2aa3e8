import type { PolicyFunction } from '../policy/decision.ts'
import type { Sealing } from '../sealing/sealing.ts'
import type { Authentication } from './authenticate.ts'
import type { ResolvedClaims } from './claims.ts'
import type { Clients } from './clients.ts'
import type { BehalfConfig } from './config.ts'
import type { ResolvedIssuer } from './issuers.ts'
import type { ResolvedKeys } from './keys.ts'
import type { ResolvedLimits } from './limits.ts'
import type { Resources } from './resources.ts'
import type { ResolvedRevocation } from './revocation.ts'
import type { Settled } from './settled.ts'
import type { ResolvedVerifiedTokens } from './verified-tokens.ts'

/** A configuration that was checked, with every default filled in. */
export interface ResolvedConfig
  extends Settled<
    Pick<BehalfConfig, 'subject' | 'missingAssertion' | 'otherEvents' | 'placeholder' | 'boundAssertions'>
  > {
  readonly authentication: Authentication
  readonly issuers: readonly ResolvedIssuer[]
  readonly clients: Clients | 'any'
  readonly resources?: Resources | undefined
  readonly policy?: PolicyFunction | undefined
  readonly sealing?: Sealing | undefined
  readonly revocation?: ResolvedRevocation | undefined
  readonly claims: ResolvedClaims
  readonly limits: ResolvedLimits
  readonly keys: ResolvedKeys
  readonly verifiedTokens: ResolvedVerifiedTokens | false
  readonly insecureHosts: readonly string[]
}
