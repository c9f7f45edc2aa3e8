import { generateKeyPairSync } from 'node:crypto'
import { type Clock, type Fetch, systemClock } from '@behalf/core'
import { runtimeFetch } from '@behalf/core/internal'
import { createSandbox, defaultApiToken, type FactId, type OktaFacts, playedOutcomes } from '@behalf/sandbox'
import { signIn } from '@behalf/sandbox/testing'
import { expect } from 'vitest'
import { connectToOkta } from '../src/okta/management-api.ts'
import { createBench } from '../src/probe/bench.ts'
import { hookPath, serveProbeHook } from '../src/probe/hook-server.ts'
import type { Bench, Question, Throwaway } from '../src/probe/question.ts'
import { questions } from '../src/probe/questions.ts'
import type { Fact } from '../src/probe/report.ts'
import { askQuestions } from '../src/probe/run-probe.ts'
import { planThrowaway, requireMade } from '../src/probe/throwaway.ts'
import { applyPlan } from '../src/provisioning/plan.ts'
import './okta-sdk-loaded.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const signingKey = { ...privateKey.export({ format: 'jwk' }), kty: 'RSA' } as const
const audience = 'https://undelegated.invalid'
const hookLimitMs = 3_000
const redirectUri = 'http://127.0.0.1:1/behalf-probe'

/** A question with an outcome that is not assumed. */
export interface Flip {
  readonly id: FactId
  readonly outcome: string
}

/** Every question with every outcome that the sandbox can play and does not assume. */
export const flips: readonly Flip[] = questions.flatMap(({ id }) =>
  playedOutcomes[id].slice(1).map((outcome) => ({ id, outcome })),
)

/** It takes longer than a hook may, whatever it finds, so it is asked where it matters. */
const slow: FactId = 'hook-token-fetch-time'

/** Probes a sandbox in which one thing is otherwise, and expects that this is found, and nothing else. */
export async function expectExactly(
  { id, outcome }: Flip,
  isAsked: (question: Question) => boolean = () => true,
): Promise<void> {
  const known: OktaFacts = { [id]: outcome }
  const chosen = questions.filter(
    (question) => question.id === id || (question.id !== slow && isAsked(question)),
  )
  const facts = await probeSandbox(known, chosen)
  expect(facts[id]).toMatchObject({ verdict: 'no', outcome })
  const dependents = dependentsOf(id)
  for (const other of chosen.map((question) => question.id).filter((each) => each !== id)) {
    const verdict = dependents.has(other) ? 'unclear' : 'yes'
    expect([other, facts[other]]).toEqual([other, expect.objectContaining({ verdict })])
  }
}

function dependentsOf(id: FactId): ReadonlySet<FactId> {
  const direct = questions.filter(({ needs }) => needs?.includes(id)).map((question) => question.id)
  return new Set(direct.flatMap((each) => [each, ...dependentsOf(each)]))
}

/** Probes a sandbox that behaves by some facts, with time limits that suit a test. */
export function probeSandbox(
  facts: OktaFacts,
  chosen: readonly Question[],
): Promise<Readonly<Record<string, Fact>>> {
  return withBench(facts, async (bench) => (await askQuestions(chosen, bench, systemClock, () => {})).facts)
}

/** Makes a run's things in a sandbox, and does something with them. */
export async function withBench<T>(
  facts: OktaFacts,
  work: (bench: Bench) => Promise<T>,
  clock: Clock = systemClock,
  fetch: Fetch = runtimeFetch,
): Promise<T> {
  const hook = await serveProbeHook({ port: 0 })
  const sandbox = await createSandbox({
    facts,
    authorizationServers: [{ id: 'default', signingKey }],
    hookTimeoutMs: hookLimitMs,
  })
  try {
    return await work(await benchOn(sandbox.url, hook, clock, fetch))
  } finally {
    await Promise.all([sandbox.close(), hook.stop()])
  }
}

async function benchOn(
  orgUrl: string,
  hook: Awaited<ReturnType<typeof serveProbeHook>>,
  clock: Clock,
  fetch: Fetch,
): Promise<Bench> {
  const [runId, hookUri] = ['0123abcd', `${hook.origin}${hookPath}`]
  const patience = { clock: systemClock, onWait: () => {} }
  const api = await connectToOkta({ orgUrl, apiToken: defaultApiToken }, patience)
  const made: Partial<Throwaway> = {}
  const wanted = { runId, audience, hook: { uri: hookUri, secret: hook.secret }, redirectUri }
  const steps = planThrowaway(wanted, made)
  await applyPlan({ steps, remarks: [] }, api, {}, () => {})
  return createBench({
    runId,
    api,
    made: requireMade(made),
    audience,
    hook,
    hookUri,
    fetch,
    clock,
    hookLimitMs,
    logPatienceMs: 100,
    askPerson: async (authorizationUrl) =>
      (await signIn({ authorizationUrl, login: 'alice@example.com' })).searchParams,
    signal: new AbortController().signal,
  })
}
