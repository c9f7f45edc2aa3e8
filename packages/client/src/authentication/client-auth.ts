/** How the client authenticates at the token endpoint. Holds its secret where printing does not reach. */
export interface ClientAuth {
  /** What is wrong with what it was made from; `createClient` refuses it then. */
  readonly faults: readonly string[]
  /** Adds the client's credentials to a token request. */
  readonly authenticate: (
    server: TokenServer,
    client: RegisteredClient,
    body: URLSearchParams,
    headers: Headers,
  ) => void | Promise<void>
}

/** Whose token endpoint is asked (RFC 8414). Types of `oauth4webapi` are not for CommonJS, so none is shown. */
export type TokenServer = { readonly issuer: string; readonly token_endpoint?: string }

/** Who asks. */
export type RegisteredClient = { readonly client_id: string }
