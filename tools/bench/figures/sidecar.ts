import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type Figure, figure } from '../figure.ts'
import { ratios } from '../interleave.ts'
import { load, originOf, path } from '../served.ts'
import { assertionClaims, type BenchIssuer, delegatedClaims } from '../tokens.ts'

const rounds = 5
const users = 256

/** `behalf sidecar`, whose cache has the tokens of 256 users, and a bare server that writes as many bytes. */
export async function sidecar(issuer: BenchIssuer): Promise<readonly Figure[]> {
  mkdirSync(path('../../dist/bench'), { recursive: true })
  const claims = Array.from({ length: users }, (_, index) => assertionClaims(index))
  const assertions = claims.map((assertion) => issuer.sign(assertion))
  const okta = await startOkta(
    issuer,
    new Map(assertions.map((assertion, index) => [assertion, claims[index] ?? {}])),
  )
  const bodies = assertions.map((assertion) =>
    new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      subject_token: assertion,
    }).toString(),
  )
  const file = path('../../dist/bench/exchanges.txt')
  writeFileSync(file, bodies.join('\n'))
  const running = spawn(
    process.execPath,
    [path('../../packages/cli/bin/behalf.js'), 'sidecar', '--port', '0'],
    {
      env: {
        DELEGATION_ISSUER: okta.issuer,
        CLIENT_ID: '0oaApiA',
        CLIENT_SECRET: 'secret-of-api-a',
        ISSUER: issuer.issuer,
        AUDIENCE: 'api://a',
        RESOURCE: 'api://b',
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  const processes = [running]
  try {
    const origin = await originOf(running)
    const answers: string[] = []
    for (const body of bodies) answers.push(await exchange(origin, body))
    const bare = spawn(process.execPath, [path('bare-server.mjs'), String(answers[0]?.length)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    processes.push(bare)
    const bareOrigin = await originOf(bare)
    const request = { path: '/token', type: 'application/x-www-form-urlencoded' }
    const rates: Record<'bare' | 'cached', number[]> = { bare: [], cached: [] }
    for (let round = -1; round < rounds; round++) {
      const measured = {
        bare: await load(bareOrigin, file, request),
        cached: await load(origin, file, request),
      }
      if (round < 0) continue
      rates.bare.push(measured.bare.rate)
      rates.cached.push(measured.cached.rate)
    }
    return [
      figure('sidecar.cachedRequestsPerSecond', 'requests/s', rates.cached),
      figure('sidecar.cachedVsBareHttp', 'times', ratios(rates.cached, rates.bare)),
    ]
  } finally {
    for (const child of processes) child.kill('SIGKILL')
    okta.server.close()
  }
}

async function exchange(origin: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const response = await fetch(`${origin}/token`, { method: 'POST', headers, body })
  const answer = await response.text()
  if (response.status !== 200) throw new Error(`the sidecar answered ${response.status}: ${answer}`)
  return answer
}

/** Okta's token endpoint with its hook, for known assertions. */
async function startOkta(
  signer: BenchIssuer,
  known: ReadonlyMap<string, object>,
): Promise<{ readonly issuer: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', issuer)
    const assertion = known.get(url.searchParams.get('assertion') ?? '') ?? {}
    const document = url.pathname.endsWith('/v1/token')
      ? {
          access_token: signer.sign({
            ...delegatedClaims(0, signer.issuer, assertion),
            ...subjectOf(assertion),
            iss: issuer,
          }),
          token_type: 'Bearer',
          expires_in: 3600,
        }
      : { issuer, token_endpoint: `${issuer}/v1/token` }
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Okta has no port')
  const issuer = `http://127.0.0.1:${address.port}/oauth2/behalf`
  return { issuer, server }
}

function subjectOf(claims: object): object {
  return 'sub' in claims ? { sub: claims.sub } : {}
}
