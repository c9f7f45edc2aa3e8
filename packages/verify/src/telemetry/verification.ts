import type { Result } from '@behalf/core'
import type { Ending, OperationOf } from '@behalf/core/internal'
import type { Access } from '../access/access.ts'
import type { Authorization } from '../request/authorize-request.ts'
import { TokenError } from '../token-error.ts'

type Verification<T> = OperationOf<'behalf.verify.token', T>

/** The operation that the verification of a token is. */
export const tokenVerification: Verification<Access | TokenError> = {
  name: 'behalf.verify.token',
  describe: (outcome) => (outcome.ok ? describe(outcome.value) : broken),
}

/** The operation that the verification of a request's token is. */
export const requestVerification: Verification<Authorization> = {
  name: 'behalf.verify.token',
  describe: (outcome: Result<Authorization, unknown>) =>
    outcome.ok ? describe(outcome.value.ok ? outcome.value.access : outcome.value.refusal.error) : broken,
}

/** What is thrown there is the code of the operator's. */
const broken: Ending<'behalf.verify.token'> = { attributes: { 'behalf.outcome': 'failed' }, failed: true }

function describe(outcome: Access | TokenError): Ending<'behalf.verify.token'> {
  return outcome instanceof TokenError
    ? { attributes: { 'behalf.outcome': 'refused', 'behalf.code': outcome.code } }
    : { attributes: { 'behalf.outcome': 'accepted', 'behalf.token.kind': outcome.kind } }
}
