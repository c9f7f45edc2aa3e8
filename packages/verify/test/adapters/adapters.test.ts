import { request } from 'node:http'
import { createVerifier, type TokenError } from '@behalf/verify'
import { describe, expect, it } from 'vitest'
import { Prover } from '../dpop/prover.ts'
import { TestBed } from '../setup.ts'
import { events, gateway } from './api-gateway.ts'
import { type AdapterCase, cases, dpopCases } from './cases.ts'
import { type StartServer, servers } from './servers.ts'

const bed = TestBed.forFile()
const prover = new Prover()

interface Reply {
  readonly status: number
  readonly challenge: string | null
  readonly body: string
}

/** Sends headers exactly as given, which `fetch` would not. */
function get(url: string, headers: readonly string[]): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const { host } = new URL(url)
  request(url, { headers: ['Host', host, ...headers] }, (response) => {
    let body = ''
    response.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    response.on('end', () => {
      const challenge = response.headers['www-authenticate'] ?? null
      resolve({ status: response.statusCode ?? 0, challenge, body })
    })
  })
    .on('error', reject)
    .end()
  return promise
}

async function send(start: StartServer, adapterCase: AdapterCase): Promise<Reply & { logged: TokenError[] }> {
  const logged: TokenError[] = []
  const onRefusal = (error: TokenError): void => void logged.push(error)
  const verifier = createVerifier({ ...bed.options, onRefusal, ...adapterCase.options })
  await using server = await start(verifier)
  const reply = await get(`${server.origin}/orders?page=2`, adapterCase.headers(bed, prover))
  return { ...reply, logged }
}

describe.each(Object.entries(servers))('%s', (_, start) => {
  it.each([...cases, ...dpopCases].map((adapterCase) => [adapterCase.name, adapterCase] as const))(
    'answers %s',
    async (_name, adapterCase) => {
      const { status, challenge, body, logged } = await send(start, adapterCase)
      expect({ status, challenge }).toEqual({ status: adapterCase.status, challenge: adapterCase.challenge })
      expect(body).toBe(
        status === 200 ? JSON.stringify({ subject: 'ann@example.com', actor: '0oaApiA' }) : '',
      )
      expect(logged.map((error) => error.status)).toEqual(status === 200 ? [] : [status])
    },
  )
})

/** What API Gateway makes of a status that it does not let the authorizer choose. */
const restStatuses: Readonly<Record<number, number>> = { 503: 500 }
const httpStatuses: Readonly<Record<number, number>> = { 401: 403, 503: 500 }

const gateways: readonly [string, StartServer, Readonly<Record<number, number>>, readonly AdapterCase[]][] = [
  ['REST API, TOKEN', gateway(events.token), restStatuses, cases],
  ['REST API, REQUEST', gateway(events.rest), restStatuses, [...cases, ...dpopCases]],
  ['HTTP API, simple', gateway(events.http), httpStatuses, [...cases, ...dpopCases]],
  [
    'HTTP API, policy',
    gateway(events.http, { httpApiResponse: 'policy' }),
    httpStatuses,
    [...cases, ...dpopCases],
  ],
]

describe.each(gateways)('Lambda authorizer: %s', (name, start, statuses, gatewayCases) => {
  // API Gateway answers by itself when there is no token, and shows a TOKEN authorizer one header only.
  const skipped = name === 'REST API, TOKEN' ? ['two headers'] : []
  it.each(
    gatewayCases
      .filter((adapterCase) => !skipped.includes(adapterCase.name))
      .map((adapterCase) => [adapterCase.name, adapterCase] as const),
  )('answers %s', async (_name, adapterCase) => {
    const { status, body } = await send(start, adapterCase)
    const sendsToken = adapterCase.headers(bed, prover).length > 0
    expect(status).toBe(sendsToken ? (statuses[adapterCase.status] ?? adapterCase.status) : 401)
    if (status === 200)
      expect(JSON.parse(body)).toEqual({
        kind: 'delegated',
        subject: 'ann@example.com',
        actor: '0oaApiA',
        actors: '["0oaApiA"]',
        userIssuer: 'https://example.okta.com/oauth2/default',
        userSubject: 'ann@example.com',
        scopes: 'orders:read',
        expiresAt: bed.clock.seconds + 300,
      })
  })
})
