import type * as oauth from 'oauth4webapi'

/** How the client authenticates at the token endpoint. Holds its secret where printing does not reach. */
export interface ClientAuth {
  /** What is wrong with what it was made from; `createClient` refuses it then. */
  readonly faults: readonly string[]
  /** Adds the client's credentials to a token request. */
  readonly authenticate: oauth.ClientAuth
}
