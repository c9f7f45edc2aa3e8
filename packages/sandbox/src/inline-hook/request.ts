import { randomUUID } from 'node:crypto'
import type { PolicyMatch } from '../org/access-policy.ts'
import type { App } from '../org/app.ts'
import type { JsonObject } from '../org/json.ts'
import { type OktaFacts, plays } from '../org/okta-facts.ts'
import type { LogRequest } from '../org/system-log.ts'
import type { User } from '../org/user.ts'
import type { TokenDraft, TokenDrafts } from './token-draft.ts'

/** The token request that a hook is asked about. */
export interface HookOccasion {
  readonly issuer: string
  readonly app: App
  readonly match: PolicyMatch
  readonly request: {
    readonly id: string
    readonly method: string
    /** The full URL, query included. */
    readonly url: string
    readonly ipAddress: string
    readonly userAgent?: string
  }
  /** What the OAuth request said: `grant_type`, `client_id`, `scope`, `redirect_uri`… */
  readonly protocolRequest: Readonly<Record<string, string | undefined>>
  readonly scopes: readonly GrantedScope[]
  readonly tokens: TokenDrafts
  /** Only in flows with a user. */
  readonly session?: HookSession
  readonly refreshTokenId?: string
  /** Only when tokens are refreshed: what the refresh token was first got with. */
  readonly originalGrant?: {
    readonly authorization: Readonly<Record<string, string>>
    readonly refreshTokenId: string
  }
}

/** A scope that the tokens have. */
export interface GrantedScope {
  readonly id: string
  readonly name: string
}

/** The user's session, for flows that have one. */
export interface HookSession {
  readonly id: string
  readonly user: User
  /** How the user signed in. */
  readonly amr: readonly string[]
  /** When the user signed in, in seconds since the epoch. */
  readonly authTime: number
  /** The level of assurance, when the app has asked for one. */
  readonly acr: string | undefined
}

/** Where a URL ends for hooks of orgs that cut it. */
const cutAt = 2048

/** Returns the token request as the System Log keeps it. */
export function logRequestOf({ request: { method: _, url, ...request } }: HookOccasion): LogRequest {
  const { pathname, search } = new URL(url)
  return { ...request, url: `${pathname}${search}` }
}

/** Builds the body of the call, as Okta sends it. Form parameters of the token request are not in it. */
export function buildHookRequest(occasion: HookOccasion, now: number, facts: OktaFacts = {}): JsonObject {
  const { request, match, session, tokens, refreshTokenId } = occasion
  const isMachine = occasion.protocolRequest['grant_type'] === 'client_credentials'
  return {
    eventId: randomUUID(),
    eventTime: new Date(now).toISOString(),
    eventType: 'com.okta.oauth2.tokens.transform',
    eventTypeVersion: '1.0',
    contentType: 'application/json',
    cloudEventVersion: '0.1',
    source: request.url.split('?', 1)[0],
    data: {
      context: {
        request: {
          id: request.id,
          method: request.method,
          url: { value: plays(facts, 'url-at-hook', 'whole') ? request.url : request.url.slice(0, cutAt) },
          ipAddress: request.ipAddress,
        },
        protocol: protocolOf(occasion),
        ...(session === undefined
          ? isMachine && plays(facts, 'machine-event', 'with user and session')
            ? {
                session: { id: request.id, userId: occasion.app.clientId },
                user: { id: occasion.app.clientId },
              }
            : {}
          : { session: sessionOf(session, now), user: userOf(session.user, occasion.issuer) }),
        policy: { id: match.policy.id, rule: { id: match.rule.id } },
      },
      ...(tokens.identity === undefined ? {} : { identity: tokenOf(tokens.identity) }),
      access: { ...tokenOf(tokens.access), scopes: grantedScopes(occasion.scopes) },
      ...(refreshTokenId === undefined ? {} : { refresh_token: { jti: refreshTokenId } }),
    },
  }
}

function protocolOf({ issuer, app, protocolRequest, originalGrant }: HookOccasion): JsonObject {
  return {
    type: 'OAUTH2.0',
    request: { ...protocolRequest },
    ...(originalGrant === undefined
      ? {}
      : {
          OriginalGrant: {
            authorization: { ...originalGrant.authorization },
            refresh_token: { jti: originalGrant.refreshTokenId },
          },
        }),
    issuer: { uri: issuer },
    client: {
      id: app.clientId,
      name: app.label,
      type: app.auth.method === 'none' ? 'PUBLIC' : 'CONFIDENTIAL',
    },
  }
}

/** How a session names what `amr` has a short name for. */
const factorOf = new Map([
  ['pwd', 'PASSWORD'],
  ['otp', 'OTP'],
  ['mfa', 'MULTIFACTOR'],
  ['sms', 'SMS'],
])

function sessionOf({ id, user, amr, authTime }: HookSession, now: number): JsonObject {
  const twoHoursMs = 2 * 60 * 60 * 1000
  return {
    id,
    userId: user.id,
    login: user.login,
    createdAt: new Date(authTime * 1000).toISOString(),
    expiresAt: new Date(now + twoHoursMs).toISOString(),
    status: 'ACTIVE',
    lastPasswordVerification: new Date(authTime * 1000).toISOString(),
    amr: amr.map((method) => factorOf.get(method) ?? method.toUpperCase()),
    idp: { id: '00oSandbox', type: 'OKTA' },
    mfaActive: amr.includes('mfa'),
  }
}

function userOf({ id, login, profile, created }: User, issuer: string): JsonObject {
  const { given_name: firstName, family_name: lastName, locale = 'en', zoneinfo: timeZone = 'UTC' } = profile
  const self = `${new URL(issuer).origin}/api/v1/users/${id}`
  return {
    id,
    passwordChanged: created,
    profile: { login, firstName, lastName, locale, timeZone },
    _links: { groups: { href: `${self}/groups` }, factors: { href: `${self}/factors` } },
  }
}

function tokenOf({ claims, lifetimeSeconds }: TokenDraft): JsonObject {
  return { claims, token: { lifetime: { expiration: lifetimeSeconds } } }
}

function grantedScopes(scopes: readonly GrantedScope[]): JsonObject {
  return Object.fromEntries(scopes.map(({ id, name }) => [name, { id, action: 'GRANT' }]))
}
