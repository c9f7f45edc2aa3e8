import type { Json } from '@behalf/core'
import { memberAt } from '../../okta/members.ts'
import type { Experiment, TokenOutcome, Trial } from '../experiment.ts'

const asked = 'https://api-c.probe.invalid'

const rows: readonly (readonly [name: string, trial: Trial])[] = [
  ['resource in the query', { query: { resource: asked } }],
  ['resource in the body', { body: { resource: asked } }],
  ['audience in the query', { query: { audience: asked } }],
  ['audience in the body', { body: { audience: asked } }],
]

/** Whether a client can decide whom its token is for. */
export const audienceSteering: Experiment = {
  name: 'audience-steering',
  question:
    'Can a client steer aud on client_credentials, by resource or audience, in the query or the body?',
  maxTokens: rows.length,
  async run(bench) {
    const facts: Record<string, Json> = {}
    for (const [name, trial] of rows) {
      const outcome = await bench.requestToken(trial)
      facts[name] = {
        status: outcome.status,
        aud: audienceOf(outcome, bench.audience),
        audAtTheHook: audienceAtTheHook(outcome, bench.audience),
      }
    }
    return facts
  },
}

function audienceOf({ claims, error }: TokenOutcome, own: string): string {
  if (claims === undefined) return `no token: ${error ?? 'no reason'}`
  return nameOf(claims['aud'], own)
}

function audienceAtTheHook({ event }: TokenOutcome, own: string): string {
  if (event === undefined) return 'the hook was not called'
  return nameOf(memberAt(event, 'data', 'access', 'claims', 'aud'), own)
}

function nameOf(aud: Json | undefined, own: string): string {
  const audiences = Array.isArray(aud) ? aud : [aud]
  const names = audiences.map((each) => (each === own ? 'own' : each === asked ? 'asked' : 'another'))
  return names.join(' and ')
}
