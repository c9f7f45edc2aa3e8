import { openTelemetry } from '@behalf/core/telemetry'
import { createHook, type DecisionRecord } from '@behalf/hook'
import { beginExchange, endExchange } from '../../../packages/hook/dist/telemetry/exchange-operation.js'
import { stepsOf } from '../../../packages/hook/dist/telemetry/step-operation.js'
import { type Figure, figure } from '../figure.ts'
import { hookBody } from '../hook-call.ts'
import { interleave, ratios } from '../interleave.ts'
import { assertionClaims, type BenchIssuer } from '../tokens.ts'

const secret = 'k9Tq-the-secret-registered-at-Okta'
const users = 256
/** More than an exchange has. */
const steps = 16

/**
 * What telemetry costs a request of a hook that has none, and of one that has it in a process without an SDK. The tokens are
 * known already, so that the request that its share is of is the shortest there is.
 */
export async function telemetry(issuer: BenchIssuer): Promise<readonly Figure[]> {
  const bodies = Array.from({ length: users }, (_, index) => hookBody(issuer.sign(assertionClaims(index))))
  const headers = new Map([['authorization', [secret]]])
  const config = {
    authenticate: { secrets: [secret] },
    issuers: [{ issuer: issuer.issuer, audiences: ['api://a'] }],
    clients: 'any',
  } as const
  const ask = async (environment: object) => {
    const hook = createHook(config, environment)
    await hook.load()
    return async (call: number) => {
      const { body } = await hook.handle({ headers, body: bodies[call % users] ?? '' })
      if (!body.includes('"commands"')) throw new Error(`not exchanged: ${body}`)
    }
  }
  const record: DecisionRecord = {
    time: '2026-11-24T05:03:38.412Z',
    decisionId: '0b6d5c7e-2a9e-4f7e-9d0e-1f6f0c9c1c4d',
    decision: 'permit',
    step: 'commands',
    durationMs: 1,
    version: '0.1.0',
  }
  let stepsTaken = 0
  const samples = await interleave({
    absent: await ask({}),
    noSdk: await ask({ telemetry: openTelemetry() }),
    // What a request does for telemetry that is not there.
    seam: (call) => {
      const progress = { aroundStep: stepsOf(undefined) }
      const operation = beginExchange(undefined, record.decisionId, call)
      for (let step = 0; step < steps; step++) if (progress.aroundStep === undefined) stepsTaken++
      endExchange(operation, record)
    },
  })
  if (stepsTaken === 0) throw new Error('the seam was not taken')
  return [
    figure('telemetry.absent.vsRequest', 'times', ratios(samples.seam, samples.absent)),
    figure('telemetry.noSdk.vsAbsent', 'times', ratios(samples.noSdk, samples.absent)),
  ]
}
