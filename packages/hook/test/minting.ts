import { parseStrictJson } from '@behalf/core/internal'
import type { Hook } from '@behalf/hook'
import {
  type HookEvent,
  hookEvent,
  type LooseObject,
  type ManualClock,
  type TestIssuer,
} from '@behalf/testing'
import { authenticated } from '@behalf/testing/hook'
import { expect } from 'vitest'
import { applyCommands } from '../../sandbox/src/inline-hook/patch.ts'

/** An authorization server that calls a hook before it issues a token. */
export interface Minting {
  readonly hook: Hook
  readonly server: TestIssuer
  readonly clock: ManualClock
  /** The server's audience. Default that of the placeholder. */
  readonly audience?: string
  /** How long after the hook's answer the token is minted. Default at once. */
  readonly mintingMs?: number
}

/** What a client asks the server for. */
export interface TokenRequest {
  readonly clientId: string
  readonly assertion: string
  readonly scopes: readonly string[]
  /** What stands behind the assertion in the query. */
  readonly query?: string
  readonly lifetimeSeconds?: number
}

/** The token that was issued, or the code with which the hook denied it. */
export type Minted =
  | { readonly token: string; readonly claims: LooseObject }
  | { readonly token?: never; readonly denied: string }

/** Does Okta's part: asks the hook as Okta would, and issues what its commands make of the plain token. */
export async function mint(
  { hook, server, clock, audience = 'https://undelegated.invalid', mintingMs = 0 }: Minting,
  { clientId, assertion, scopes, query = '', lifetimeSeconds = 3_600 }: TokenRequest,
): Promise<Minted> {
  const event: HookEvent = hookEvent({
    url: `${server.issuer}/v1/token?assertion=${encodeURIComponent(assertion)}${query}`,
    clientId,
    scopes,
    lifetimeSeconds,
    accessClaims: { iss: server.issuer, aud: audience },
  })
  event.data.context.protocol.issuer.uri = server.issuer
  const { status, body } = await hook.handle(authenticated(event))
  expect(status).toBe(200)
  const { commands, error, debugContext } = parse(body)
  if (error !== undefined) return { denied: String(Object(debugContext)['code']) }
  if (!Array.isArray(commands)) throw new Error('the hook has answered neither commands nor an error')
  const plain = { access: { claims: parse(JSON.stringify(event.data.access.claims)), lifetimeSeconds } }
  const patched = applyCommands(commands, plain)
  if (!patched.applied) throw new Error(`Okta would drop the patch: ${patched.reason}`)
  const { access } = patched.tokens
  clock.advance(mintingMs)
  const claims = { ...access.claims, iat: clock.seconds, exp: clock.seconds + access.lifetimeSeconds }
  return { token: server.sign(claims), claims }
}

/** What `JSON.parse` may confuse is read by the parser of the product. */
function parse(text: string) {
  const parsed = parseStrictJson(text, 100)
  if (!parsed.ok) throw new Error(parsed.fault)
  return Object(parsed.value)
}
