import { equal, ok } from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { delegatedClaims, generateSigningKey, listen, signJwt, userClaims } from '@behalf/testing'
import { WorkerdServer } from './workerd.ts'

/**
 * What is checked of both SDKs on `workerd`, which ends what a request has begun together with the request: the one that
 * began something which others wait for, too, goes away in the middle of it.
 */
export const workerdSdkChecks: Readonly<Record<string, () => Promise<void>>> = {
  'API B has its keys although the request that began discovery goes away': () =>
    goAwayDuring('metadata', '/orders'),
  'API B has its keys although the request that began to fetch them goes away': () =>
    goAwayDuring('keys', '/orders'),
  'API A has a token although the request that began discovery goes away': () =>
    goAwayDuring('metadata', '/token'),
  'API A has a token although the request that began to ask for it goes away': () =>
    goAwayDuring('token', '/token'),
}

type Endpoint = 'metadata' | 'keys' | 'token'

const user = 'ann@example.com'

/** Others wait for the same when the first sender goes away, and more come later: all are answered, after one more call. */
async function goAwayDuring(endpoint: Endpoint, path: '/orders' | '/token'): Promise<void> {
  await using org = await startOrg(endpoint)
  await using worker = await WorkerdServer.start('sdk-worker.mjs', { ISSUER: org.issuer })
  const authorization = `Bearer ${path === '/orders' ? org.delegated : org.assertion}`
  const call = async (): Promise<string> => {
    const response = await fetch(`${worker.origin}${path}`, { headers: { authorization } })
    return `${response.status} ${await response.text()}`
  }

  const { hostname, port } = new URL(worker.origin)
  const sender = connect(Number(port), hostname)
  sender.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: ${authorization}\r\n\r\n`)
  await org.asked
  const joined = [call(), call()]
  sender.resetAndDestroy()
  await org.gone
  const later = call()
  for (const answer of await Promise.all([...joined, later, call()])) equal(answer, `200 ${user}`)
  ok(org.calls() <= 2, `the endpoint was called ${org.calls()} times`)
}

interface Org extends AsyncDisposable {
  readonly issuer: string
  readonly assertion: string
  readonly delegated: string
  /** Resolves when the endpoint was called, which it never answers, and when that caller has gone. */
  readonly asked: Promise<void>
  readonly gone: Promise<void>
  /** How often the endpoint was called. */
  calls(): number
}

/** An authorization server that does not answer the first call of one endpoint, until its caller goes away. */
async function startOrg(held: Endpoint): Promise<Org> {
  const asked = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  const key = generateSigningKey()
  const nowSeconds = Math.floor(Date.now() / 1000)
  let calls = 0
  const answer = (endpoint: Endpoint, response: ServerResponse, body: object): void => {
    if (endpoint === held && ++calls === 1) {
      response.on('close', gone.resolve)
      asked.resolve()
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  const server = await listen((request, response) => {
    if (request.url?.includes('/.well-known/'))
      answer('metadata', response, {
        issuer,
        jwks_uri: `${issuer}/v1/keys`,
        token_endpoint: `${issuer}/v1/token`,
      })
    else if (request.url?.endsWith('/v1/keys')) answer('keys', response, { keys: [key.jwk] })
    else answer('token', response, { access_token: delegated, token_type: 'Bearer', expires_in: 300 })
  })
  const issuer = `${server.origin}/oauth2/default`
  const own = { ...userClaims(nowSeconds), iss: issuer }
  const delegated = signJwt(key, delegatedClaims(nowSeconds, { iss: issuer, assertion: own }))
  return {
    issuer,
    assertion: signJwt(key, own),
    delegated,
    asked: asked.promise,
    gone: gone.promise,
    calls: () => calls,
    [Symbol.asyncDispose]: () => server.close(),
  }
}
