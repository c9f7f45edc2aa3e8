import { errorTable, type RevocationStore } from '@behalf/core'
import {
  type BehalfConfig,
  ConfigError,
  createHook,
  type DecisionRecord,
  type HookEnvironment,
  type HookRequest,
} from '@behalf/hook'
import { type SealStore, sealed } from '@behalf/hook/sealing'
import {
  delegatedClaims,
  type HookEvent,
  hookEvent,
  type LooseObject,
  ManualClock,
  SealingPair,
  signJwt,
  TestIssuer,
  userClaims,
} from '@behalf/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectNoTrace, mark, printedDuring } from './traces.ts'

const clock = new ManualClock()
let issuer: TestIssuer
let delegating: TestIssuer
beforeAll(async () => {
  issuer = await TestIssuer.start()
  delegating = await TestIssuer.start(issuer.keys)
})
afterAll(() => Promise.all([issuer.close(), delegating.close()]))

/** What one request left behind. */
interface Evidence {
  readonly bodies: readonly string[]
  readonly records: readonly DecisionRecord[]
  readonly reports: readonly unknown[]
}

/** A request of one code, with the mark in all that must stay unseen. */
interface Scenario {
  readonly claims?: LooseObject
  /** Presents a delegated token with this chain. */
  readonly chain?: LooseObject
  readonly header?: LooseObject
  /** In place of the assertion that is made from `claims` and `header`. */
  readonly token?: (claims: LooseObject) => string
  readonly edit?: (event: HookEvent) => void
  readonly request?: (request: HookRequest) => HookRequest
  readonly config?: Partial<BehalfConfig>
  readonly environment?: HookEnvironment
  /** Sends more than one request. */
  readonly times?: number
  /** Time that passes while the request is under way. */
  readonly passesMs?: number
}

const throwing = (): never => {
  throw Object.assign(new Error(`${mark}\n    at ${mark} (${mark}:1:1)`, { cause: mark }), {
    name: mark,
    detail: mark,
  })
}
const hanging = () => new Promise<never>(() => undefined)
const withUrl = (query: string) => (event: HookEvent) => {
  event.data.context.request.url.value = `https://example.okta.com/oauth2/default/v1/token?${query}`
}

const pair = new SealingPair()
const sealing = (store?: SealStore): Partial<BehalfConfig> => ({
  sealing: sealed({ keys: pair.jwk, ...(store === undefined ? {} : { store }) }),
})
const sealedBy =
  (by: SealingPair, changes: LooseObject = {}) =>
  (claims: LooseObject): string =>
    by.seal({
      assertion: issuer.sign(claims),
      client_id: '0oaApiA',
      aud: 'https://example.okta.com/oauth2/default',
      iat: clock.seconds,
      jti: mark,
      ...changes,
    })

/** Users are looked up in a store, whose answer each scenario gives. */
const cutOff = ({ find }: Pick<RevocationStore, 'find'>): Partial<BehalfConfig> => ({
  issuers: [{ issuer: issuer.issuer, audiences: ['api://a'], org: mark }],
  revocation: { store: { find, raise: () => undefined }, whenUnavailable: 'deny' },
})

const protectedEvent = ({ data }: HookEvent): void => {
  data.access.claims['aud'] = 'https://undelegated.invalid'
}

/** One for every code that the hook has. */
const scenarios: Readonly<Record<string, Scenario>> = {
  caller_unauthenticated: {
    request: ({ body }) => ({ headers: new Map([['authorization', [`${mark} wrong`]]]), body }),
  },
  path_unknown: {
    request: ({ headers, body }) => ({ headers, body, otherPath: `/inline-hook/` }),
  },
  request_malformed: { request: ({ headers, body }) => ({ headers, body: String(body).slice(0, -1) }) },
  request_unsupported: {
    edit: ({ data }) => {
      data.context.protocol.request['grant_type'] = mark
    },
  },
  assertion_missing: { edit: withUrl(`${mark}=${mark}`) },
  assertion_duplicated: { edit: withUrl(`assertion=${mark}&assertion=${mark}`) },
  assertion_malformed: { token: () => mark },
  assertion_too_large: { token: () => mark.repeat(2_000) },
  assertion_encrypted: { token: () => `${mark}.${mark}.${mark}.${mark}.${mark}` },
  assertion_algorithm_unsupported: { header: { alg: mark } },
  assertion_issuer_untrusted: { claims: { iss: `https://${mark}.example` } },
  assertion_key_unknown: { header: { kid: mark } },
  assertion_signature_invalid: { token: (claims) => `${issuer.sign(claims).slice(0, -6)}AAAAAA` },
  assertion_audience_mismatch: { claims: { aud: mark } },
  assertion_expired: { claims: { exp: 1 } },
  assertion_not_yet_valid: { claims: { nbf: 4_000_000_000 } },
  assertion_type_unsupported: { header: { typ: mark } },
  assertion_subject_missing: { claims: { sub: `${mark}\n` } },
  assertion_subject_machine: { claims: { sub: '0oaApiA' } },
  assertion_bound: { claims: { cnf: { jkt: mark } } },
  assertion_expires_soon: {
    claims: { exp: clock.seconds + 304 },
    config: { resources: { 'https://b.example': {} } },
    edit: protectedEvent,
  },
  assertion_revoked: {
    get config() {
      return cutOff({ find: () => clock.seconds + 1 })
    },
  },
  revocation_unavailable: {
    get config() {
      return cutOff({ find: throwing })
    },
  },
  seal_required: { config: sealing() },
  seal_invalid: {
    config: sealing(),
    token: () => pair.seal({}, { plaintext: `${mark} in place of JSON` }),
  },
  seal_key_unknown: { config: sealing(), token: sealedBy(new SealingPair(mark)) },
  seal_client_mismatch: { config: sealing(), token: sealedBy(pair, { client_id: mark }) },
  seal_audience_mismatch: { config: sealing(), token: sealedBy(pair, { aud: `https://${mark}.example` }) },
  seal_expired: { config: sealing(), token: sealedBy(pair, { iat: clock.seconds - 600 }) },
  // The first of the two is permitted, and its commands are what copies claims.
  seal_replayed: {
    config: { ...sealing(), claims: { include: [] } },
    token: sealedBy(pair),
    times: 2,
  },
  seal_store_unavailable: { config: sealing({ claim: throwing }), token: sealedBy(pair) },
  resource_invalid: { edit: withUrl(`assertion=x&assertion_resource=${mark}`) },
  resource_unprotected: { config: { resources: { 'https://b.example': {} } } },
  client_not_permitted: { config: { clients: { '0oaOther': {} } } },
  actor_not_permitted: { claims: { may_act: { sub: mark } } },
  actor_chain_too_deep: { config: { limits: { maxActorDepth: 1 } }, chain: { sub: '0oaX' } },
  scope_not_permitted: { config: { clients: { '0oaApiA': { scopes: [] } } } },
  policy_denied: {
    config: { policy: () => ({ decision: 'forbid', reason: `no ${'\n'}${mark}`, detail: mark }) },
  },
  step_up_required: {
    config: { policy: () => ({ decision: 'forbid', needs: { maxAgeSeconds: 60 }, detail: mark }) },
  },
  policy_unavailable: { config: { policy: throwing } },
  keys_unavailable: {
    config: { issuers: [{ issuer: 'https://unreachable.example/oauth2/x', audiences: ['api://a'] }] },
    claims: { iss: 'https://unreachable.example/oauth2/x' },
    environment: { fetch: async () => throwing() },
  },
  deadline_exceeded: {
    config: { policy: hanging, limits: { deadlineMs: 100, policyTimeoutMs: 2_000 } },
    passesMs: 100,
  },
  overloaded: {
    config: { policy: hanging, limits: { maxConcurrentRequests: 1, deadlineMs: 100 } },
    times: 2,
    passesMs: 100,
  },
  claims_too_large: { claims: { note: mark.repeat(1_000) } },
  patch_inapplicable: { edit: ({ data }) => Object.assign(data, { access: null }) },
  internal_error: {
    request: ({ body }) => ({ headers: { get: throwing }, body }),
  },
}

/** @returns what was left behind, the text in the URL, and what may have been sealed in it */
async function run(
  scenario: Scenario,
): Promise<{ readonly evidence: Evidence; readonly token: string; readonly bare: string }> {
  const records: DecisionRecord[] = []
  const reports: unknown[] = []
  const hook = createHook(
    {
      authenticate: { secrets: [`${mark}-secret`] },
      issuers: [
        { issuer: issuer.issuer, audiences: ['api://a'] },
        { issuer: delegating.issuer, audiences: ['api://a'], tokens: 'delegated' },
      ],
      clients: { '0oaApiA': {} },
      ...scenario.config,
    },
    {
      clock,
      onDecision: (record) => records.push(record),
      onInternalError: (report) => reports.push(report),
      ...scenario.environment,
    },
  )
  const claims = userClaims(clock.seconds, {
    email: mark,
    [mark]: mark,
    // The record names the token that was presented.
    jti: 'AT.first',
    cid: mark,
    ...scenario.claims,
  })
  const first = { iss: issuer.issuer, ...claims }
  const token =
    scenario.token?.(claims) ??
    (scenario.chain === undefined
      ? signJwt(issuer.key, first, scenario.header)
      : delegating.sign(
          delegatedClaims(clock.seconds, {
            aud: 'api://a',
            cid: scenario.chain['sub'],
            act: scenario.chain,
            assertion: first,
          }),
        ))
  const event = hookEvent({ assertion: token, accessClaims: { custom: mark, jti: mark } })
  event.data.context.protocol.client['name'] = mark
  event.data.context.request.ipAddress = mark
  scenario.edit?.(event)
  const request = {
    headers: new Map([
      ['authorization', [`${mark}-secret`]],
      ['cookie', [mark]],
    ]),
    body: JSON.stringify(event),
  }
  const sent = Array.from({ length: scenario.times ?? 1 }, () =>
    hook.handle(scenario.request?.(request) ?? request),
  )
  if (scenario.passesMs !== undefined) {
    await Promise.all(Array.from({ length: 50 }, () => new Promise(setImmediate)))
    clock.advance(scenario.passesMs)
  }
  const answers = await Promise.all(sent)
  const evidence = { bodies: answers.map(({ body }) => body), records, reports }
  return { evidence, token, bare: issuer.sign(claims) }
}

const hookClasses = new Set(['caller', 'request', 'assertion', 'permission', 'availability', 'internal'])
const hookCodes = Object.entries(errorTable)
  .filter(([, entry]) => hookClasses.has(entry.class))
  .map(([code]) => code)

describe('every code of the hook', () => {
  it('has a scenario', () => {
    expect(Object.keys(scenarios).toSorted()).toEqual(hookCodes.toSorted())
  })

  it.each(Object.entries(scenarios))(
    '%s leaves no trace of tokens, secrets and claims',
    async (code, scenario) => {
      let outcome: Awaited<ReturnType<typeof run>> | undefined
      const printed = await printedDuring(async () => {
        outcome = await run(scenario)
      })
      if (outcome === undefined) throw new Error('the scenario did not run')
      const { evidence, token, bare } = outcome
      expect(evidence.records.map((record) => record.code)).toContain(code)
      expect(evidence.bodies.join()).toContain(`"errorSummary":"${code}: `)
      expectNoTrace(evidence, [token, bare])
      expectNoTrace(printed, [token, bare])
    },
  )
})

describe('a permit', () => {
  it('shows claims in the commands alone, and in its record who and where', async () => {
    const { evidence, token } = await run({})
    const [body = ''] = evidence.bodies
    const { commands, ...rest } = JSON.parse(body)
    expect(JSON.stringify(commands)).toContain(mark)
    expectNoTrace({ rest, records: evidence.records, reports: evidence.reports }, [token])
    expect(Object.keys(evidence.records[0] ?? {}).toSorted()).toEqual(
      [
        ...['actors', 'assertionId', 'audience', 'client', 'decision', 'decisionId', 'durationMs', 'issuer'],
        ...['configuration', 'requestId', 'scopes', 'step', 'subject', 'time', 'version'],
      ].toSorted(),
    )
  })
})

describe('a receiver of decisions that fails', () => {
  it('is reported without what it said', async () => {
    const { evidence, token } = await run({ environment: { onDecision: throwing } })
    expect(evidence.reports).toEqual([
      { decisionId: expect.any(String), name: 'Error', frames: expect.any(Array) },
    ])
    expectNoTrace(evidence.reports, [token])
  })
})

describe('a hook', () => {
  it('does not show its configuration, status included', async () => {
    const hook = createHook({
      authenticate: { secrets: [`${mark}-secret`] },
      issuers: [{ issuer: issuer.issuer, audiences: [mark] }],
      clients: { [mark]: {} },
    })
    expectNoTrace(hook)
    expectNoTrace([hook.status(), await hook.load(), hook.limits])
  })

  it('that cannot be configured does not say with what', () => {
    try {
      createHook({
        authenticate: { secrets: [`${mark}\n`] },
        issuers: [{ issuer: `ftp://${mark}`, audiences: [`${mark} `] }],
        clients: 'any',
      })
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError)
      expectNoTrace(error)
    }
  })

  it('whose keys are garbage says so without quoting it', async () => {
    issuer.keysAnswer = { body: mark }
    const hook = createHook({
      authenticate: { secrets: ['hook-secret-0123456789'] },
      issuers: [{ issuer: issuer.issuer, audiences: ['a'] }],
      clients: 'any',
    })
    const [status] = await hook.load()
    issuer.keysAnswer = undefined
    expect(status?.fault).toBe("the issuer's key set answered with something that is not JSON")
    expectNoTrace(status)
  })
})
