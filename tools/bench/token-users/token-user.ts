import type { TestIssuer } from '@behalf/testing'

/** Whatever verifies tokens, as the measuring of its memory needs it. */
export interface TokenUser {
  /**
   * Presents a user's token, and another that nobody has signed is refused.
   *
   * @returns whether it was accepted
   */
  present(index: number, isHostile: boolean): Promise<boolean>
  /** What it says itself of what it keeps. */
  statistics?(): object
}

/** Makes one that trusts an issuer of users. */
export type TokenUserMaker = (users: TestIssuer) => TokenUser

export const nowSeconds = (): number => Math.floor(Date.now() / 1000)

/** Spoils the signature of a token. */
export function unsigned(token: string): string {
  return token.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))
}
