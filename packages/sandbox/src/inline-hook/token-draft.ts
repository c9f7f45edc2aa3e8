import type { JsonObject } from '../org/json.ts'

/** The two tokens that a hook may change. */
export type TokenKind = 'access' | 'identity'

/** A token before it is signed: its claims, and how long it will live. */
export interface TokenDraft {
  readonly claims: JsonObject
  readonly lifetimeSeconds: number
}

/** The tokens that one request mints. */
export interface TokenDrafts {
  readonly access: TokenDraft
  readonly identity?: TokenDraft
}
