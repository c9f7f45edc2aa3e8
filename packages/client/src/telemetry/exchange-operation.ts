import type { Result } from '@behalf/core'
import type { Ending, OperationOf } from '@behalf/core/internal'
import type { AcceptedToken } from '../exchange/token-life.ts'
import { ExchangeError } from '../exchange-error.ts'

/** The operation that an exchange is. */
export function exchangeOperation(clientId: string): OperationOf<'behalf.client.exchange', AcceptedToken> {
  return {
    name: 'behalf.client.exchange',
    attributes: { 'behalf.client.id': clientId },
    describe: describeExchange,
  }
}

function describeExchange(outcome: Result<AcceptedToken, unknown>): Ending<'behalf.client.exchange'> {
  if (outcome.ok)
    return { attributes: { 'behalf.outcome': 'ok', 'okta.request.id': outcome.value.requestId } }
  const error = outcome.fault
  // Whoever waited does not any more, or a store or signer of the operator's has failed.
  if (!(error instanceof ExchangeError)) return { attributes: { 'behalf.outcome': 'failed' }, failed: true }
  const { code, refusedBy, requestId, decisionId } = error
  return {
    attributes: {
      'behalf.outcome': refusedBy === 'hook' ? 'denied' : 'failed',
      'behalf.code': code,
      'behalf.refused_by': refusedBy,
      'okta.request.id': requestId,
      'behalf.decision.id': decisionId,
    },
    failed: refusedBy !== 'hook',
  }
}
