import { type Denial, type JsonObject, type Result, readDelegatedToken } from '@behalf/core'
import { deny, isPartyName, pass } from '@behalf/core/internal'
import {
  type Access,
  type DelegatedAccess,
  type MachineAccess,
  VerifiedDelegation,
  VerifiedMachine,
} from './access.ts'
import { readScopes } from './scopes.ts'

/**
 * Whose tokens are accepted: `delegated` (a client on behalf of a user), `machine` (a client in its own name,
 * for routes that are not for users) or `either`. A token that a user holds directly is accepted in none.
 */
export type AccessMode = 'delegated' | 'machine' | 'either'

/** What a verifier of each mode answers. */
export interface AccessByMode {
  readonly delegated: DelegatedAccess
  readonly machine: MachineAccess
  readonly either: Access
}

/** A token whose signature, issuer, audience and times hold. */
export interface VerifiedToken {
  readonly token: string
  readonly claims: JsonObject
  /** `exp`, in seconds since the epoch. */
  readonly expiresAt: number
}

interface ReadOptions {
  readonly nowSeconds: number
  readonly maxActorDepth: number
  readonly subject: 'assertion' | 'keep'
}

/** Reads a verified token in a mode. It does not judge who the actor is, nor which scopes are there. */
export function readAccess(
  mode: AccessMode,
  token: VerifiedToken,
  options: ReadOptions,
): Result<Access, Denial> {
  const machine = isMachineToken(token.claims)
  if (mode === 'machine' && !machine) return deny('token_invalid', 'it is not a plain machine token')
  // Whatever is not plainly a machine token has to pass as a delegation; there is no way back.
  return machine && mode !== 'delegated' ? readMachine(token) : readDelegation(token, options)
}

/** `uid` is there in users' tokens only, and gives away a user whose login was chosen to equal a client id. */
function isMachineToken({ sub, cid, act, assertion, uid }: JsonObject): boolean {
  return isPartyName(cid) && sub === cid && act === undefined && assertion === undefined && uid === undefined
}

function readMachine({ token, claims, expiresAt }: VerifiedToken): Result<MachineAccess, Denial> {
  const scopes = readScopes(claims)
  return scopes.ok
    ? pass(new VerifiedMachine(token, claims, scopes.value, String(claims['cid']), expiresAt))
    : scopes
}

function readDelegation(
  { token, claims }: VerifiedToken,
  options: ReadOptions,
): Result<DelegatedAccess, Denial> {
  const delegated = readDelegatedToken(claims, options)
  if (!delegated.ok) return delegated
  const scopes = readScopes(claims)
  return scopes.ok ? pass(new VerifiedDelegation(token, claims, scopes.value, delegated.value)) : scopes
}
