import type { Actor } from '@behalf/core'
import { listActors } from '@behalf/core'
import { isPartyName, listAgents } from '@behalf/core/internal'
import type { Revision } from '../config/revision.ts'
import type { Verdict } from '../okta/answer.ts'
import type { Permitted } from '../pipeline/exchange.ts'
import type { Progress } from '../pipeline/steps.ts'
import type { Moment } from './moment.ts'

/**
 * What is kept of one request: who wanted to act for whom, where, and how it was decided. Of the assertion
 * it names issuer, subject and actors, and those only once the assertion is verified; it never holds a
 * token, a secret or another claim.
 */
export interface DecisionRecord extends Revision {
  /** When the decision was made, ISO 8601. */
  readonly time: string
  /** Also in the answer's `debugContext`, which Okta's System Log shows. */
  readonly decisionId: string
  readonly decision: 'permit' | 'deny' | 'unchanged'
  /** Why it was denied. */
  readonly code?: string
  /** What exactly was wrong; never a value. */
  readonly detail?: string
  /** The pipeline's step that decided. */
  readonly step: string
  /** Okta's id of the token request. */
  readonly requestId?: string
  readonly client?: string
  /** Whether the assertion came sealed; absent when it came bare, or was not looked at yet. */
  readonly sealed?: true
  /** Who vouched for the user: the issuer of the first token of the chain. */
  readonly issuer?: string
  /** The user, as the issuer names them. */
  readonly subject?: string
  /** The `jti` of the token that was presented. */
  readonly assertionId?: string
  /** The chain of actors, the current one first. */
  readonly actors?: readonly string[]
  /** Those of the chain that are AI agents; absent when there are none. */
  readonly agents?: readonly string[]
  /** The API that the token is for. */
  readonly audience?: string
  readonly scopes?: readonly string[]
  /** Nobody could say whether the user was cut off, and the configuration permits that. */
  readonly revocation?: 'unknown'
  /** Ids of the policies that decided. */
  readonly policies?: readonly string[]
  /** From arrival to answer. */
  readonly durationMs: number
}

/** Receives every decision. It must not block; when it throws or rejects, that is reported as an internal error. */
export type DecisionSink = (record: DecisionRecord) => void

/** Writes the record of a run, with what is known of it at that moment. */
export function recordDecision(
  verdict: Verdict,
  decisionId: string,
  progress: Progress,
  arrivedAtMs: number,
  now: Moment,
  revision: Revision,
): DecisionRecord {
  const record: Mutable<DecisionRecord> = {
    time: now.text,
    decisionId,
    decision: verdict.kind,
    step: progress.step,
    // A clock that was set back must not make it negative.
    durationMs: Math.max(0, Math.round((now.epochMs - arrivedAtMs) * 1000) / 1000),
    ...describeExchange(progress.reached),
    ...revision,
  }
  if (verdict.kind === 'deny') {
    const { code, detail, policies } = verdict.denial
    record.code = code
    if (detail !== undefined) record.detail = detail
    if (policies !== undefined) record.policies = policies
  }
  return record
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] }

/** Says what is known of an exchange, as far as its steps have reached. */
export function describeExchange(reached: Partial<Permitted>): Partial<DecisionRecord> {
  const { event, clientId, seal, resource, assertion, actor, standing, permit } = reached
  const known: Partial<Mutable<DecisionRecord>> = {}
  if (event?.request.id !== undefined) known.requestId = event.request.id
  if (clientId !== undefined) known.client = clientId
  if (seal !== undefined) known.sealed = true
  if (assertion !== undefined) {
    known.issuer = assertion.issuer
    known.subject = assertion.subject
    if (isPartyName(assertion.presented.id)) known.assertionId = assertion.presented.id
  }
  if (actor !== undefined) {
    const actors = listActors(actor)
    const agents = listAgents(actors)
    known.actors = nameActors(actors)
    if (agents.length > 0) known.agents = nameActors(agents)
  }
  const audience = resource?.audience ?? event?.access.claims['aud']
  if (typeof audience === 'string') known.audience = audience
  if (event !== undefined) known.scopes = event.access.scopes
  if (standing !== undefined) known.revocation = standing
  if (permit?.policies !== undefined) known.policies = permit.policies
  return known
}

function nameActors(actors: readonly Actor[]): readonly string[] {
  return actors.map(({ sub }) => sub)
}
