import type { Json, JsonObject } from '@behalf/core'
import { isJsonObject, isNumericDate, listAgents } from '@behalf/core/internal'
import type { CedarValueJson, Context, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'
import { canonicalAddress } from '../address.ts'
import type { Delegation } from '../delegation.ts'
import { PolicyUnavailable } from '../policy-unavailable.ts'

/** How the parties of a question are named in policies. */
export interface Naming {
  /** The claim that lists the user's groups. */
  readonly groupsClaim: string
  /** Short names of issuers. */
  readonly issuerNames: ReadonlyMap<string, string>
  readonly localTime: (timeMs: number) => { readonly weekday: number; readonly hour: number }
}

/** A delegation as Cedar sees it. */
export interface CedarQuestion {
  readonly principal: TypeAndId
  readonly action: TypeAndId
  readonly resource: TypeAndId
  readonly client: TypeAndId
  readonly context: Context
  /** User and API with what the request says about them. */
  readonly entities: readonly EntityJson[]
}

/** Said elsewhere in the question, checked already, or about other parties. */
const notTags: ReadonlySet<string> = new Set([
  'acr',
  'act',
  'amr',
  'assertion',
  'aud',
  'auth_time',
  'azp',
  'cid',
  'client_id',
  'cnf',
  'exp',
  'iat',
  'iss',
  'jti',
  'may_act',
  'nbf',
  'scope',
  'scp',
  'sub',
  'ver',
])

/** Says whether a claim can be a tag of the user; others are told elsewhere or not at all. */
export function isTag(claim: string): boolean {
  return !notTags.has(claim)
}

/**
 * Writes a delegation as a question to Cedar. Claims go in as strings only, so that no value can be read as
 * an entity, an extension value or policy text.
 *
 * @throws PolicyUnavailable when the event names no audience, because policies about one API would be passed by
 */
export function cedarQuestion(delegation: Delegation, naming: Naming): CedarQuestion {
  const { subject, resource: api, request } = delegation
  if (api.audience === undefined) throw new PolicyUnavailable('the event names no audience to ask about')
  const issuer = naming.issuerNames.get(subject.issuer) ?? subject.issuer
  const principal = { type: 'User', id: `${issuer}#${subject.id}` }
  const resource = { type: 'Api', id: api.audience }
  const client = { type: 'Client', id: delegation.client.id }
  const groups = listStrings(subject.claims[naming.groupsClaim])
  return {
    principal,
    action: { type: 'Action', id: 'exchange' },
    resource,
    client,
    context: {
      client: { __entity: client },
      scopes: [...delegation.scopes],
      actors: delegation.actors.map(({ sub }) => sub),
      depth: delegation.actors.length,
      agents: listAgents(delegation.actors).map(({ sub }) => ({ __entity: { type: 'Agent', id: sub } })),
      assertion: describeAssertion(subject.claims),
      request: {
        ...describeAddress(request.ipAddress),
        time: datetime(request.timeMs),
        local: { ...naming.localTime(request.timeMs) },
      },
    },
    entities: [
      {
        uid: principal,
        attrs: { issuer: subject.issuer, subject: subject.id },
        parents: groups.map((group) => ({ type: 'Group', id: `${issuer}#${group}` })),
        tags: describeClaims(subject.claims, naming.groupsClaim),
      },
      {
        uid: resource,
        attrs: api.authorizationServer === undefined ? {} : { authorizationServer: api.authorizationServer },
        parents: [],
      },
    ],
  }
}

function describeAssertion(claims: JsonObject): CedarValueJson {
  const { aud, scp, scope, cid, client_id: clientId, azp, appid, acr, amr, auth_time: authTime, iat } = claims
  // Entra writes `scp` as a text, and in tokens of version 1 the client as `appid`.
  const granted = scp === undefined ? scope : scp
  const client = [cid, clientId, azp, appid].find((value) => typeof value === 'string')
  return {
    audiences: listStrings(aud),
    scopes:
      typeof granted === 'string' ? granted.split(' ').filter((name) => name !== '') : listStrings(granted),
    ...(typeof client === 'string' ? { client } : {}),
    ...(typeof acr === 'string' ? { acr } : {}),
    amr: listStrings(amr),
    ...(isNumericDate(authTime) ? { authTime: datetime(authTime * 1000) } : {}),
    ...(isNumericDate(iat) ? { issuedAt: datetime(iat * 1000) } : {}),
  }
}

function describeClaims(claims: JsonObject, groupsClaim: string): Record<string, CedarValueJson> {
  return Object.fromEntries(
    Object.entries(claims)
      .filter(([name, value]) => name !== groupsClaim && !notTags.has(name) && !isJsonObject(value))
      .map(([name, value]) => [name, listStrings(value)]),
  )
}

/** Says whether policies can read all of a claim's value: a string, a number, a boolean, or a list of those. */
export function isReadable(value: Json): boolean {
  return listStrings(value).length === [value].flat().length
}

/** Strings, numbers and booleans, alone or in a list, as a list of strings; what is none of those is left out. */
function listStrings(value: Json | undefined): string[] {
  const members: readonly Json[] = Array.isArray(value) ? value : [value ?? null]
  return members.flatMap((member) =>
    typeof member === 'string' || typeof member === 'number' || typeof member === 'boolean'
      ? [String(member)]
      : [],
  )
}

function datetime(timeMs: number): CedarValueJson {
  return { __extn: { fn: 'datetime', arg: new Date(timeMs).toISOString() } }
}

function describeAddress(text: string | undefined): { readonly ip?: CedarValueJson } {
  const address = canonicalAddress(text)
  return address === undefined ? {} : { ip: { __extn: { fn: 'ip', arg: address } } }
}
