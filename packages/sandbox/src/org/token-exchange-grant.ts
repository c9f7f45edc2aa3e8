/** The grant type of Okta's own token exchange. @see RFC 8693 §2.1 */
export const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** What is presented in it, and what is issued. @see RFC 8693 §3 */
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
