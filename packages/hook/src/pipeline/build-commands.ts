import { Buffer } from 'node:buffer'
import { type Actor, type Clock, deny, type JsonObject, pass } from '@behalf/core'
import { copiedClaims } from '../assertion/copied-claims.ts'
import { whyInapplicable } from '../okta/applicability.ts'
import {
  type AccessPatchCommand,
  claimPath,
  lifetimePath,
  minLifetimeSeconds,
  type PatchOperation,
} from '../okta/command.ts'
import type { TokenHookEvent } from '../okta/event.ts'
import type { Commanded, Permitted } from './exchange.ts'
import type { Step } from './step.ts'

/** Step 9: the commands that make the delegated token, proven applicable to the token at hand. */
export const buildCommands: Step<Permitted, Commanded> = (permitted, { config, clock }) => {
  const { event, assertion, actor } = permitted
  const operations: PatchOperation[] = [
    // Okta replaces only what is there; on an event that leaves the claim out, adding it does the same.
    {
      op: Object.hasOwn(event.access.claims, 'sub') ? 'replace' : 'add',
      path: claimPath('sub'),
      value: assertion.subject,
    },
    { op: 'add', path: claimPath('act'), value: actorClaim(actor) },
    { op: 'add', path: claimPath('assertion'), value: copiedClaims(assertion, config.claims) },
    ...shortenLifetime(event, assertion.expiresAt, clock),
  ]
  const commands: readonly AccessPatchCommand[] = [{ type: 'com.okta.access.patch', value: operations }]
  if (Buffer.byteLength(JSON.stringify(commands)) > config.claims.maxBytes) {
    return deny('claims_too_large', `the patch is larger than ${config.claims.maxBytes} bytes`)
  }
  const inapplicable = whyInapplicable(commands, event)
  return inapplicable === undefined
    ? pass({ ...permitted, commands })
    : deny('patch_inapplicable', inapplicable)
}

function actorClaim({ act, ...identity }: Actor): JsonObject {
  return act === undefined ? identity : { ...identity, act: actorClaim(act) }
}

/** The token ends with the assertion, as far as Okta's floor allows; it is never made to live longer. */
function shortenLifetime(event: TokenHookEvent, expiresAt: number, clock: Clock): readonly PatchOperation[] {
  const wanted = Math.max(minLifetimeSeconds, Math.floor(expiresAt - clock.now() / 1000))
  const { lifetimeSeconds } = event.access
  if (lifetimeSeconds === undefined || wanted >= lifetimeSeconds) return []
  return [{ op: 'replace', path: lifetimePath, value: wanted }]
}
