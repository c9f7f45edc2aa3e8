/** What a new project is about. */
export interface ProjectFacts {
  /** The authorization server that issues the assertions. */
  readonly issuer: string
  /** What API A calls itself: the audience of the assertions. */
  readonly audience: string
  /** The client id of API A. */
  readonly clientId: string
  /** What API B calls itself: the audience of the delegated tokens. */
  readonly resource: string
  /** The scopes that API A may ask for; any when empty. */
  readonly scopes: readonly string[]
}

/** What the template is about; each of its files says the same. */
export const exampleFacts: ProjectFacts = {
  issuer: 'https://example.okta.com/oauth2/users',
  audience: 'api://a',
  clientId: '0oaApiA',
  resource: 'https://orders.example',
  scopes: ['orders:read'],
}
