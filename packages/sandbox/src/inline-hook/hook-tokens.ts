import { randomUUID } from 'node:crypto'
import { epochSeconds } from '../org/clock.ts'
import type { OAuthHookAuth } from '../org/inline-hook.ts'
import { isJsonObject } from '../org/json.ts'
import { plays } from '../org/okta-facts.ts'
import type { HookTransport } from './hook-transport.ts'

/** The access tokens that OAuth-secured hooks ask for. Okta keeps each until it expires. */
export interface HookTokens {
  /**
   * The token that was kept, or a new one.
   *
   * @param signal - the time limit of the whole call: the fetch of a token counts against it
   * @throws whatever the token endpoint's failure throws; the caller must not quote it
   */
  get(auth: OAuthHookAuth, signal: AbortSignal): Promise<string>
  /** Forgets all that are kept. */
  clear(): void
}

interface KeptToken {
  readonly token: string
  /** Seconds since the epoch, by the org's clock. */
  readonly expiresAt: number
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const assertionLifetimeSeconds = 300
/** How long a token is kept that does not say how long it lives, at orgs that keep it. */
const unstatedLifetimeSeconds = 3600
/** There are at most 100 hooks; what is kept for settings that have since changed goes first. */
const keptTokens = 200

/** Creates the memory of one org's hook tokens. */
export function createHookTokens(transport: HookTransport): HookTokens {
  const kept = new Map<string, KeptToken>()
  return {
    async get(auth, signal) {
      const key = JSON.stringify(auth)
      const now = epochSeconds(transport.clock)
      const found = kept.get(key)
      if (found !== undefined && found.expiresAt > now) return found.token
      kept.delete(key)
      const { token, lifetimeSeconds = unstatedLifetimeOf(transport) } = await fetchToken(
        auth,
        transport,
        signal,
      )
      if (lifetimeSeconds === undefined || plays(transport.facts, 'hook-token-kept', 'fetched each time'))
        return token
      kept.set(key, { token, expiresAt: now + lifetimeSeconds })
      for (const oldest of kept.keys()) {
        if (kept.size <= keptTokens) break
        kept.delete(oldest)
      }
      return token
    },
    clear: () => kept.clear(),
  }
}

function unstatedLifetimeOf({ facts }: HookTransport): number | undefined {
  return plays(facts, 'hook-token-without-lifetime', 'kept') ? unstatedLifetimeSeconds : undefined
}

async function fetchToken(
  auth: OAuthHookAuth,
  transport: HookTransport,
  signal: AbortSignal,
): Promise<{ readonly token: string; readonly lifetimeSeconds: number | undefined }> {
  const response = await transport.fetchToken(auth.tokenUrl, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: auth.scope,
      client_id: auth.clientId,
      ...(await credentialsOf(auth, transport)),
    }),
    redirect: 'manual',
    signal,
  })
  const answer: unknown = await response.json()
  const { access_token: token, expires_in: lifetime } = isJsonObject(answer) ? answer : {}
  if (response.status !== 200 || typeof token !== 'string') throw new Error('no access token was issued')
  return { token, lifetimeSeconds: typeof lifetime === 'number' ? lifetime : undefined }
}

async function credentialsOf(
  auth: OAuthHookAuth,
  { hookKeys, clock, facts }: HookTransport,
): Promise<Record<string, string>> {
  if (auth.type === 'client_secret_post') return { client_secret: auth.clientSecret }
  const key = hookKeys.get(auth.hookKeyId)?.key
  if (key === undefined) throw new Error('the hook key does not exist')
  const iat = epochSeconds(clock)
  const assertion = await key.sign({
    iss: auth.clientId,
    sub: auth.clientId,
    aud: plays(facts, 'hook-assertion-audience', 'token URL') ? auth.tokenUrl : new URL(auth.tokenUrl).origin,
    iat,
    exp: iat + assertionLifetimeSeconds,
    jti: randomUUID(),
  })
  return { client_assertion_type: assertionType, client_assertion: assertion }
}
