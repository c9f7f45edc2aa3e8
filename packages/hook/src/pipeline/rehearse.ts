import { type Actor, type Clock, type Denial, systemClock } from '@behalf/core'
import { extendActorChain, isNumericDate } from '@behalf/core/internal'
import { dangerouslyAcceptAnyCaller } from '../config/authenticate.ts'
import type { BehalfConfig } from '../config/config.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import { parseTokenHookEvent, type TokenHookEvent } from '../okta/event.ts'
import { canonicalAddress } from '../policy/address.ts'
import { askPolicy, type PolicyAnswer } from '../policy/ask.ts'
import type { Policy } from '../policy/decision-point.ts'
import type { Delegation } from '../policy/delegation.ts'
import { type CommandParts, writeCommands } from './build-commands.ts'
import type { Resource } from './exchange.ts'

/** What a rehearsal needs of a configuration; what is left out has the configuration's own defaults. */
export interface RehearsalOptions
  extends Pick<BehalfConfig, 'claims' | 'subject' | 'resources'>,
    Pick<NonNullable<BehalfConfig['limits']>, 'policyTimeoutMs'> {
  readonly policy: Policy
  readonly clock?: Clock | undefined
}

/** What a policy answered, and why the exchange would be denied all the same. */
export interface Rehearsal {
  readonly answer: PolicyAnswer
  /** Why the hook would deny what the policy permits; absent when it would not. */
  readonly denial?: Denial
}

/**
 * Asks a policy about a delegation and, when it permits, builds the commands as the hook does, for a plain machine
 * token of an hour. It verifies no assertion, and binds no client.
 *
 * @throws ConfigError when `claims`, `subject`, `resources` or `policyTimeoutMs` are faulty, or an option is unknown
 *
 * @example
 * ```ts
 * import { type Delegation, rehearse } from '@behalf/hook'
 *
 * declare const delegation: Delegation
 * const { answer, denial } = await rehearse(delegation, { policy: () => ({ decision: 'permit', claims: { vip: true } }) })
 * console.log(answer.decision, denial?.code) // permit patch_inapplicable
 * ```
 */
export async function rehearse(delegation: Delegation, options: RehearsalOptions): Promise<Rehearsal> {
  const { policy, policyTimeoutMs, clock = systemClock, ...others } = options
  const config = resolveConfig({
    authenticate: dangerouslyAcceptAnyCaller,
    issuers: [{ issuer: 'https://issuer.invalid/oauth2/rehearsal', audiences: ['api://rehearsal'] }],
    clients: 'any',
    limits: { policyTimeoutMs },
    ...others,
  })
  const { request } = delegation
  const asked = { ...delegation, request: { ...request, ipAddress: canonicalAddress(request.ipAddress) } }
  const { signal } = new AbortController()
  const answer = await askPolicy(policy, asked, { timeoutMs: config.limits.policyTimeoutMs, clock, signal })
  if (answer.decision !== 'permit') return { answer }
  const written = writeCommands(
    {
      event: plainToken(delegation),
      assertion: assertionOf(delegation),
      resource: resourceOf(delegation, config),
      actor: chainOf(delegation),
      permit: answer,
    },
    { config, clock: { ...clock, now: () => request.timeMs } },
  )
  return written.ok ? { answer } : { answer, denial: written.fault }
}

/** The token as Okta would issue it without a hook. */
function plainToken({ client, resource, scopes }: Delegation): TokenHookEvent {
  const event = parseTokenHookEvent(
    JSON.stringify({
      eventType: 'com.okta.oauth2.tokens.transform',
      data: {
        context: {
          request: { method: 'POST', url: { value: '/v1/token' } },
          protocol: { client: { id: client.id } },
        },
        access: {
          claims: {
            ...Object.fromEntries(['ver', 'jti', 'iss', 'iat', 'exp'].map((name) => [name, 'x'])),
            aud: resource.audience,
            cid: client.id,
            scp: scopes,
            sub: client.id,
          },
          token: { lifetime: { expiration: 3_600 } },
        },
      },
    }),
  )
  if (!event.ok) throw new TypeError(`the delegation is unusable: ${event.fault.detail ?? event.fault.code}`)
  return event.value
}

function resourceOf(
  { resource: { audience = '' } }: Delegation,
  { resources }: ResolvedConfig,
): Resource | undefined {
  const found = resources?.get(audience)
  return found && { audience, ...found }
}

function assertionOf({ subject: { id, claims }, request }: Delegation): CommandParts['assertion'] {
  const { exp } = claims
  const expiresAt = isNumericDate(exp) ? exp : Math.floor(request.timeMs / 1000) + 3_600
  return { mappedSubject: id, expiresAt, claims, isOwn: true, stableClaims: [] }
}

function chainOf({ client, actors }: Delegation): Actor {
  const chain = actors.reduceRight<Actor | undefined>(
    (prior, { act: _, ...current }) => extendActorChain(current, prior),
    undefined,
  )
  return chain ?? { sub: client.id }
}
