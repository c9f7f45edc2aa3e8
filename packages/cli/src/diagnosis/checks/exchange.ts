import { errorTable } from '@behalf/core'
import { attemptExchange } from '../../exchange/attempt.ts'
import { type Check, failure, ok, skipped } from '../finding.ts'

const whoActs = {
  operator: 'the operator of hook and org must act',
  client: 'API A must act',
  user: 'the user must sign in again',
  issuer: 'the issuer of the assertion must act',
} as const

/** A whole exchange ends with a delegated token that an API B accepts. */
export const checkExchange: Check = async (installation) => {
  const { issuer, client, assertion, scopes, resource, insecureHosts } = installation
  const check = 'exchange'
  if (issuer === undefined || client === undefined || assertion === undefined) {
    const missing = [
      ...(issuer === undefined ? ['--issuer'] : []),
      ...(client === undefined ? ['CLIENT_ID with CLIENT_SECRET or CLIENT_KEY_FILE'] : []),
      ...(assertion === undefined ? ["a user's token (--assertion FILE)"] : []),
    ]
    return [skipped(check, 'no test client or no user', `give ${missing.join(', ')}`)]
  }
  const { decision, code, reason, apiB, durationMs } = await attemptExchange({
    ...client,
    issuer,
    assertion,
    scopes,
    resource: resource?.resource,
    insecureHosts,
  })
  if (decision === 'permit' && apiB === 'accepts')
    return [ok(check, `a delegated token was issued in ${durationMs} ms, and it verifies`)]
  if (decision === 'permit')
    return [
      failure(check, `a delegated token was issued, and does not verify: ${apiB}`, 'check issuer and keys'),
    ]
  if (code === 'seal_required')
    return [
      failure(check, `${code}: ${reason ?? ''}`, 'set SEAL_JWKS_URI to where the hook publishes its keys'),
    ]
  const remedy = code === undefined ? 'see behalf exchange' : whoActs[errorTable[code].remedy]
  return [failure(check, `${code}: ${reason ?? ''}`, remedy)]
}
