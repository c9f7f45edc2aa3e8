import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { clientSecretBasic, createClient, privateKeyJwt } from '@behalf/client'
import type { Fetch } from '@behalf/core'
import { type BehalfConfig, ConfigError, createHook, type DecisionRecord } from '@behalf/hook'
import { createFetchHandler } from '@behalf/hook/fetch'
import { sealed } from '@behalf/hook/sealing'
import { createWorker } from '@behalf/hook/workers'
import { createVerifier, TokenError } from '@behalf/verify'
import type { Fixture } from './fixture.ts'
import { hookBody } from './hook-body.ts'

/** One test, which throws when it fails. */
export type Case = (fixture: Fixture) => Promise<void>

const secret = 'k9Tq-the-secret-registered-at-Okta'

/** The tests of what could differ between runtimes: cryptography, streams, timers, URLs, text. */
export const cases: Readonly<Record<string, Case>> = {
  'exchanges an assertion for the commands that make the delegated token': async (fixture) => {
    const records: DecisionRecord[] = []
    const answer = await exchange(fixture, fixture.assertions['RS256'], {
      onDecision: (record) => records.push(record),
    })
    const [command] = answer.commands ?? []
    deepEqual(
      command?.value.map(({ op, path }) => `${op} ${path}`),
      [
        'replace /claims/sub',
        'add /claims/act',
        'add /claims/assertion',
        'replace /token/lifetime/expiration',
      ],
    )
    deepEqual(
      records.map(({ decision, subject, actors }) => ({ decision, subject, actors })),
      [{ decision: 'permit', subject: 'ann@example.com', actors: ['0oaApiA'] }],
    )
    match(records[0]?.decisionId ?? '', /^[0-9a-f-]{36}$/)
  },

  ...Object.fromEntries(
    (['RS256', 'PS256', 'ES256', 'EdDSA'] as const).map((algorithm): [string, Case] => [
      `verifies ${algorithm}`,
      async (fixture) => ok((await exchange(fixture, fixture.assertions[algorithm])).commands),
    ]),
  ),

  'refuses each bad assertion with its code': async (fixture) => {
    for (const [code, assertion] of Object.entries(fixture.refused)) {
      equal((await exchange(fixture, assertion)).debugContext.code, code)
    }
  },

  'refuses callers with a wrong, longer, multi-byte or missing secret': async (fixture) => {
    const handle = createFetchHandler(createHook(config(fixture), { fetch: keysOf(fixture) }))
    for (const authorization of [
      'wrong',
      `${secret}0`,
      secret.slice(1),
      `${secret.slice(0, -1)}\u00e9`,
      undefined,
    ]) {
      const response = await handle(request(hookBody(fixture.assertions['RS256'] ?? ''), authorization))
      equal(response.status, 200)
      equal((await answerOf(response)).debugContext.code, 'caller_unauthenticated')
    }
  },

  'reads bodies that arrive in pieces, and refuses those that are too large or no UTF-8': async (fixture) => {
    const handle = createFetchHandler(createHook(config(fixture), { fetch: keysOf(fixture) }))
    const codeOf = async (body: Body): Promise<string | undefined> =>
      (await answerOf(await handle(request(body, secret)))).debugContext.code
    const bytes = new TextEncoder().encode(hookBody(fixture.assertions['RS256'] ?? '', 'Caf\u00e9 \u{1f600}'))
    equal(await codeOf(inPieces(bytes)), undefined)
    equal(await codeOf('x'.repeat(300_000)), 'request_malformed')
    equal(await codeOf(new Uint8Array([0x7b, 0xff, 0x7d])), 'request_malformed')
    equal(await codeOf('{"a":1,"a":2}'), 'request_malformed')
  },

  'answers in time when the policy hangs or the keys do not come': async (fixture) => {
    const hanging = {
      ...config(fixture),
      policy: () => new Promise<never>(() => undefined),
      limits: { policyTimeoutMs: 50 },
    }
    equal(
      (await exchange(fixture, fixture.assertions['RS256'], {}, hanging)).debugContext.code,
      'policy_unavailable',
    )
    const late = { ...config(fixture), limits: { deadlineMs: 150 } }
    const noKeys: Fetch = () => new Promise(() => undefined)
    const answer = await exchange(fixture, fixture.assertions['RS256'], { fetch: noKeys }, late)
    equal(answer.debugContext.code, 'deadline_exceeded')
  },

  'fetches keys over the metadata and once for many requests': async (fixture) => {
    let calls = 0
    const keys = keysOf(fixture)
    const counting: Fetch = (url, init) => {
      calls++
      return keys(url, init)
    }
    const handle = createFetchHandler(createHook(config(fixture), { fetch: counting }))
    const body = hookBody(fixture.assertions['RS256'] ?? '')
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => answerOf(await handle(request(body, secret)))),
    )
    equal(answers.filter((answer) => answer.commands !== undefined).length, 20)
    equal(calls, 2)
  },

  'answers other methods and paths as HTTP does': async (fixture) => {
    const handle = createFetchHandler(createHook(config(fixture)))
    equal((await handle(new Request('https://hook.example/inline-hook'))).status, 405)
    equal(
      (await handle(new Request('https://hook.example/other', { method: 'POST', body: '{}' }))).status,
      404,
    )
  },

  'denies what Okta sends to nearly the right path, and reads no body of a caller that it does not know':
    async (fixture) => {
      const handle = createFetchHandler(createHook(config(fixture)))
      for (const path of ['/inline-hook/', '//inline-hook', '/Inline-Hook', '/inline%2Dhook', '/']) {
        const headers = { authorization: secret }
        const response = await handle(
          new Request(`https://hook.example${path}`, { method: 'POST', headers, body: '{}' }),
        )
        equal(response.status, 200)
        equal((await answerOf(response)).debugContext.code, 'path_unknown')
      }
      const endless = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536)) })
      const response = await handle(request(endless, 'wrong'))
      equal((await answerOf(response)).debugContext.code, 'caller_unauthenticated')
    },

  'refuses a bad configuration with every fault, and denies everything instead of serving it': async (
    fixture,
  ) => {
    const bad = { ...config(fixture), issuers: [{ issuer: 'ftp://x', audiences: [] }] }
    await rejects(
      async () => createHook(bad),
      (error) => error instanceof ConfigError && error.faults.length === 2,
    )
    const lines: string[] = []
    const worker = createWorker(() => bad, { log: (line) => lines.push(line) })
    const response = await worker.fetch(request('{}', secret), {}, { waitUntil: () => undefined })
    equal((await answerOf(response)).debugContext.code, 'internal_error')
    ok(lines[0]?.includes('issuers[0].issuer'))
  },

  'accepts a delegated token at API B and refuses a plain one': async (fixture) => {
    const verifier = createVerifier({ issuer: fixture.issuer, audience: 'api://b', fetch: keysOf(fixture) })
    const access = await verifier.verify(fixture.delegated)
    equal(access.subject, 'ann@example.com')
    await rejects(
      verifier.verify(fixture.plain),
      (error) => error instanceof TokenError && error.code === 'token_undelegated',
    )
  },

  'remembers tokens at API B within bounds, and knows the whole token only': async (fixture) => {
    const verifier = createVerifier({
      issuer: fixture.issuer,
      audience: 'api://b',
      fetch: keysOf(fixture),
      verifiedTokens: { maxEntries: 4 },
    })
    const claimsOf = async (token: string): Promise<object> => (await verifier.verify(token)).claims
    const isInvalid = (error: unknown): boolean =>
      error instanceof TokenError && error.code === 'token_invalid'
    const first = await claimsOf(fixture.delegated)
    const shown: (readonly [token: string, claims: object])[] = []
    for (const token of fixture.flood) {
      shown.push([token, await claimsOf(token)])
      equal(await claimsOf(fixture.delegated), first)
      for (const other of [token.slice(0, -1), `${token} `, `${token}A`, token.replace(/^e/, '\u0165')])
        await rejects(verifier.verify(other), isInvalid)
    }
    let known = 0
    // The last one first, because each that is not known takes the place of another.
    for (const [token, claims] of shown.toReversed()) if ((await claimsOf(token)) === claims) known++
    ok(known > 0 && known <= 4, `${known} of ${shown.length} are remembered`)
  },

  'obtains a delegated token at API A and keeps it': async (fixture) => {
    let calls = 0
    const tokenEndpoint: Fetch = async () => {
      calls++
      return Response.json({
        access_token: fixture.delegated,
        token_type: 'Bearer',
        expires_in: 1800,
        scope: 'orders:read',
      })
    }
    const client = createClient({
      issuer: fixture.issuer,
      tokenEndpoint: `${fixture.issuer}/v1/token`,
      clientId: '0oaApiA',
      auth: clientSecretBasic('s3cret-of-api-a'),
      expectedAudience: 'api://a',
      fetch: tokenEndpoint,
    })
    const assertion = fixture.assertions['RS256'] ?? ''
    const first = await client.acquireToken({ assertion, scopes: ['orders:read'] })
    const second = await client.acquireToken({ assertion, scopes: ['orders:read'] })
    equal(first.accessToken, second.accessToken)
    equal(calls, 1)
  },

  'signs at API A who it is and what its tokens are bound to': async (fixture) => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(
      { name: 'ECDSA', namedCurve: 'P-256' },
      true,
      ['sign', 'verify'],
    )
    const jwk = await crypto.subtle.exportKey('jwk', privateKey)
    const holds = async (jwt: string): Promise<boolean> => {
      const [header = '', payload = '', signature = ''] = jwt.split('.')
      const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
      const input = new TextEncoder().encode(`${header}.${payload}`)
      return crypto.subtle.verify(algorithm, publicKey, Buffer.from(signature, 'base64url'), input)
    }
    let assertion = ''
    let proof = ''
    const client = createClient({
      issuer: fixture.issuer,
      tokenEndpoint: `${fixture.issuer}/v1/token`,
      clientId: '0oaApiA',
      auth: privateKeyJwt({ privateKey: jwk, algorithm: 'ES256', keyId: 'api-a' }),
      dpop: { privateKey: jwk, algorithm: 'ES256' },
      fetch: async (url, init) => {
        assertion = new URLSearchParams(await new Request(url, init).text()).get('client_assertion') ?? ''
        proof = new Headers(init?.headers).get('dpop') ?? ''
        return Response.json({ error: 'access_denied' }, { status: 400 })
      },
    })
    await rejects(
      client.acquireToken({ assertion: fixture.assertions['RS256'] ?? '', scopes: ['orders:read'] }),
    )
    deepEqual([await holds(assertion), await holds(proof)], [true, true])
    deepEqual(partOf(assertion, 0), { alg: 'ES256', kid: 'api-a' })
    const { typ, alg, jwk: shown } = partOf(proof, 0)
    deepEqual([typ, alg, shown], ['dpop+jwt', 'ES256', { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y }])
    deepEqual([partOf(proof, 1)['htm'], partOf(proof, 1)['htu']], ['POST', `${fixture.issuer}/v1/token`])
  },

  'seals at API A what the hook alone can open, once': async (fixture) => {
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
      'deriveBits',
    ])
    const { crv = '', x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', privateKey)
    const publicKey = { kty: 'EC', crv, x, y, kid: 'seal-1' }
    const configuration = { ...config(fixture), sealing: sealed({ keys: [{ ...publicKey, d }] }) }
    const handle = createFetchHandler(createHook(configuration, { fetch: keysOf(fixture) }))
    const travelled: string[] = []
    const client = createClient({
      issuer: fixture.issuer,
      tokenEndpoint: `${fixture.issuer}/v1/token`,
      clientId: '0oaApiA',
      auth: clientSecretBasic('s3cret-of-api-a'),
      seal: { key: publicKey },
      fetch: async (url) => {
        travelled.push(new URL(url).searchParams.get('assertion') ?? '')
        return Response.json({ access_token: fixture.delegated, token_type: 'Bearer', expires_in: 1800 })
      },
    })
    await client.acquireToken({ assertion: fixture.assertions['RS256'] ?? '', scopes: ['orders:read'] })
    const [seal = ''] = travelled
    equal(seal.split('.').length, 5)
    const body = hookBody(seal)
    ok((await answerOf(await handle(request(body, secret)))).commands)
    equal((await answerOf(await handle(request(body, secret)))).debugContext.code, 'seal_replayed')
  },
}

/** A part of a JWT, read. */
function partOf(jwt: string, index: 0 | 1): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(jwt.split('.')[index] ?? '', 'base64url').toString())
}

interface Answer {
  readonly commands?: readonly { readonly value: readonly { readonly op: string; readonly path: string }[] }[]
  readonly debugContext: { readonly code?: string }
}

async function answerOf(response: Response): Promise<Answer> {
  return JSON.parse(await response.text())
}

type Body = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>

function config({ issuer }: Fixture): BehalfConfig {
  return {
    authenticate: { secrets: [secret] },
    issuers: [{ issuer, audiences: ['api://a'], algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'] }],
    clients: { '0oaApiA': { audiences: ['api://a'] } },
  }
}

async function exchange(
  fixture: Fixture,
  assertion = '',
  environment: Parameters<typeof createHook>[1] = {},
  configuration: BehalfConfig = config(fixture),
): Promise<Answer> {
  const handle = createFetchHandler(createHook(configuration, { fetch: keysOf(fixture), ...environment }))
  const response = await handle(request(hookBody(assertion), secret))
  equal(response.status, 200)
  return answerOf(response)
}

function request(body: Body, authorization: string | undefined): Request {
  return new Request('https://hook.example/inline-hook', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  })
}

/** The issuer's metadata and keys, without a network. */
function keysOf({ issuer, keySet }: Fixture): Fetch {
  return async (url) =>
    Response.json(url.endsWith('/v1/keys') ? keySet : { issuer, jwks_uri: `${issuer}/v1/keys` })
}

function inPieces(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close()
      else controller.enqueue(bytes.slice(at, at + 97))
      at += 97
    },
  })
}
