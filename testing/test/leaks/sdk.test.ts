import { createHash } from 'node:crypto'
import { clientSecretBasic, createClient } from '@behalf/client'
import { BehalfError, errorTable } from '@behalf/core'
import { jwkThumbprint } from '@behalf/core/internal'
import {
  delegatedClaims,
  generateSigningKey,
  type LooseObject,
  ManualClock,
  signJwt,
  TestIssuer,
  userClaims,
} from '@behalf/testing'
import { createVerifier } from '@behalf/verify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectNoTrace, mark, printedDuring } from './traces.ts'

const clock = new ManualClock()
let issuer: TestIssuer
beforeAll(async () => {
  issuer = await TestIssuer.start()
})
afterAll(() => issuer.close())

async function failureOf(run: () => Promise<unknown>): Promise<BehalfError> {
  let failure: unknown
  const printed = await printedDuring(async () => {
    failure = await run().then(
      () => undefined,
      (error: unknown) => error,
    )
  })
  expectNoTrace(printed)
  if (!(failure instanceof BehalfError)) throw new Error('it did not fail with a BehalfError')
  expect(failure.cause).toBeUndefined()
  return failure
}

/** The claims of a delegated token with the mark in all of them that may hold it. */
const marked = (changes: LooseObject = {}): LooseObject => {
  const { assertion } = delegatedClaims(clock.seconds)
  return delegatedClaims(clock.seconds, {
    jti: mark,
    email: mark,
    [mark]: mark,
    assertion: { ...Object(assertion), email: mark, iss: issuer.issuer },
    ...changes,
  })
}
const chain = (depth: number): LooseObject =>
  depth === 0 ? { sub: mark } : { sub: '0oaApiA', act: chain(depth - 1) }

const tokens: Readonly<Record<string, () => string>> = {
  token_missing: () => '',
  token_invalid: () => issuer.sign(marked({ aud: mark })),
  token_expired: () => issuer.sign(marked({ exp: 1 })),
  token_undelegated: () => issuer.sign(marked({ act: undefined })),
  actor_mismatch: () => issuer.sign(marked({ act: { sub: mark } })),
  subject_mismatch: () => issuer.sign(marked({ sub: mark })),
  actor_chain_too_deep: () => issuer.sign(marked({ act: chain(8) })),
  actor_not_allowed: () => issuer.sign(marked({ cid: mark, act: { sub: mark } })),
  insufficient_scope: () => issuer.sign(marked({ scp: [mark] })),
}

describe('every code at API B', () => {
  const verifier = (keysAnswer?: string) =>
    createVerifier({
      issuer: issuer.issuer,
      audience: 'api://b',
      allowedActors: ['0oaApiA'],
      requiredScopes: ['orders:read'],
      clock,
      ...(keysAnswer === undefined
        ? {}
        : { fetch: async () => new Response(keysAnswer, { headers: { etag: keysAnswer } }) }),
    })

  it('is reached', () => {
    const codes = Object.entries(errorTable).filter(([, entry]) => entry.class === 'token')
    const reached = [...Object.keys(tokens), 'replay_store_unavailable']
    expect(reached).toEqual(expect.arrayContaining(codes.map(([code]) => code)))
  })

  it.each(Object.entries(tokens))('%s leaves no trace', async (code, make) => {
    const token = make()
    const failure = await failureOf(() => verifier().verify(token))
    expect(failure.code).toBe(code)
    expectNoTrace(failure, [token])
  })

  it.each(Object.entries(tokens))('%s leaves no trace in the answer to a request', async (code, make) => {
    const token = make()
    const outcome = await verifier().authorize({
      method: 'GET',
      url: `/${mark}`,
      header: (name) => (name === 'authorization' ? [`Bearer ${token}`] : []),
    })
    expect(outcome.ok ? undefined : outcome.refusal.error.code).toBe(code)
    expectNoTrace(outcome, [token])
  })

  it('keys_unavailable leaves no trace of what the keys endpoint said', async () => {
    const failure = await failureOf(() => verifier(mark).verify(issuer.sign(marked())))
    expect(failure.code).toBe('keys_unavailable')
    expectNoTrace(failure)
  })

  it('replay_store_unavailable leaves no trace of what the store said', async () => {
    const key = generateSigningKey('client', 'ES256')
    const { crv, kty, x, y } = key.jwk
    const jwk = { crv, kty, x, y }
    const token = issuer.sign(marked({ cnf: { jkt: jwkThumbprint({ ...key.jwk }) } }))
    const ath = createHash('sha256').update(token).digest('base64url')
    const claims = { htm: 'GET', htu: 'https://b.example/', iat: clock.seconds, jti: mark, ath }
    const proof = signJwt(key, claims, { typ: 'dpop+jwt', kid: undefined, jwk })
    const store = { remember: () => Promise.reject(new Error(mark)) }
    const dpop = { baseUrl: 'https://b.example', replayCache: { store } }
    const failure = await failureOf(() =>
      createVerifier({ issuer: issuer.issuer, audience: 'api://b', clock, dpop }).verify(token, {
        dpop: { proof, method: 'GET', url: '/' },
      }),
    )
    expect(failure.code).toBe('replay_store_unavailable')
    expectNoTrace(failure, [token])
  })

  it('an access prints without the token and its claims', async () => {
    const token = issuer.sign(marked())
    const access = await verifier().verify(token)
    expect(access.claims['email']).toBe(mark)
    expectNoTrace(access, [token])
  })
})

describe('every code of the client', () => {
  /** A token endpoint that answers once, with this. */
  const answering = (status: number, body: unknown) => async (): Promise<Response> =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', 'x-request-id': mark },
    })
  const clientOf = (fetch: () => Promise<Response>) =>
    createClient({
      issuer: issuer.issuer,
      clientId: '0oaApiA',
      auth: clientSecretBasic(`${mark}-secret`),
      tokenEndpoint: `${issuer.issuer}/v1/token`,
      clock,
      fetch,
      random: () => 0,
      onWarning: () => undefined,
    })
  const assertion = (changes: LooseObject = {}): string =>
    issuer.sign(userClaims(clock.seconds, { email: mark, jti: mark, [mark]: mark, ...changes }))
  const granting = (claims: LooseObject) =>
    answering(200, { access_token: issuer.sign(claims), token_type: 'Bearer', expires_in: 300 })

  const scenarios: Readonly<
    Record<string, { readonly fetch: () => () => Promise<Response>; readonly assertion?: () => string }>
  > = {
    token_request_failed: { fetch: () => answering(400, { error: mark, error_description: mark }) },
    policy_denied: {
      fetch: () => answering(400, { error: 'server_error', error_description: `policy_denied: ${mark}` }),
    },
    token_undelegated: { fetch: () => granting(marked({ act: undefined })) },
    token_invalid: { fetch: () => granting(marked({ iss: mark })) },
    token_expired: { fetch: () => granting(marked({ exp: 1 })) },
    actor_mismatch: { fetch: () => granting(marked({ cid: mark, act: { sub: mark } })) },
    subject_mismatch: {
      fetch: () =>
        granting(
          marked({ sub: mark, assertion: { iss: issuer.issuer, sub: mark, exp: clock.seconds + 60 } }),
        ),
    },
    assertion_malformed: { fetch: () => answering(500, mark), assertion: () => `${mark}.${mark}` },
    assertion_too_large: { fetch: () => answering(500, mark), assertion: () => mark.repeat(20_000) },
    assertion_encrypted: { fetch: () => answering(500, mark), assertion: () => `${mark}.a.a.a.${mark}` },
    assertion_expired: { fetch: () => answering(500, mark), assertion: () => assertion({ exp: 1 }) },
    assertion_subject_missing: { fetch: () => answering(500, mark), assertion: () => assertion({ sub: 7 }) },
    assertion_subject_machine: {
      fetch: () => answering(500, mark),
      assertion: () => assertion({ sub: '0oaApiA' }),
    },
  }

  it.each(Object.entries(scenarios))('%s leaves no trace', async (code, scenario) => {
    const presented = scenario.assertion?.() ?? assertion()
    const client = clientOf(scenario.fetch())
    const failure = await failureOf(() => client.acquireToken({ assertion: presented, scopes: [] }))
    expect(failure.code).toBe(code)
    expectNoTrace(failure, [presented])
    expectNoTrace(client, [presented])
  })

  it('token_request_failed leaves no trace of what the transport threw', async () => {
    const client = clientOf(async () => {
      throw new TypeError(`fetch failed: ${mark}`, { cause: new Error(mark) })
    })
    const presented = assertion()
    const pending = failureOf(() => client.acquireToken({ assertion: presented, scopes: [] }))
    for (let turn = 0; turn < 50; turn++) {
      await new Promise(setImmediate)
      clock.advance(1_000)
    }
    const failure = await pending
    expect(failure.code).toBe('token_request_failed')
    expectNoTrace(failure, [presented])
  })

  it('origin_not_allowed leaves no trace', async () => {
    const presented = assertion()
    const fetch = clientOf(answering(500, mark)).fetch(presented, { scopes: [] })
    const failure = await failureOf(() => fetch(`https://api.example/${mark}`))
    expect(failure.code).toBe('origin_not_allowed')
    expectNoTrace(failure, [presented])
  })

  it('a delegated token prints without itself', async () => {
    const presented = assertion()
    const granted = marked({
      assertion: {
        iss: issuer.issuer,
        sub: 'ann@example.com',
        exp: clock.seconds + 3600,
        jti: mark,
        email: mark,
      },
    })
    const client = clientOf(granting(granted))
    const token = await client.acquireToken({ assertion: presented, scopes: [] })
    expect(token.subject).toBe('ann@example.com')
    expectNoTrace(token, [presented, token.accessToken])
    expectNoTrace(client, [presented, token.accessToken])
  })
})
