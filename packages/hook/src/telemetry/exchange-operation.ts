import type { Telemetry } from '@behalf/core'
import type { Operation } from '@behalf/core/internal'
import type { DecisionRecord } from '../decision/decision-record.ts'

/** One call of the hook. */
export type ExchangeOperation = Operation<'behalf.hook.exchange'>

/** Begins the operation that a call of the hook is, where telemetry is put in. */
export function beginExchange(
  telemetry: Telemetry | undefined,
  decisionId: string,
  sinceMs: number,
): ExchangeOperation | undefined {
  return telemetry?.begin('behalf.hook.exchange', { 'behalf.decision.id': decisionId }, Math.max(0, sinceMs))
}

/** Ends it with what its record says, but for everything about the user. */
export function endExchange(operation: ExchangeOperation | undefined, record: DecisionRecord): void {
  const { decision, code, requestId, client } = record
  operation?.end({
    attributes: {
      'behalf.decision': decision,
      'behalf.code': code,
      'behalf.client.id': client,
      'okta.request.id': isRequestId(requestId) ? requestId : undefined,
    },
    failed: code === 'internal_error',
  })
}

/** What a caller puts there who is not Okta must not get into traces. */
function isRequestId(id: string | undefined): boolean {
  return id !== undefined && /^[\w-]{1,128}$/.test(id)
}
