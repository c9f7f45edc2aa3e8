import type { JsonObject } from '@behalf/core'
import { memberAt, textAt, textsAt, withMember } from '../../okta/members.ts'
import { machineGrant, policiesPathOf } from '../../okta/rules.ts'
import { CommandError } from '../../terminal/command.ts'
import type { Bench, Question, TokenOutcome } from '../question.ts'
import { signIn } from '../signed-in.ts'
import { probeScope } from '../throwaway.ts'
import { notCalled, trace } from './commands.ts'
import { rulePathOf } from './rule-change.ts'

const grant = 'urn:ietf:params:oauth:grant-type:token-exchange'
const guide = "Okta's guide to On-Behalf-Of Token Exchange does not say"

/** Okta's own token exchange: the service app presents the token of whoever has signed in. */
export const exchange: readonly Question[] = [
  {
    id: 'exchange-calls-hook',
    area: 'people',
    question: "does Okta's own token exchange call the hook",
    assumed: 'called',
    assumption: 'yes; [what the hook would do then](decisions/0058-okta-token-exchange.md)',
    source: guide,
    maxTokens: 1,
    async observe(bench) {
      const { event } = await exchanged(bench)
      return { outcome: event === undefined ? 'not called' : 'called' }
    },
  },
  {
    id: 'exchange-event',
    area: 'people',
    question: '`data.context` of such a call',
    assumed: 'without user and session',
    assumption: 'without `user` and `session`; the person is in `access.claims`, `sub` and `uid`',
    source: guide,
    maxTokens: 0,
    needs: ['exchange-calls-hook'],
    async observe(bench) {
      const { event } = await exchanged(bench)
      if (event === undefined) throw new CommandError(notCalled)
      const found = ['user', 'session'].filter(
        (name) => memberAt(event, 'data', 'context', name) !== undefined,
      )
      const isTold = memberAt(event, 'data', 'access', 'claims', 'uid') !== undefined
      const seen = `uid is ${isTold ? '' : 'not '}in the claims`
      if (found.length === 0) return { outcome: 'without user and session', seen }
      return { outcome: found.length === 2 ? 'with user and session' : `with ${found.join()}`, seen }
    },
  },
  {
    id: 'exchange-actor',
    area: 'people',
    question: 'who acts, in the token of such an exchange',
    assumed: 'no act',
    assumption: 'nothing but `cid`: no `act`',
    source: guide,
    maxTokens: 0,
    async observe(bench) {
      const { claims } = await exchanged(bench)
      return { outcome: claims?.['act'] === undefined ? 'no act' : 'act' }
    },
  },
]

function exchanged(bench: Bench): Promise<TokenOutcome> {
  bench.shared.exchanged ??= exchangeOnce(bench)
  return bench.shared.exchanged
}

/** Lets the app use the grant and a rule serve it, and exchanges once. */
async function exchangeOnce(bench: Bench): Promise<TokenOutcome> {
  const { accessToken } = await signIn(bench)
  const { serverId, policyId, clientId } = bench.made
  const appPath = `/api/v1/apps/${clientId}`
  const grants = ['settings', 'oauthClient', 'grant_types'] as const
  const { document: app } = await bench.manage('GET', appPath)
  const allowed = [...new Set([...textsAt(app, ...grants), machineGrant, grant])]
  const changed = await bench.manage('PUT', appPath, withMember(app, grants, allowed))
  if (changed.status >= 400)
    throw new CommandError(`the app may not use the grant: ${changed.code ?? changed.status}`)
  const { document: machines } = await bench.manage('GET', rulePathOf(bench))
  const { id: _, _links, created, lastUpdated, system, ...rule } = machines
  const served: JsonObject = withMember(
    { ...rule, name: bench.nameOf('exchange'), priority: 1 },
    ['conditions', 'grantTypes', 'include'],
    [grant],
  )
  const made = await bench.manage('POST', `${policiesPathOf(serverId)}/${policyId}/rules`, served)
  if (textAt(made.document, 'id') === '')
    throw new CommandError(`no rule can serve the grant: ${made.code ?? made.status}`)
  await bench.settle()
  const outcome = await bench.requestToken({
    answer: trace.answer,
    scope: probeScope,
    body: {
      grant_type: grant,
      subject_token: accessToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience: bench.audience,
    },
  })
  if (outcome.claims === undefined)
    throw new CommandError(`nothing was exchanged: ${outcome.error ?? 'no reason'}`)
  return outcome
}
