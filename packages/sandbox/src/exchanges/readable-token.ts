import { decodeJwt, decodeProtectedHeader } from 'jose'
import { isJsonObject, type JsonObject } from '../org/json.ts'
import { withoutTokens } from './redaction.ts'

/** A token as people may read it: header and claims, never what proves it. */
export type ReadableToken =
  | { readonly kind: 'signed'; readonly header: JsonObject; readonly claims: JsonObject }
  /** Five parts: only who holds the key can open it. */
  | { readonly kind: 'encrypted'; readonly header: JsonObject; readonly characters: number }
  | { readonly kind: 'unreadable'; readonly characters: number }

const maxCharacters = 65_536

/** Takes a token apart without verifying it; the signature is left out. */
export function readToken(token: string): ReadableToken {
  const characters = token.length
  try {
    if (characters > maxCharacters) return { kind: 'unreadable', characters }
    const header = plain({ ...decodeProtectedHeader(token) })
    return token.split('.').length === 5
      ? { kind: 'encrypted', header, characters }
      : { kind: 'signed', header, claims: plain({ ...decodeJwt(token) }) }
  } catch {
    return { kind: 'unreadable', characters }
  }
}

/** Returns who acts for the user, the current actor first (RFC 8693 §4.1). */
export function actorsOf(claims: JsonObject): readonly string[] {
  return [...chainOf(claims)].map(nameOf)
}

/** Returns those of them that are AI agents (draft-mcguinness-oauth-actor-profile). */
export function agentsOf(claims: JsonObject): readonly string[] {
  return [...chainOf(claims)].filter((act) => act['sub_profile'] === 'ai_agent').map(nameOf)
}

function* chainOf(claims: JsonObject): Generator<JsonObject> {
  let act = claims['act']
  for (let actors = 0; isJsonObject(act) && actors < maxActors; actors++) {
    yield act
    act = act['act']
  }
}

function nameOf({ sub }: JsonObject): string {
  return typeof sub === 'string' ? sub : 'somebody without a name'
}

const maxActors = 20

function plain(value: unknown): JsonObject {
  return isJsonObject(value) ? withoutTokens(value) : {}
}
