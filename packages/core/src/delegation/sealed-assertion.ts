/**
 * What both ends of a sealed assertion agree on: a compact JWE whose header says no more than this and the `kid`, and
 * whose payload is {@link SealedPayload} as JSON.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7516 and https://www.rfc-editor.org/rfc/rfc7518#section-4.6
 */
export const sealedAssertion = {
  type: 'sealed-assertion+jwt',
  keyAgreement: 'ECDH-ES',
  curve: 'P-256',
  encryption: 'A256GCM',
  /** How long after it was made a seal is accepted, besides the tolerance for clocks. */
  lifetimeSeconds: 60,
} as const

/** What is inside a sealed assertion. */
export interface SealedPayload {
  readonly assertion: string
  /** The client that will present it. */
  readonly client_id: string
  /** The issuer of the authorization server that is asked. */
  readonly aud: string
  readonly resource?: string
  readonly iat: number
  readonly jti: string
}
