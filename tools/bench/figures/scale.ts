import { type BehalfConfig, createHook } from '@behalf/hook'
import { type Figure, figure } from '../figure.ts'
import { hookBody } from '../hook-call.ts'
import { interleave, ratios } from '../interleave.ts'
import { assertionClaims, type BenchIssuer } from '../tokens.ts'

const users = 128
const headers = new Map([['authorization', ['hook-secret-0123456789']]])

/** How the hook's time grows with issuers, clients and the size of the assertion. */
export async function scale(issuer: BenchIssuer): Promise<readonly Figure[]> {
  const others = Array.from({ length: 49 }, (_, index) => `https://issuer-${index}.example/oauth2/default`)
  const clientIds = Array.from({ length: 10_000 }, (_, index) => `0oaClient${index}`)
  const one: BehalfConfig = {
    authenticate: { secrets: ['hook-secret-0123456789'] },
    issuers: [{ issuer: issuer.issuer, audiences: ['api://a'] }],
    clients: { '0oaApiA': { audiences: ['api://a'] } },
    claims: { maxBytes: 65_536 },
  }
  const small = calls(issuer, '')
  const large = calls(issuer, 'x'.repeat(5_300))
  const many = clientIds.map((clientId) => hookBody(issuer.sign(assertionClaims(1)), clientId)).slice(0, 512)
  const samples = await interleave({
    one: await ask(one, small, issuer),
    issuers50: await ask({ ...one, issuers: [...others.map(trust), trust(issuer.issuer)] }, small, issuer),
    clients10000: await ask(
      { ...one, clients: Object.fromEntries(clientIds.map((id) => [id, { audiences: ['api://a'] }])) },
      many,
      issuer,
    ),
    assertion8KB: await ask(one, large, issuer),
  })
  return [
    figure('scale.issuers50', 'times', ratios(samples.issuers50, samples.one)),
    figure('scale.clients10000', 'times', ratios(samples.clients10000, samples.one)),
    figure('scale.assertion8KB', 'times', ratios(samples.assertion8KB, samples.one)),
  ]
}

/** One of many servers that vouch for the same people. */
function trust(issuer: string): BehalfConfig['issuers'][number] {
  return { issuer, audiences: ['api://a'], org: 'example' }
}

function calls(issuer: BenchIssuer, padding: string): readonly string[] {
  return Array.from({ length: users }, (_, index) => hookBody(issuer.sign(assertionClaims(index, padding))))
}

/** A caller of a hook of this configuration, whose issuers all answer with the keys of the one that signs. */
async function ask(
  config: BehalfConfig,
  bodies: readonly string[],
  { keySet }: BenchIssuer,
): Promise<(call: number) => Promise<void>> {
  const hook = createHook(config, {
    fetch: async (url) => {
      const [issuer = ''] = url.split(/\/\.well-known|\/v1\/keys/)
      return Response.json(url.endsWith('/v1/keys') ? keySet : { issuer, jwks_uri: `${issuer}/v1/keys` })
    },
  })
  await hook.load()
  return async (call) => {
    const { body } = await hook.handle({ headers, body: bodies[call % bodies.length] ?? '' })
    if (!body.startsWith('{"commands"')) throw new Error(`not exchanged: ${body}`)
  }
}
