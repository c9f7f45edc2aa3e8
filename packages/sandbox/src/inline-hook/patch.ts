import { cloneJson, isJsonObject, type Json, type JsonObject } from '../org/json.ts'
import { type OktaFacts, plays } from '../org/okta-facts.ts'
import { addClaim, hasClaim, removeClaim, replaceClaim } from './claim-edit.ts'
import { isDoubted, isDoubtedTogether } from './doubted-operations.ts'
import { type PatchTarget, parsePatchPath } from './patch-path.ts'
import { isReservedClaim } from './reserved-claims.ts'
import type { TokenDraft, TokenDrafts, TokenKind } from './token-draft.ts'

/** The patched tokens, or why Okta would drop the whole patch. */
export type PatchOutcome =
  | { readonly applied: true; readonly tokens: TokenDrafts }
  | { readonly applied: false; readonly reason: string }

/** The lifetimes that a hook may set, in seconds. */
const patchableLifetimeSeconds = { min: 300, max: 86_400 } as const

const kindOfCommand: ReadonlyMap<Json | undefined, TokenKind> = new Map([
  ['com.okta.access.patch', 'access'],
  ['com.okta.identity.patch', 'identity'],
])

interface Draft {
  readonly requested: JsonObject
  readonly claims: JsonObject
  readonly facts: OktaFacts
  lifetimeSeconds: number
}

class Inapplicable extends Error {}

/**
 * Applies the commands of a hook's answer to the tokens of the request, all of them or none.
 *
 * `replace` and `remove` need their target in the request itself, not only in what an earlier command of the
 * same answer added. It does not check what the resulting claims mean.
 *
 * @param facts - what is known of the org about answers that Okta's documentation leaves open
 */
export function applyCommands(
  commands: readonly Json[],
  tokens: TokenDrafts,
  facts: OktaFacts = {},
): PatchOutcome {
  const drafts: Partial<Record<TokenKind, Draft>> = { access: draftOf(tokens.access, facts) }
  if (tokens.identity !== undefined) drafts.identity = draftOf(tokens.identity, facts)
  try {
    if (isDoubtedTogether(commands, facts)) throw new Inapplicable('The claims cannot be changed together')
    for (const command of commands) applyCommand(command, drafts)
  } catch (error) {
    if (error instanceof Inapplicable) return { applied: false, reason: error.message }
    throw error
  }
  const { access = draftOf(tokens.access, facts), identity } = drafts
  return { applied: true, tokens: identity === undefined ? { access } : { access, identity } }
}

function draftOf(token: TokenDraft, facts: OktaFacts): Draft {
  return {
    facts,
    requested: token.claims,
    claims: cloneJson(token.claims),
    lifetimeSeconds: token.lifetimeSeconds,
  }
}

function applyCommand(command: Json, drafts: Partial<Record<TokenKind, Draft>>): void {
  if (!isJsonObject(command)) throw new Inapplicable('Command is not an object')
  const kind = kindOfCommand.get(command['type'])
  if (kind === undefined) throw new Inapplicable('Command type is not supported')
  const draft = drafts[kind]
  if (draft === undefined) throw new Inapplicable(`No ${kind} token is being minted for the command`)
  const operations = command['value']
  if (!Array.isArray(operations)) throw new Inapplicable('Command value is not an array of operations')
  for (const operation of operations) applyOperation(operation, kind, draft)
}

function applyOperation(operation: Json, kind: TokenKind, draft: Draft): void {
  if (!isJsonObject(operation)) throw new Inapplicable('Operation is not an object')
  const { op, path, value } = operation
  if (op !== 'add' && op !== 'replace' && op !== 'remove')
    throw new Inapplicable('Operation is not supported')
  if (typeof path !== 'string') throw new Inapplicable(`Path is required(op=${op})`)
  const where = `op=${op}, path=${path}`
  const target = parsePatchPath(path, draft.facts)
  if (target === undefined) throw new Inapplicable(`Path is invalid(${where})`)
  const valueMissing = value === undefined || value === null
  if (op === 'remove' && !valueMissing) throw new Inapplicable(`Value is not allowed for remove(${where})`)
  const takesNull = value === null && op === 'add' && plays(draft.facts, 'add-null', 'applied')
  if (op !== 'remove' && valueMissing && !takesNull) {
    throw new Inapplicable(`Value is required for add/replace operation(${where})`)
  }
  if (target.kind === 'lifetime') {
    const isFree = kind === 'identity' && plays(draft.facts, 'id-token-lifetime', 'any')
    draft.lifetimeSeconds = isFree && typeof value === 'number' ? value : lifetimeOf(op, value, where)
    return
  }
  if (isReservedClaim(kind, target.claim, draft.facts)) throw new Inapplicable(`Claim is reserved(${where})`)
  const isOfRequest = Object.hasOwn(draft.requested, target.claim)
  if (isDoubted({ op, target, value, isOfRequest }, draft.facts))
    throw new Inapplicable(`Value is not supported(${where})`)
  if (!edit(op, target, draft, value ?? null)) throw new Inapplicable(`Path not found(${where})`)
  if ((target.claim === 'sub' || target.claim === 'aud') && !nameParties(draft)) {
    throw new Inapplicable(`Value is not a valid subject or audience(${where})`)
  }
}

function lifetimeOf(op: string, value: Json | undefined, where: string): number {
  const { min, max } = patchableLifetimeSeconds
  if (op !== 'replace') throw new Inapplicable(`Lifetime can only be replaced(${where})`)
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new Inapplicable(`Lifetime must be between ${min} and ${max} seconds(${where})`)
  }
  return value
}

function edit(
  op: 'add' | 'replace' | 'remove',
  { claim, tail }: PatchTarget & { kind: 'claim' },
  { requested, claims, facts }: Draft,
  value: Json,
): boolean {
  const pointer = [claim, ...tail]
  if (op === 'add') return addClaim(claims, pointer, value, facts)
  const targets = plays(facts, 'replace-added-claim', 'applied') ? claims : requested
  if (!hasClaim(targets, pointer)) return false
  return op === 'replace' ? replaceClaim(claims, pointer, value) : removeClaim(claims, pointer)
}

/** `sub` and `aud` may be replaced, but a token needs both, in the types that JWT gives them. */
function nameParties({ claims: { sub, aud }, facts }: Draft): boolean {
  const audiences = Array.isArray(aud) ? aud : [aud]
  return (
    (typeof sub === 'string' || takes(sub, 'sub', facts)) &&
    audiences.every((audience) => typeof audience === 'string' || takes(audience, 'aud', facts))
  )
}

function takes(party: Json | undefined, name: 'sub' | 'aud', facts: OktaFacts): boolean {
  return party === undefined
    ? plays(facts, `${name}-removed`, 'applied')
    : typeof party === 'number' && plays(facts, `${name}-number`, 'applied')
}
