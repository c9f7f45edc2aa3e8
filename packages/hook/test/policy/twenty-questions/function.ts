import type { Delegation, Forbid, PolicyDecision, PolicyFunction } from '@behalf/hook'

const okta = 'https://example.okta.com/oauth2/default'

/** The policy as a function. */
export const policy: PolicyFunction = (delegation) => {
  const [first, ...others] = forbids(delegation)
  if (first !== undefined) {
    const all = [first, ...others]
    const blameScopes = all.every(({ scopes }) => scopes !== undefined)
    return {
      decision: 'forbid',
      reason: first.reason,
      policies: all.flatMap(({ policies }) => policies ?? []),
      ...(blameScopes ? { scopes: all.flatMap(({ scopes }) => scopes ?? []) } : {}),
    }
  }
  return permit(delegation)
}

function forbids({ subject, resource, scopes, actors, request }: Delegation): readonly Forbid[] {
  const found: Forbid[] = []
  const forbid = (id: string, reason: string, blamed?: string): void => {
    found.push({ decision: 'forbid', policies: [id], reason, ...(blamed ? { scopes: [blamed] } : {}) })
  }
  const { amr } = subject.claims
  if (resource.audience === 'api://payments') {
    if (actors.length > 1) forbid('chains', 'Payments cannot be made through a chain of services.')
    if (scopes.includes('payments:write') && !(Array.isArray(amr) && amr.includes('mfa')))
      forbid('mfa', 'Sign in with a second factor to pay.', 'payments:write')
  }
  if (request.ipAddress?.startsWith('198.51.100.')) forbid('guests', 'Not from the guest network.')
  if (subject.claims['status'] === 'suspended') forbid('suspended', 'This account is suspended.')
  return found
}

function permit({ client, subject, resource, scopes }: Delegation): PolicyDecision {
  const within = (id: string, permitted: readonly string[]): PolicyDecision => {
    const others = scopes.filter((scope) => !permitted.includes(scope))
    return others.length === 0
      ? { decision: 'permit', policies: [id] }
      : { decision: 'forbid', scopes: others }
  }
  if (resource.audience === 'api://orders') {
    const { groups } = subject.claims
    if (client.id === '0oaWeb') return within('web', ['orders:read', 'orders:write'])
    if (
      client.id === '0oaSupport' &&
      subject.issuer === okta &&
      Array.isArray(groups) &&
      groups.includes('support')
    )
      return within('support', ['orders:read'])
  }
  return resource.audience === 'api://payments' && client.id === '0oaCheckout'
    ? { decision: 'permit', policies: ['pay'] }
    : { decision: 'forbid' }
}
