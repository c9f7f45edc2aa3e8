import { randomUUID } from 'node:crypto'
import { epochSeconds } from '../org/clock.ts'
import { isJsonObject } from '../org/json.ts'
import type { HookTransport } from './call.ts'
import type { HookAuth, OAuthHookAuth } from './inline-hook.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const assertionLifetimeSeconds = 300

/**
 * The headers that authenticate a call: the fixed secret, or a bearer token that is fetched for this call.
 *
 * @param signal - the time limit of the whole call: the token fetch counts against it
 * @throws whatever the token endpoint's failure throws; the caller must not quote it
 */
export async function authorizeCall(
  auth: HookAuth,
  transport: HookTransport,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  if (auth.type === 'header') return { [auth.header]: auth.secret }
  const response = await transport.fetchToken(auth.tokenUrl, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: auth.scope,
      client_id: auth.clientId,
      ...credentialsOf(auth, transport),
    }),
    redirect: 'manual',
    signal,
  })
  const answer: unknown = await response.json()
  const token = isJsonObject(answer) ? answer['access_token'] : undefined
  if (response.status !== 200 || typeof token !== 'string') throw new Error('no access token was issued')
  return { authorization: `Bearer ${token}` }
}

function credentialsOf(auth: OAuthHookAuth, { hookKeys, clock }: HookTransport): Record<string, string> {
  if (auth.type === 'client_secret_post') return { client_secret: auth.clientSecret }
  const key = hookKeys.get(auth.hookKeyId)?.key
  if (key === undefined) throw new Error('the hook key does not exist')
  const iat = epochSeconds(clock)
  const assertion = key.sign({
    iss: auth.clientId,
    sub: auth.clientId,
    aud: auth.tokenUrl,
    iat,
    exp: iat + assertionLifetimeSeconds,
    jti: randomUUID(),
  })
  return { client_assertion_type: assertionType, client_assertion: assertion }
}
