import { allOf, type DecisionPoint, type Delegation } from '@behalf/hook'
import { cedar } from '@behalf/hook/cedar'
import { type Figure, figure } from '../figure.ts'
import { interleave } from '../interleave.ts'

const sizes = [1, 10, 100, 1_000] as const
const signal = new AbortController().signal
const issuer = 'https://example.okta.com/oauth2/default'

/** May the last client act for its user? Every other policy is about another client. */
function question(clients: number): Delegation {
  const timeMs = Date.UTC(2026, 10, 24, 9, 30)
  const client = `0oaClient${clients - 1}`
  return {
    client: { id: client },
    subject: {
      issuer,
      id: 'ann@example.com',
      claims: {
        iss: issuer,
        sub: 'ann@example.com',
        aud: 'api://a',
        cid: '0oaSpa',
        iat: timeMs / 1000,
        exp: timeMs / 1000 + 3_600,
        scp: ['openid', 'a:read'],
        groups: ['everyone', 'sales', 'berlin'],
        department: 'sales',
      },
    },
    resource: { audience: 'api://b', authorizationServer: issuer },
    scopes: ['orders:read'],
    actors: [{ sub: client }],
    request: { ipAddress: '203.0.113.7', timeMs },
  }
}

function policySet(clients: number): string {
  return Array.from(
    { length: clients },
    (_, index) => `@id("client-${index}")
permit (principal in Group::"okta#sales", action == Action::"exchange", resource == Api::"api://b")
when { context.client == Client::"0oaClient${index}" && ["orders:read", "orders:write"].containsAll(context.scopes) };`,
  ).join('\n\n')
}

function load(clients: number): DecisionPoint {
  const point = cedar({
    texts: { 'policies.cedar': policySet(clients) },
    issuerNames: { [issuer]: 'okta' },
  })
  if (point.faults.length > 0) throw new Error('the policies are faulty')
  return point
}

/** What reading policies costs at start and what a decision costs, from 1 to 1 000 Cedar policies; beside them a function. */
export async function policies(): Promise<readonly Figure[]> {
  const loading = new Map<number, number[]>(sizes.map((size) => [size, []]))
  for (let round = 0; round < 5; round++) {
    for (const size of sizes) {
      const startedAt = performance.now()
      load(size)
      loading.get(size)?.push(performance.now() - startedAt)
    }
  }
  const contenders = sizes.map((size) => {
    const point = load(size)
    const delegation = question(size)
    return [String(size), async () => expectPermit(await point.decide(delegation, signal))] as const
  })
  const plain = allOf(({ client }) => ({ decision: client.id === '0oaClient0' ? 'permit' : 'forbid' }))
  const delegation = question(1)
  const samples = await interleave(
    {
      function: async () => expectPermit(await plain.decide(delegation, signal)),
      ...Object.fromEntries(contenders),
    },
    { rounds: 15, warmUpRounds: 2, callsPerRound: 40 },
  )
  return [
    ...[...loading].map(([size, times]) => figure(`policies.cedar.${size}.load`, 'ms', times)),
    ...Object.entries(samples).map(([name, times]) =>
      figure(
        name === 'function' ? 'policies.function.decision' : `policies.cedar.${name}.decision`,
        'µs',
        times,
      ),
    ),
  ]
}

function expectPermit({ decision }: { readonly decision: string }): void {
  if (decision !== 'permit') throw new Error('the policy does not permit')
}
