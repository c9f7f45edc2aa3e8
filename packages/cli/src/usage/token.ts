export const token = {
  name: 'token',
  summary: "get a user's access token from a running sandbox",
  about: [
    'Signs a user of a running sandbox in, inline hooks included, and prints the access token. Tokens of a real org come from its sign-in page.',
  ],
  words: [{ name: 'LOGIN', text: 'who signs in', required: true }],
  options: {
    sandbox: { kind: 'url', text: 'the sandbox', default: 'http://127.0.0.1:8090' },
    server: {
      kind: 'name',
      value: 'ID',
      text: 'the authorization server',
      otherwise: 'the first that people sign in at',
    },
    app: {
      kind: 'name',
      value: 'CLIENT_ID',
      text: 'the app',
      otherwise: 'the first that the user can sign in to',
    },
    scope: {
      kind: 'scope',
      text: 'a scope of the token',
      otherwise: "the server's own",
      repeated: true,
    },
    json: { kind: 'flag', text: 'print one JSON document instead' },
  },
  variables: ['reach'],
  examples: [
    'behalf token alice@example.com',
    'behalf token alice@example.com --scope openid --scope profile | behalf inspect -',
  ],
} as const
