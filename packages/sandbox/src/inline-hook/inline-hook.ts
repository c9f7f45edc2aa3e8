/** A token inline hook, as registered with the org. */
export interface InlineHook {
  readonly id: string
  readonly name: string
  /** Only an active hook is called; a rule whose hook is not active mints tokens as if it had none. */
  status: 'ACTIVE' | 'INACTIVE'
  /** Where it is called: a URL of at most 1024 characters. */
  uri: string
  /** The header that proves the caller: its value is sent verbatim, no scheme is added. */
  auth: HeaderAuth
  /** Static headers of every call. */
  headers: Readonly<Record<string, string>>
}

/** A fixed secret in a header. */
export interface HeaderAuth {
  readonly header: string
  readonly secret: string
}
