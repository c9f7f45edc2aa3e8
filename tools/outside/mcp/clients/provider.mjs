/**
 * What an application gives the SDK so that it can sign its user in; both generations take the same. It registers nobody:
 * the client is known at the org beforehand. A step-up is the application's own affair, because the SDK reads scopes alone.
 */
export class Provider {
  #client
  #tokens
  #verifier
  #state
  #callback
  #challenge = ''
  /** Where the user was sent, one after the other. */
  sentTo = []

  /** @param browse - sends the user's browser somewhere; resolves with the URL that it is sent back to */
  constructor({ clientId, issuer, redirectUrl, browse }) {
    // With its issuer the SDK uses it there and nowhere else, whatever a server's metadata says.
    this.#client = { client_id: clientId, issuer }
    this.redirectUrl = redirectUrl
    this.browse = browse
    this.clientMetadata = { client_name: 'Assistant', redirect_uris: [redirectUrl] }
  }

  clientInformation = () => this.#client
  saveClientInformation = (client) => {
    this.#client = client
  }
  tokens = () => this.#tokens
  saveTokens = (tokens) => {
    this.#tokens = tokens
  }
  saveCodeVerifier = (verifier) => {
    this.#verifier = verifier
  }
  codeVerifier = () => this.#verifier
  discoveryState = () => this.#state
  saveDiscoveryState = (state) => {
    this.#state = state
  }

  redirectToAuthorization = async (url) => {
    if (this.#challenge.includes('error="insufficient_user_authentication"')) {
      // Okta takes acr_values with this scope only.
      url.searchParams.set('scope', `openid ${url.searchParams.get('scope')}`)
      for (const name of ['acr_values', 'max_age']) {
        const value = new RegExp(`\\b${name}="([^"]*)"`).exec(this.#challenge)?.[1]
        if (value !== undefined) url.searchParams.set(name, value)
      }
    }
    this.sentTo.push(new URL(url))
    this.#callback = await this.browse(url)
  }

  /** What the transport fetches with. */
  fetch = async (input, init) => {
    const response = await fetch(input, init)
    if (response.status === 401 || response.status === 403)
      this.#challenge = response.headers.get('www-authenticate') ?? ''
    return response
  }

  /** The code that the user came back with. */
  takeCode = () => {
    const code = this.#callback.searchParams.get('code')
    if (code === null) throw new Error(`the user came back with ${this.#callback.search}`)
    return code
  }
}

/** Does something with the SDK until its user need not be asked any more. */
export async function untilAuthorized(attempt, finish, UnauthorizedError) {
  for (let time = 0; time < 4; time++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) throw error
      await finish()
    }
  }
  throw new Error('the user was sent to sign in again and again')
}
