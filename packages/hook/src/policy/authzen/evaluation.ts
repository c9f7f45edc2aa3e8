import type { Actor, Json, JsonObject } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'
import { canonicalAddress } from '../address.ts'
import { type PolicyDecision, readPolicyDecision } from '../decision.ts'
import type { Delegation } from '../delegation.ts'
import { PolicyUnavailable } from '../policy-unavailable.ts'

/** Claims that are said elsewhere in the question, limit other parties, or bind a key. */
const notSent: ReadonlySet<string> = new Set(['act', 'may_act', 'cnf'])

/**
 * Writes a delegation as an access evaluation request. `docs/authzen.md` has the mapping, member by member. The user is
 * that of the first token at every hop: who vouched for them, and the name there.
 * What decides is in the properties of subject and resource, because some decision points hand nothing else
 * to their policies.
 *
 * @param claims - the claims of the assertion that the decision point gets to see
 * @throws PolicyUnavailable when the event names no audience, because a resource needs an id
 * @see https://openid.net/specs/authorization-api-1_0.html
 */
export function evaluationRequest(delegation: Delegation, claims: 'all' | ReadonlySet<string>): JsonObject {
  const { client, subject, resource, scopes, actors, request } = delegation
  if (resource.audience === undefined) throw new PolicyUnavailable('the event names no audience to ask about')
  const ipAddress = canonicalAddress(request.ipAddress)
  const visible = Object.entries(subject.claims).filter(
    ([name]) => !notSent.has(name) && (claims === 'all' || claims.has(name)),
  )
  return {
    subject: {
      type: 'user',
      // Decision points that look at the id alone must not take users of two issuers for one.
      id: `${subject.issuer}#${subject.id}`,
      properties: {
        issuer: subject.issuer,
        subject: subject.id,
        claims: Object.fromEntries(visible),
        client: { id: client.id, ...(client.name === undefined ? {} : { name: client.name }) },
        actors: actors.map(describeActor),
        ...(ipAddress === undefined ? {} : { ip_address: ipAddress }),
      },
    },
    action: { name: 'exchange' },
    resource: {
      type: 'api',
      id: resource.audience,
      properties: {
        scopes,
        ...(resource.authorizationServer === undefined
          ? {}
          : { authorization_server: resource.authorizationServer }),
      },
    },
    context: { time: new Date(request.timeMs).toISOString() },
  }
}

function describeActor({ sub, iss, sub_profile: profile }: Actor): JsonObject {
  return {
    sub,
    ...(iss === undefined ? {} : { iss }),
    ...(profile === undefined ? {} : { sub_profile: profile }),
  }
}

/** The members of a response's `context` that narrow a permit, by the names that a permit has for them. */
const narrowing = {
  policies: 'policies',
  scopes: 'scopes',
  lifetime_seconds: 'lifetimeSeconds',
  assertion_claims: 'assertionClaims',
  claims: 'claims',
} as const

/**
 * Reads an access evaluation response. Only a boolean `decision` decides. What the `context` of a permit says
 * to narrow must be understood; other members of it are the decision point's own affair.
 *
 * @throws PolicyUnavailable when it is no decision
 */
export function readEvaluationResponse(response: Json): PolicyDecision {
  const { decision, context } = isJsonObject(response) ? response : {}
  if (typeof decision !== 'boolean') throw new PolicyUnavailable('the decision point answered no decision')
  // What it says to narrow may be in there, in a form that is not understood.
  if (decision && context !== undefined && !isJsonObject(context))
    throw new PolicyUnavailable('the decision point answered a context that is not an object')
  const details = isJsonObject(context) ? context : {}
  const read = readPolicyDecision(
    decision
      ? { decision: 'permit', ...readNarrowing(details) }
      : {
          decision: 'forbid',
          policies: details['policies'],
          reason: readReason(details),
          scopes: details['scopes'],
          needs: readStepUp(details),
        },
  )
  if (read === undefined)
    throw new PolicyUnavailable('the decision point narrows in a way that is not understood')
  return read
}

function readNarrowing(details: JsonObject): Record<string, Json> {
  const narrowed: Record<string, Json> = {}
  for (const [name, member] of Object.entries(narrowing)) {
    const value = details[name]
    if (value !== undefined) narrowed[member] = value
  }
  return narrowed
}

/** `acr_values` as the specification's own example has it, a text, or a list; `max_age` and `required_scopes` are ours. */
function readStepUp({ acr_values: acr, max_age: maxAge, required_scopes: scopes }: JsonObject): JsonObject {
  return {
    ...(acr === undefined ? {} : { acrValues: typeof acr === 'string' ? acr.split(' ') : acr }),
    ...(maxAge === undefined ? {} : { maxAgeSeconds: maxAge }),
    ...(scopes === undefined ? {} : { scopes }),
  }
}

/** `reason` is a sentence for the client; `reason_user` the same in several languages, of which English is taken. */
function readReason({ reason, reason_user: localised }: JsonObject): Json | undefined {
  if (typeof reason === 'string' || !isJsonObject(localised)) return reason
  return localised['en'] ?? Object.values(localised)[0]
}
