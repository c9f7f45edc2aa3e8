export const exchange = {
  name: 'exchange',
  summary: 'do one exchange as API A would, and show both tokens and the decision',
  about: [
    "Asks the authorization server for a delegated token, shows the claims of the user's token and of the token that it issued side by side, the decision, and whether an API B would accept the result. Exit code 0 when it would, else 1.",
  ],
  options: {
    issuer: {
      kind: 'issuer',
      text: 'the authorization server that issues the delegated token',
      required: true,
    },
    scope: { kind: 'scope', text: 'a scope to ask for; Okta issues no token without one', repeated: true },
    assertion: {
      kind: 'file',
      value: 'FILE|-',
      text: "the user's access token; - reads it from standard input",
      excludes: 'sign-in',
      otherwise: 'ASSERTION',
    },
    'sign-in': { kind: 'name', value: 'LOGIN', text: 'sign this user in at a sandbox instead' },
    resource: {
      kind: 'name',
      value: 'AUDIENCE',
      text: 'the API that the token is for, when the hook has several',
    },
    audience: {
      kind: 'name',
      value: 'AUDIENCE',
      text: 'what API B calls itself',
      otherwise: "the resource, else the token's own aud",
    },
    'user-issuer': {
      kind: 'issuer',
      text: 'where --sign-in signs in',
      otherwise: 'the first server of the sandbox that people sign in at',
    },
    app: {
      kind: 'name',
      value: 'CLIENT_ID',
      text: 'the app that --sign-in signs in to',
      otherwise: 'the first that the user can sign in to',
    },
    json: { kind: 'flag', text: 'print one JSON document instead' },
  },
  variables: ['client', 'okta', 'reach'],
  notes: ['With OKTA_ORG_URL and its credentials it says why a token came out without a user.'],
  examples: [
    'CLIENT_ID=0oaApiA CLIENT_KEY_FILE=api-a.pem behalf exchange --issuer https://example.okta.com/oauth2/behalf --scope orders:read --assertion user-token.txt',
    'CLIENT_ID=… CLIENT_SECRET=… behalf exchange --issuer http://127.0.0.1:8090/oauth2/behalf --scope orders:read --sign-in alice@example.com',
  ],
} as const
