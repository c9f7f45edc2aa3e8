import { hash } from 'node:crypto'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { encryptAccessToken } from '../faults/encrypted-token.ts'
import type { HookOccasion, HookSession } from '../inline-hook/request.ts'
import { type HookVerdict, runInlineHook } from '../inline-hook/run.ts'
import type { TokenDrafts } from '../inline-hook/token-draft.ts'
import type { LiveOrg } from '../live-org.ts'
import { accessTokenLifetimeSeconds } from '../org/access-policy.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { epochSeconds } from '../org/clock.ts'
import { groupsOf } from '../org/group.ts'
import type { JsonObject } from '../org/json.ts'
import { type OktaFacts, outcomeOf, plays } from '../org/okta-facts.ts'
import type { LogRequest } from '../org/system-log.ts'
import { accessTokenType, tokenExchangeGrant } from '../org/token-exchange-grant.ts'
import type { User } from '../org/user.ts'
import { draftAccessToken } from './access-token.ts'
import { matchRequest } from './admission.ts'
import { customClaims } from './custom-claims.ts'
import { logGrant, logRefusedGrant } from './grant-log.ts'
import { draftIdToken } from './id-token.ts'
import { signTokens } from './sign-tokens.ts'

/** What a token request said that the protocol does not keep. */
export interface TokenRequestFacts {
  readonly request: LogRequest
  /** The audience that was asked for, where the server grants that. */
  readonly audience: string | undefined
}

/**
 * Turns the answer of a granted token request into Okta's tokens: drafts them, lets the rule's inline hook
 * change them, signs them.
 */
export async function mintTokens(
  ctx: KoaContextWithOIDC,
  org: LiveOrg,
  server: AuthorizationServer,
  { request, audience }: TokenRequestFacts,
): Promise<void> {
  const { ClientCredentials: machineToken, AccessToken: userToken, RefreshToken } = ctx.oidc.entities
  const stored = machineToken ?? userToken
  const app = org.apps.get(stored?.clientId ?? '')
  if (stored === undefined || app === undefined) throw new Error('a token was granted to an unknown client')
  const scopes = [...stored.scopes]
  const isExchange = ctx.oidc.params?.['grant_type'] === tokenExchangeGrant
  const grantType = isExchange
    ? tokenExchangeGrant
    : machineToken === undefined
      ? 'authorization_code'
      : 'client_credentials'
  const match = matchRequest(org, server, {
    clientId: app.clientId,
    grantType,
    scopes,
    userId: userToken?.accountId,
  })
  if (match === undefined) throw new Error('a token was granted that no policy rule admits')

  const issuedAt = epochSeconds(org.clock)
  const session = isExchange ? undefined : sessionOf(ctx, org, issuedAt)
  const user = session?.user ?? org.users.get(userToken?.accountId ?? '')
  const isRefresh = ctx.oidc.params?.['grant_type'] === 'refresh_token'
  const groups = user === undefined ? [] : groupsOf(org, user.id)
  const subject = { app, user, groups, session, scopes }
  const access = draftAccessToken({
    server,
    app,
    audience: audience ?? server.audience,
    scopes,
    lifetimeSeconds: accessTokenLifetimeSeconds(match.rule),
    handle: stored.jti,
    issuedAt,
    signIn: session ?? (user === undefined ? undefined : { user }),
    customClaims: {
      ...customClaims(server.claims, { ...subject, claimType: 'RESOURCE' }, org.facts),
      ...(isExchange && plays(org.facts, 'exchange-actor', 'act') ? { act: { sub: app.clientId } } : {}),
    },
  })
  const occasion: HookOccasion = {
    issuer: server.issuer,
    app,
    match,
    scopes: scopes.map((name) => ({
      name,
      id: server.scopes.find((scope) => scope.name === name)?.id ?? name,
    })),
    tokens: withIdentity(
      { access },
      ctx,
      server,
      session,
      issuedAt,
      customClaims(
        server.claims.filter(({ alwaysIncludeInToken }) => alwaysIncludeInToken),
        { ...subject, claimType: 'IDENTITY' },
        org.facts,
      ),
      org.facts,
    ),
    request: { ...request, method: ctx.method, url: `${org.url}${request.url}` },
    protocolRequest: protocolRequestOf(ctx, app.clientId, scopes),
    ...(session === undefined
      ? exchangeSessionOf(org, isExchange ? user : undefined, stored.jti, issuedAt)
      : { session }),
    ...refreshOf(ctx, app.clientId, scopes, org.facts),
  }
  const isCalled = !(
    (isExchange && plays(org.facts, 'exchange-calls-hook', 'not called')) ||
    (isRefresh && plays(org.facts, 'refresh-calls-hook', 'not called'))
  )
  const verdict: HookVerdict = isCalled
    ? await runInlineHook(org, occasion)
    : { kind: 'mint', tokens: occasion.tokens }
  org.notes.add(ctx.res, {
    clientId: app.clientId,
    grantType: String(ctx.oidc.params?.['grant_type']),
    ...(user === undefined ? {} : { login: user.login }),
    ...(verdict.call === undefined ? {} : { hook: verdict.call.outcome }),
  })
  org.recorder.note(ctx.res, {
    client: { id: app.clientId, label: app.label },
    grantType: String(ctx.oidc.params?.['grant_type']),
    scopes,
    ...(user === undefined ? {} : { login: user.login }),
    hookCall: verdict.call,
  })
  if (verdict.kind === 'refuse') {
    await stored.destroy()
    await RefreshToken?.destroy()
    const { RotatedRefreshToken: used } = ctx.oidc.entities
    if (used !== undefined && plays(org.facts, 'refused-refresh', 'still good')) {
      used.consumed = undefined
      await used.save()
    }
    ctx.status = Number(outcomeOf(org.facts, 'error-status'))
    ctx.body = { error: 'server_error', error_description: verdict.description }
    org.recorder.note(ctx.res, { refusal: { error: 'server_error', description: verdict.description } })
    logRefusedGrant(ctx, org, server, request)
    return
  }
  logGrant(org, server, app, request, verdict.tokens)
  const answer = await signTokens(verdict.tokens, {
    key: server.keys.active,
    issuedAt,
    scopes,
    refreshToken: RefreshToken?.jti,
    claims: oneShotClaims(ctx, org, user),
  })
  const encrypted = org.faults.find('encrypted-access-tokens') !== undefined
  const accessToken = encrypted ? await encryptAccessToken(answer.access_token) : answer.access_token
  ctx.body = {
    ...answer,
    access_token: accessToken,
    ...(isExchange ? { issued_token_type: accessTokenType } : {}),
  }
  org.recorder.note(ctx.res, { accessToken })
}

function sessionOf({ oidc }: KoaContextWithOIDC, org: LiveOrg, issuedAt: number): HookSession | undefined {
  const source = oidc.entities.AuthorizationCode ?? oidc.entities.RefreshToken
  const user = org.users.get(oidc.entities.AccessToken?.accountId ?? '')
  if (source === undefined || user === undefined) return undefined
  return {
    id: source.sessionUid ?? source.jti,
    user,
    amr: source.amr ?? user.amr,
    authTime: source.authTime ?? issuedAt,
    acr: plays(org.facts, 'acr-reached', 'told') ? source.acr : undefined,
  }
}

function withIdentity(
  tokens: TokenDrafts,
  { oidc }: KoaContextWithOIDC,
  server: AuthorizationServer,
  session: HookSession | undefined,
  issuedAt: number,
  customClaims: JsonObject,
  facts: OktaFacts,
): TokenDrafts {
  const token = oidc.entities.AccessToken
  if (session === undefined || token?.clientId === undefined || !token.scopes.has('openid')) return tokens
  const identity = draftIdToken({
    issuer: server.issuer,
    clientId: token.clientId,
    user: session.user,
    scopes: [...token.scopes],
    nonce: oidc.entities.AuthorizationCode?.nonce ?? oidc.entities.RefreshToken?.nonce,
    amr: session.amr,
    acr: session.acr,
    customClaims,
    authTime: session.authTime,
    issuedAt,
    facts,
  })
  return { ...tokens, identity }
}

function protocolRequestOf(
  { oidc }: KoaContextWithOIDC,
  clientId: string,
  scopes: readonly string[],
): HookOccasion['protocolRequest'] {
  const { grant_type: grantType, redirect_uri: redirectUri } = oidc.params ?? {}
  return {
    client_id: clientId,
    grant_type: String(grantType),
    scope: scopes.join(' '),
    ...(typeof redirectUri === 'string' ? { redirect_uri: redirectUri } : {}),
  }
}

/** Claims that somebody wants in this one token. */
function oneShotClaims({ oidc }: KoaContextWithOIDC, org: LiveOrg, user: User | undefined): JsonObject {
  const { grant_type: grantType, code } = oidc.params ?? {}
  if (user === undefined || grantType !== 'authorization_code') return {}
  const next = org.claimsOfNext.get(user.login)
  org.claimsOfNext.delete(user.login)
  return { ...next, ...org.claimsOfCode.get(String(code)) }
}

/** A session for whoever is exchanged, at orgs that are known to tell hooks of one. */
function exchangeSessionOf(
  { facts }: LiveOrg,
  user: User | undefined,
  id: string,
  authTime: number,
): Pick<HookOccasion, 'session'> {
  if (user === undefined || plays(facts, 'exchange-event', 'without user and session')) return {}
  return { session: { id, user, amr: user.amr, authTime, acr: undefined } }
}

/** What is known of a refresh token: its id at Okta is no secret, the one of the protocol is the token itself. */
function refreshOf(
  { oidc }: KoaContextWithOIDC,
  clientId: string,
  scopes: readonly string[],
  facts: OktaFacts,
): Pick<HookOccasion, 'refreshTokenId' | 'originalGrant'> {
  const { RefreshToken: issued, RotatedRefreshToken: used } = oidc.entities
  if (issued === undefined) return {}
  const refreshTokenId = plays(facts, 'refresh-token-id', 'an id')
    ? `oar${hash('sha256', issued.grantId ?? issued.jti).slice(0, 17)}`
    : (used?.jti ?? issued.jti)
  if (used === undefined && oidc.params?.['grant_type'] !== 'refresh_token') return { refreshTokenId }
  const authorization = { client_id: clientId, response_type: 'code', scope: scopes.join(' ') }
  return { refreshTokenId, originalGrant: { authorization, refreshTokenId } }
}
