import type { DelegationOptions } from '../delegation.ts'

/** What every way of writing the policy must answer. */
export interface Expected {
  readonly decision: 'permit' | 'forbid'
  readonly policies?: readonly string[]
  readonly reason?: string
  readonly scopes?: readonly string[]
}

const checkout = { client: '0oaCheckout', audience: 'api://payments' }
const support = {
  client: '0oaSupport',
  audience: 'api://orders',
  claims: { groups: ['everyone', 'support'] },
}
const web = { client: '0oaWeb', audience: 'api://orders' }
const mfa = { amr: ['pwd', 'mfa'] }
const noChains = 'Payments cannot be made through a chain of services.'
const needsMfa = 'Sign in with a second factor to pay.'

/**
 * One policy, told in words: the web shop reads and writes orders; support staff reads them through the support
 * client; checkout pays. Nobody pays through a chain or writes payments without a second factor, nobody acts
 * from the guest network, and nobody acts for a suspended user.
 */
export const questions: readonly (readonly [string, DelegationOptions, Expected])[] = [
  [
    'the web shop reads orders',
    { ...web, scopes: ['orders:read'] },
    { decision: 'permit', policies: ['web'] },
  ],
  [
    'the web shop reads and writes orders',
    { ...web, scopes: ['orders:read', 'orders:write'] },
    { decision: 'permit', policies: ['web'] },
  ],
  [
    'the web shop administers orders',
    { ...web, scopes: ['orders:read', 'orders:admin'] },
    { decision: 'forbid', scopes: ['orders:admin'] },
  ],
  [
    'the web shop pays',
    { ...web, audience: 'api://payments', scopes: ['payments:read'] },
    { decision: 'forbid' },
  ],
  [
    'the web shop acts elsewhere',
    { ...web, audience: 'api://hr', scopes: ['hr:read'] },
    { decision: 'forbid' },
  ],
  [
    'a stranger reads orders',
    { ...web, client: '0oaStranger', scopes: ['orders:read'] },
    { decision: 'forbid' },
  ],
  [
    'a client in other letters',
    { ...web, client: '0oaweb', scopes: ['orders:read'] },
    { decision: 'forbid' },
  ],
  [
    'the web shop reads orders for a service behind it',
    { ...web, scopes: ['orders:read'], priorActors: ['0oaSpa'] },
    { decision: 'permit', policies: ['web'] },
  ],
  [
    'support reads orders',
    { ...support, scopes: ['orders:read'] },
    { decision: 'permit', policies: ['support'] },
  ],
  [
    'support writes orders',
    { ...support, scopes: ['orders:read', 'orders:write'] },
    { decision: 'forbid', scopes: ['orders:write'] },
  ],
  [
    'support for a user who is no member of it',
    { ...support, scopes: ['orders:read'], claims: { groups: ['everyone'] } },
    { decision: 'forbid' },
  ],
  [
    'support for a user without groups',
    { ...support, scopes: ['orders:read'], claims: {} },
    { decision: 'forbid' },
  ],
  [
    'support for a user of another issuer',
    { ...support, scopes: ['orders:read'], issuer: 'https://partner.okta.com/oauth2/default' },
    { decision: 'forbid' },
  ],
  [
    'checkout pays with a second factor',
    { ...checkout, scopes: ['payments:read', 'payments:write'], claims: mfa },
    { decision: 'permit', policies: ['pay'] },
  ],
  [
    'checkout pays without a second factor',
    { ...checkout, scopes: ['payments:read', 'payments:write'], claims: { amr: ['pwd'] } },
    { decision: 'forbid', policies: ['mfa'], reason: needsMfa, scopes: ['payments:write'] },
  ],
  [
    'checkout reads payments without a second factor',
    { ...checkout, scopes: ['payments:read'] },
    { decision: 'permit', policies: ['pay'] },
  ],
  [
    'checkout pays for a service behind it',
    { ...checkout, scopes: ['payments:write'], claims: mfa, priorActors: ['0oaAssistant'] },
    { decision: 'forbid', policies: ['chains'], reason: noChains },
  ],
  [
    'the same without a second factor',
    { ...checkout, scopes: ['payments:write'], priorActors: ['0oaAssistant'] },
    { decision: 'forbid', policies: ['chains', 'mfa'], reason: noChains },
  ],
  [
    'the web shop from the guest network',
    { ...web, scopes: ['orders:read'], ipAddress: '198.51.100.23' },
    { decision: 'forbid', policies: ['guests'], reason: 'Not from the guest network.' },
  ],
  [
    'the web shop for a suspended user',
    { ...web, scopes: ['orders:read'], claims: { status: 'suspended' } },
    { decision: 'forbid', policies: ['suspended'], reason: 'This account is suspended.' },
  ],
]
