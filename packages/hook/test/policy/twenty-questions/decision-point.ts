import * as v from 'valibot'

/** An access evaluation request, as far as the policy looks at it. */
const evaluationRequest = v.object({
  subject: v.object({
    type: v.literal('user'),
    id: v.string(),
    properties: v.object({
      claims: v.record(v.string(), v.unknown()),
      client: v.object({ id: v.string() }),
      actors: v.array(v.object({ sub: v.string() })),
      ip_address: v.optional(v.string()),
    }),
  }),
  action: v.object({ name: v.literal('exchange') }),
  resource: v.object({
    type: v.literal('api'),
    id: v.string(),
    properties: v.object({ scopes: v.array(v.string()) }),
  }),
})

const permits: Readonly<Record<string, { client: string; api: string; scopes?: string[]; group?: string }>> =
  {
    web: { client: '0oaWeb', api: 'api://orders', scopes: ['orders:read', 'orders:write'] },
    support: { client: '0oaSupport', api: 'api://orders', scopes: ['orders:read'], group: 'support' },
    pay: { client: '0oaCheckout', api: 'api://payments' },
  }

/** The policy as a remote decision point has it: a table, and the exceptions to it. */
export function evaluate(body: unknown): object {
  const { subject, resource } = v.parse(evaluationRequest, body)
  const { claims, client, actors, ip_address: ip = '' } = subject.properties
  const { scopes } = resource.properties
  const isMember = (group: string): boolean =>
    subject.id.startsWith('https://example.okta.com/oauth2/default#') &&
    Array.isArray(claims['groups']) &&
    claims['groups'].includes(group)
  const paying = resource.id === 'api://payments'
  const withoutMfa = !Array.isArray(claims['amr']) || !claims['amr'].includes('mfa')
  const exceptions = [
    {
      id: 'chains',
      holds: paying && actors.length > 1,
      reason: 'Payments cannot be made through a chain of services.',
    },
    {
      id: 'mfa',
      holds: paying && scopes.includes('payments:write') && withoutMfa,
      reason: 'Sign in with a second factor to pay.',
      scopes: ['payments:write'],
    },
    { id: 'guests', holds: /^198\.51\.100\./.test(ip), reason: 'Not from the guest network.' },
    { id: 'suspended', holds: claims['status'] === 'suspended', reason: 'This account is suspended.' },
  ].filter(({ holds }) => holds)
  if (exceptions.length > 0) {
    const blamed = exceptions.flatMap((exception) => exception.scopes ?? [])
    return {
      decision: false,
      context: {
        policies: exceptions.map(({ id }) => id),
        reason: exceptions[0]?.reason,
        ...(exceptions.every((exception) => exception.scopes) ? { scopes: blamed } : {}),
      },
    }
  }
  const [found] = Object.entries(permits).filter(
    ([, permit]) =>
      permit.client === client.id &&
      permit.api === resource.id &&
      (permit.group === undefined || isMember(permit.group)),
  )
  if (found === undefined) return { decision: false }
  const others = scopes.filter((scope) => found[1].scopes?.includes(scope) === false)
  return others.length === 0
    ? { decision: true, context: { policies: [found[0]] } }
    : { decision: false, context: { scopes: others } }
}
