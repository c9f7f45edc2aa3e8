/**
 * What assertions are sealed for, so that the URL of a token request, which logs and traces keep, holds nothing that is of
 * use to anybody but the hook: its public key, or where it publishes that.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-4.3.2
 */
export type SealOptions =
  | {
      /** The hook's public key, of which `behalf keys seal` made a pair. It is replaced by configuration only. */
      readonly key: PublicJwk
    }
  | {
      /**
       * Where the hook publishes its public keys, e.g. `https://hook.example/.well-known/jwks.json`: the first one of
       * `use: enc` on P-256 is taken, asked for anew after 10 minutes and when the hook does not know it. `https`, or
       * `http` on loopback and `insecureHosts`.
       */
      readonly jwksUri: string
    }

/** The public half of an elliptic curve key as a JSON Web Key (RFC 7517, RFC 7518 §6.2.1). */
export interface PublicJwk {
  readonly kty?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  /** By which the hook finds the private half; required. */
  readonly kid?: string
  readonly use?: string
  readonly alg?: string
  readonly key_ops?: string[]
}
