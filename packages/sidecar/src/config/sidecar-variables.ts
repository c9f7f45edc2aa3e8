/** Lists the variables that `sidecarFromEnvironment` reads. */
export interface SidecarVariables {
  /** The authorization server that issues delegated tokens. For both endpoints. */
  readonly DELEGATION_ISSUER: string
  /** The client id of the API beside which the sidecar runs; with it there is the token endpoint. Default no token endpoint. */
  readonly CLIENT_ID?: string
  /** The client's secret, verbatim. Default `CLIENT_SECRET_FILE` or `CLIENT_KEY_FILE` is read. */
  readonly CLIENT_SECRET?: string
  /** The file that holds the secret; a line break at its end is no part of it. Default `CLIENT_SECRET` is read. */
  readonly CLIENT_SECRET_FILE?: string
  /** The file of the client's private key, PEM or JWK, for `private_key_jwt`. Default the client has a secret. */
  readonly CLIENT_KEY_FILE?: string
  /** The id under which the key is registered. Default the `kid` of a JWK. */
  readonly CLIENT_KEY_ID?: string
  /** Where the hook publishes the keys to seal the users' tokens for: a URL. Default they travel as they are. */
  readonly SEAL_JWKS_URI?: string
  /** The authorization server that issues the users' own tokens, which are exchanged. Needed for the token endpoint. Default none. */
  readonly ISSUER?: string
  /** The audience that these tokens must be for: that of the API beside which the sidecar runs. Default none. */
  readonly AUDIENCE?: string
  /**
   * How that issuer's tokens speak: `okta`, `entra`, `auth0`, `keycloak`, `cognito` or `zitadel`. Default `okta` for
   * issuers whose path is `/oauth2/<id>`; others must name theirs.
   */
  readonly ISSUER_DIALECT?: string
  /** The APIs that tokens can be asked for, by their audiences, separated by commas. Needed for the token endpoint. Default none. */
  readonly RESOURCE?: string
  /** The name of a caller of the token endpoint. Default callers have no names, and must be on this machine. */
  readonly CALLER_ID?: string
  /** Its secret, 16 characters or more, for `client_secret_basic`. Default `CALLER_SECRET_FILE` is read. */
  readonly CALLER_SECRET?: string
  /** The file that holds that secret. Default `CALLER_SECRET` is read. */
  readonly CALLER_SECRET_FILE?: string
  /** The https origin under which the token endpoint is called; with it there is metadata. Default no metadata. */
  readonly BASE_URL?: string
  /**
   * The proxy that asks the verify endpoint: `nginx`, `haproxy`, `caddy`, `traefik` or `envoy`; with it there is the verify
   * endpoint. Default no verify endpoint.
   */
  readonly PROXY?: string
  /** The audience of the API behind the proxy. Needed for the verify endpoint. Default none. */
  readonly API_AUDIENCE?: string
  /** The scopes that every token must have there, separated by commas. Default none. */
  readonly REQUIRED_SCOPES?: string
  /** The clients that may call there, separated by commas. Default any. */
  readonly ALLOWED_ACTORS?: string
  /** Names of hosts beyond this machine that may be spoken to over plain http, separated by commas. Default none. */
  readonly INSECURE_HOSTS?: string
}
