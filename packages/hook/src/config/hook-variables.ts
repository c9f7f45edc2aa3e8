/** Lists the variables that `configFromEnvironment` reads. */
export interface HookVariables {
  /** The authorization server that issues the assertions; compared with `iss` character by character. */
  readonly ISSUER: string
  /** The audience that assertions must be for: API A's. */
  readonly AUDIENCE: string
  /**
   * How the issuer's tokens speak: `okta`, `entra`, `auth0`, `keycloak`, `cognito` or `zitadel`; docs/who-is-a-user.md.
   * Default `okta` for issuers whose path is `/oauth2/<id>`; others must name theirs.
   */
  readonly ISSUER_DIALECT?: string
  /**
   * The API that delegated tokens are for, by its audience; with it the server that issues them needs the placeholder as
   * its own audience: docs/two-servers.md. Default the audience stays what the server says.
   */
  readonly RESOURCE?: string
  /** `behalf` where that API has `@behalf/verify` or the sidecar, which enforce `assertion.exp`. Default `any`. */
  readonly RESOURCE_VERIFIER?: string
  /** The audience that no API accepts. Default `https://undelegated.invalid`. */
  readonly PLACEHOLDER?: string
  /** The claims that the user's own token leaves in the claim `assertion`, separated by commas. Default all. */
  readonly CLAIMS?: string
  /**
   * What Okta sends in the header, verbatim: one secret, of which a comma is a part. On Lambda also an ARN:
   * docs/configuration.md#secrets-by-arn.
   */
  readonly HOOK_SECRET: string
  /**
   * The file that holds the secret, in place of `HOOK_SECRET`: one secret and nothing else; a line break at its end is no
   * part of it. It is read again like any source, so that a rotation is noticed:
   * docs/configuration.md#secrets-from-a-function. Default `HOOK_SECRET` is read.
   */
  readonly HOOK_SECRET_FILE?: string
  /** The secret that counts, too, while it is being rotated; written like `HOOK_SECRET`. Default none. */
  readonly HOOK_SECRET_PREVIOUS?: string
  /** The file that holds it, in place of `HOOK_SECRET_PREVIOUS`. Default none. */
  readonly HOOK_SECRET_PREVIOUS_FILE?: string
  /** The header that Okta sends the secret in. Default `Authorization`. */
  readonly HOOK_AUTH_HEADER?: string
  /**
   * The clients that may exchange, separated by commas. A `CLIENT_ID` without it is refused, because it would restrict
   * nothing. Default every client that Okta's policy rule lets through.
   */
  readonly CLIENT_IDS?: string
  /**
   * The private keys that sealed assertions are opened with: a JWK, a list of them or a JWK set, as JSON; the first is the
   * one to seal for. On Lambda also an ARN: docs/sealing.md. Default sealed assertions are denied, and bare ones taken.
   */
  readonly SEALING_KEYS?: string
  /** The file that holds them, in place of `SEALING_KEYS`; it is read again like any source. Default none. */
  readonly SEALING_KEYS_FILE?: string
  /** `false` to take bare assertions, too, while clients move to sealed ones. Default `true`. */
  readonly SEALING_REQUIRED?: string
  /**
   * Names of hosts beyond this machine that may be spoken to over plain http, separated by commas: where a mesh encrypts.
   * Default none.
   */
  readonly INSECURE_HOSTS?: string
}
