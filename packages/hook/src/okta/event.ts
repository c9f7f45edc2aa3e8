import type { Denial, Json, JsonObject, Result } from '@behalf/core'
import { deny, isJsonObject, parseStrictJson, pass } from '@behalf/core/internal'

/**
 * The parts of Okta's token inline hook request that Behalf reads. Everything but the event type and the
 * URL of the token request may be absent.
 *
 * @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/OAuth2InlineHook/
 */
export interface TokenHookEvent {
  readonly eventType: string
  readonly eventTypeVersion?: string | undefined
  /** `data.context.request` */
  readonly request: {
    readonly id?: string | undefined
    readonly method?: string | undefined
    readonly url: string
    readonly ipAddress?: string | undefined
  }
  /** `data.context.protocol` */
  readonly protocol: {
    readonly issuer?: string | undefined
    readonly grantType?: string | undefined
    readonly responseType?: string | undefined
    readonly redirectUri?: string | undefined
    readonly scope?: string | undefined
    readonly clientType?: string | undefined
    readonly clientName?: string | undefined
  }
  /** The client that Okta has authenticated, as `protocol.client.id` and `access.claims.cid` name it, where they do. */
  readonly clientIds: readonly Json[]
  /** The client as the token request named it, and `sub` of the machine token, where they are there. */
  readonly echoedClientIds: { readonly requested?: Json | undefined; readonly subject?: Json | undefined }
  /** Whether the event belongs to a flow with a user: a session, a user, a `uid`, an ID or refresh token, an earlier grant. */
  readonly hasUser: boolean
  /** Whether there is an access token to patch. */
  readonly mintsAccessToken: boolean
  /** `data.access` */
  readonly access: {
    readonly claims: JsonObject
    readonly scopes: readonly string[]
    readonly lifetimeSeconds?: number | undefined
  }
}

const maxJsonDepth = 32
/** Okta grants some tens at most; every one is compared and told to the policy. */
const maxScopes = 1_000

/**
 * Reads the body of a hook request. It does not decide whether the event is an exchange.
 *
 * @returns a denial `request_malformed` that names the member at fault
 */
export function parseTokenHookEvent(text: string): Result<TokenHookEvent, Denial> {
  const parsed = parseStrictJson(text, maxJsonDepth)
  if (!parsed.ok) return deny('request_malformed', `the body is refused as JSON: ${parsed.fault}`)
  try {
    return pass(readEvent(parsed.value))
  } catch (fault) {
    if (fault instanceof MemberFault) return deny('request_malformed', fault.message)
    throw fault
  }
}

/** Names a member of the event that is not what it must be. */
class MemberFault extends Error {}

function readEvent(body: Json): TokenHookEvent {
  const event = object(body, 'the body')
  const data = object(event['data'], 'data')
  const context = object(data['context'], 'data.context')
  const request = object(context['request'], 'data.context.request')
  const url = object(request['url'], 'data.context.request.url')
  const protocol = optionalObject(context['protocol'], 'data.context.protocol')
  const protocolRequest = optionalObject(protocol['request'], 'data.context.protocol.request')
  const issuer = optionalObject(protocol['issuer'], 'data.context.protocol.issuer')
  const client = optionalObject(protocol['client'], 'data.context.protocol.client')
  const access = optionalObject(data['access'], 'data.access')
  const claims = optionalObject(access['claims'], 'data.access.claims')
  const scopes = optionalObject(access['scopes'], 'data.access.scopes')
  const token = optionalObject(access['token'], 'data.access.token')
  const lifetime = optionalObject(token['lifetime'], 'data.access.token.lifetime')
  const scope = optionalString(protocolRequest['scope'], 'data.context.protocol.request.scope')
  return {
    eventType: string(event['eventType'], 'eventType'),
    eventTypeVersion: optionalString(event['eventTypeVersion'], 'eventTypeVersion'),
    request: {
      id: optionalString(request['id'], 'data.context.request.id'),
      method: optionalString(request['method'], 'data.context.request.method'),
      url: string(url['value'], 'data.context.request.url.value'),
      ipAddress: optionalString(request['ipAddress'], 'data.context.request.ipAddress'),
    },
    protocol: {
      issuer: optionalString(issuer['uri'], 'data.context.protocol.issuer.uri'),
      grantType: optionalString(protocolRequest['grant_type'], 'data.context.protocol.request.grant_type'),
      // Empty, they say as little as absent.
      responseType:
        optionalString(protocolRequest['response_type'], 'data.context.protocol.request.response_type') ||
        undefined,
      redirectUri:
        optionalString(protocolRequest['redirect_uri'], 'data.context.protocol.request.redirect_uri') ||
        undefined,
      scope,
      clientType: optionalString(client['type'], 'data.context.protocol.client.type'),
      clientName: optionalString(client['name'], 'data.context.protocol.client.name'),
    },
    clientIds: [client['id'], claims['cid']].filter(isPresent),
    echoedClientIds: {
      requested: protocolRequest['client_id'] ?? undefined,
      subject: claims['sub'] ?? undefined,
    },
    hasUser: [
      context['session'],
      context['user'],
      protocol['originalGrant'],
      claims['uid'],
      data['identity'],
      data['refresh_token'],
    ].some(isPresent),
    mintsAccessToken: isPresent(data['access']),
    access: {
      claims,
      scopes: listScopes(claims['scp'], scopes, scope),
      lifetimeSeconds: optionalNumber(lifetime['expiration'], 'data.access.token.lifetime.expiration'),
    },
  }
}

/** Every scope that any part of the event names, so that none escapes the check of what is permitted. */
function listScopes(
  scp: Json | undefined,
  scopes: JsonObject,
  requested: string | undefined,
): readonly string[] {
  const claimed = Array.isArray(scp)
    ? scp
    : typeof scp === 'string'
      ? scp.split(' ', maxScopes + 1)
      : isPresent(scp)
        ? undefined
        : []
  if (claimed === undefined) throw new MemberFault('data.access.claims.scp is not a list of strings')
  const named = [...claimed, ...Object.keys(scopes), ...(requested ?? '').split(' ', maxScopes + 1)]
  if (named.length > maxScopes) throw new MemberFault(`more than ${maxScopes} scopes are named`)
  return [...new Set(named.map((scope) => string(scope, 'a member of data.access.claims.scp')))].filter(
    (scope) => scope !== '',
  )
}

/** Okta leaves members out; a null says the same. */
function isPresent(value: Json | undefined): value is Exclude<Json, null> {
  return value !== undefined && value !== null
}

function object(value: Json | undefined, path: string): JsonObject {
  if (!isJsonObject(value)) throw new MemberFault(`${path} is not an object`)
  return value
}

function optionalObject(value: Json | undefined, path: string): JsonObject {
  return isPresent(value) ? object(value, path) : {}
}

function string(value: Json | undefined, path: string): string {
  if (typeof value !== 'string') throw new MemberFault(`${path} is not a string`)
  return value
}

function optionalString(value: Json | undefined, path: string): string | undefined {
  return isPresent(value) ? string(value, path) : undefined
}

function optionalNumber(value: Json | undefined, path: string): number | undefined {
  if (!isPresent(value)) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new MemberFault(`${path} is not a number`)
  return value
}

/** Returns the authorization server that is about to issue the token; undefined when no place names it. */
export function authorizationServerOf({ protocol, access }: TokenHookEvent): string | undefined {
  const { iss } = access.claims
  return typeof iss === 'string' ? iss : protocol.issuer
}

/**
 * Says whether the places that name the authorization server can mean the same. Its path alone is compared, because an org has
 * several domains.
 */
export function namesOneServer({ protocol, access }: TokenHookEvent): boolean {
  const { iss } = access.claims
  if (iss === undefined || iss === null) return true
  if (typeof iss !== 'string') return false
  return protocol.issuer === undefined || pathOfIssuer(iss) === pathOfIssuer(protocol.issuer)
}

function pathOfIssuer(issuer: string): string {
  return issuer.replace(/^https?:\/\/[^/]*/, '')
}
