import type { Actor, Denial, JsonObject, Result } from '@behalf/core'
import { deny, pass } from '@behalf/core/internal'
import { whyInapplicable } from '../okta/applicability.ts'
import { exceedsBytes } from '../okta/byte-limit.ts'
import {
  type AccessPatchCommand,
  claimPath,
  lifetimePath,
  minLifetimeSeconds,
  type PatchOperation,
} from '../okta/command.ts'
import type { TokenHookEvent } from '../okta/event.ts'
import { conservedClaims } from './conserved-claims.ts'
import type { Assertion, Commanded, Permitted, Resource } from './exchange.ts'
import type { Step, StepContext } from './step.ts'

/** Step 14: the commands that make the delegated token, proven applicable to the token at hand. */
export const buildCommands: Step<Permitted, Commanded> = (permitted, context) => {
  const written = writeCommands(permitted, context)
  return written.ok ? pass({ ...permitted, commands: written.value }) : written
}

/** What commands are made of. */
export type CommandParts = Pick<Permitted, 'event' | 'resource' | 'actor' | 'permit'> & {
  readonly assertion: Pick<Assertion, 'mappedSubject' | 'expiresAt' | 'claims' | 'isOwn' | 'stableClaims'>
}

/** Writes the commands as JSON, for the hook and for whoever wants to know what it would say. */
export function writeCommands(
  { event, resource, assertion, actor, permit }: CommandParts,
  { config, clock }: Pick<StepContext, 'config' | 'clock'>,
): Result<string, Denial> {
  const foreign = Object.keys(permit.claims ?? {}).find((name) => !isOwnName(name, event))
  if (foreign !== undefined)
    return deny('patch_inapplicable', 'the policy adds a claim under a name that is taken')
  const nowSeconds = clock.now() / 1000
  const expiresAt = Math.min(
    assertion.expiresAt,
    Math.floor(nowSeconds) + (permit.lifetimeSeconds ?? Number.POSITIVE_INFINITY),
  )
  if (expiresAt <= nowSeconds)
    return deny('assertion_expired', 'the assertion ended while it was decided about')
  const soon = whyTooSoon({ resource, assertion, permit }, nowSeconds)
  if (soon !== undefined) return soon
  const conserved = conservedClaims(assertion, expiresAt, config.claims, permit.assertionClaims)
  const operations: PatchOperation[] = [
    ...(resource === undefined ? [] : [nameResource(resource)]),
    ...(config.subject === 'keep' ? [] : [nameUser(event, assertion.mappedSubject)]),
    { op: 'add', path: claimPath('act'), value: actorClaim(actor) },
    { op: 'add', path: claimPath('assertion'), value: conserved },
    ...addClaims(permit.claims ?? {}),
    ...shortenLifetime(event, expiresAt - nowSeconds - (outlivesAssertion(resource) ? 0 : mintingSeconds)),
  ]
  const commands: readonly AccessPatchCommand[] = [{ type: 'com.okta.access.patch', value: operations }]
  const json = JSON.stringify(commands)
  if (exceedsBytes(json, config.claims.maxBytes)) {
    return deny('claims_too_large', `the patch is larger than ${config.claims.maxBytes} bytes`)
  }
  const inapplicable = whyInapplicable(commands, event)
  return inapplicable === undefined ? pass(json) : deny('patch_inapplicable', inapplicable)
}

function actorClaim({ act, ...identity }: Actor): JsonObject {
  return act === undefined ? identity : { ...identity, act: actorClaim(act) }
}

/** Okta replaces only what is there; on an event that leaves the claim out, adding it does the same. */
function nameUser(event: TokenHookEvent, subject: string): PatchOperation {
  const op = Object.hasOwn(event.access.claims, 'sub') ? 'replace' : 'add'
  return { op, path: claimPath('sub'), value: subject }
}

/** Claims that say who a token is for or what it allows; a policy must not say that. */
const meaningfulClaims: ReadonlySet<string> = new Set([
  'act',
  'amr',
  'assertion',
  'aud',
  'azp',
  'client_id',
  'entitlements',
  'may_act',
  'nbf',
  'nonce',
  'roles',
  'scope',
  'sub',
  'sub_profile',
])

/** Whether a policy may add a claim under this name. What Okta reserves is judged with the whole patch. */
function isOwnName(name: string, event: TokenHookEvent): boolean {
  return !meaningfulClaims.has(name) && !Object.hasOwn(event.access.claims, name)
}

function addClaims(claims: JsonObject): readonly PatchOperation[] {
  return Object.entries(claims).map(([name, value]) => ({
    op: 'add',
    path: claimPath(name),
    value: value ?? null,
  }))
}

/** How long after the hook's answer Okta may mint the token, whose lifetime counts from then. */
const mintingSeconds = 5

/** Whether the API looks at the end of the assertion itself, so that Okta's floor does not matter. */
function outlivesAssertion(resource: Resource | undefined): boolean {
  return resource === undefined || resource.verifier === 'behalf'
}

/** A verifier that reads `exp` alone must never be given more time than the user's own token had. */
function whyTooSoon(
  { resource, assertion, permit }: Pick<CommandParts, 'resource' | 'assertion' | 'permit'>,
  nowSeconds: number,
): Result<never, Denial> | undefined {
  if (outlivesAssertion(resource)) return undefined
  const least = minLifetimeSeconds + mintingSeconds
  if (assertion.expiresAt - nowSeconds < least) return deny('assertion_expires_soon')
  return (permit.lifetimeSeconds ?? least) < least
    ? deny(
        'policy_denied',
        `the policy leaves less than the ${least} s that a token takes whose verifier reads exp alone`,
      )
    : undefined
}

/** The audience was found to be the placeholder, so it is there to be replaced. */
function nameResource({ audience }: Resource): PatchOperation {
  return { op: 'replace', path: claimPath('aud'), value: audience }
}

/** The token ends with the delegation, as far as Okta's floor allows; it is never made to live longer. */
function shortenLifetime(event: TokenHookEvent, secondsLeft: number): readonly PatchOperation[] {
  const wanted = Math.max(minLifetimeSeconds, Math.floor(secondsLeft))
  const { lifetimeSeconds } = event.access
  if (lifetimeSeconds === undefined || wanted >= lifetimeSeconds) return []
  return [{ op: 'replace', path: lifetimePath, value: wanted }]
}
