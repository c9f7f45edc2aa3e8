import type { EventHookCaller } from './event-hooks/caller.ts'
import type { ExchangeLog } from './exchanges/exchange-log.ts'
import type { PolicyBoard } from './exchanges/policy-in-force.ts'
import type { ExchangeRecorder } from './exchanges/recorder.ts'
import type { Faults } from './faults/faults.ts'
import type { RequestNotes } from './http/served-request.ts'
import type { HookCaller } from './inline-hook/hook-caller.ts'
import type { HookTokens } from './inline-hook/hook-tokens.ts'
import type { RateLimits } from './options/sandbox-options.ts'
import type { JsonObject } from './org/json.ts'
import type { Org } from './org/org.ts'

/** An org that is running: what it consists of, what is going wrong in it, and how it treats requests. */
export interface LiveOrg extends Org {
  readonly faults: Faults
  readonly hooks: HookCaller
  readonly hookTokens: HookTokens
  readonly eventHookCaller: EventHookCaller
  readonly rateLimits: RateLimits
  readonly notes: RequestNotes
  readonly exchanges: ExchangeLog
  readonly recorder: ExchangeRecorder
  readonly policyBoard: PolicyBoard
  /** Claims that win over all others in the access token of a person's next sign-in, by login. */
  readonly claimsOfNext: Map<string, JsonObject>
  /** Claims that win over all others in the access token that a code is redeemed for. */
  readonly claimsOfCode: Map<string, JsonObject>
}
