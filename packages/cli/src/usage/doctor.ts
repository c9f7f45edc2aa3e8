export const doctor = {
  name: 'doctor',
  summary: 'examine an installation from the outside, with a remedy for each finding',
  about: [
    "Looks at everything between a user's token and API B: the issuer's metadata, keys and clock; the hook's TLS, answer, authentication and latency, the keys that it publishes and whether it takes tokens that are not sealed; its registration at Okta, the policy rule and the server's audience; a whole exchange; what API B does with a plain token; failures in Okta's System Log. What needs something that was not given is skipped. Nothing is changed.",
  ],
  options: {
    issuer: {
      kind: 'url',
      value: 'ISSUER',
      text: 'the authorization server that issues the delegated tokens',
    },
    hook: { kind: 'url', text: 'the inline hook' },
    'hook-auth-header': {
      kind: 'header',
      text: 'the header that carries HOOK_SECRET',
      default: 'Authorization',
    },
    server: {
      kind: 'name',
      value: 'ID',
      text: "the authorization server's id at Okta",
      otherwise: 'the end of the issuer',
    },
    scope: { kind: 'scope', text: 'a scope that API A needs', repeated: true },
    assertion: {
      kind: 'file',
      value: 'FILE|-',
      text: "a user's token for the exchange; - reads it from standard input",
      excludes: 'sign-in',
      otherwise: 'ASSERTION',
    },
    'sign-in': { kind: 'name', value: 'LOGIN', text: 'sign this user in at a sandbox instead' },
    'user-issuer': {
      kind: 'issuer',
      text: 'where users sign in',
      otherwise: "ISSUER, else that of the user's token",
    },
    app: {
      kind: 'name',
      value: 'CLIENT_ID',
      text: 'the app that --sign-in signs in to',
      needs: 'sign-in',
      otherwise: 'the first that the user can sign in to',
    },
    resource: {
      kind: 'name',
      value: 'AUDIENCE',
      text: "what the hook's resources call API B",
      otherwise: 'RESOURCE',
    },
    'api-b': { kind: 'url', text: 'a resource of API B that needs a token' },
    'plain-token': {
      kind: 'file',
      text: 'a machine token, for API B to refuse, when Okta issues none without a user',
    },
    hours: { kind: 'count', text: 'how far to read the System Log back', default: 24 },
    samples: { kind: 'count', text: 'how often to call the hook for its latency', default: 20 },
    json: { kind: 'flag', text: 'print one JSON document instead' },
  },
  environment: [
    ['HOOK_SECRET', 'what Okta sends to the hook'],
    ['RESOURCE_VERIFIER, PLACEHOLDER', 'as the hook has them'],
  ],
  variables: ['client', 'okta', 'reach'],
  notes: [
    'Exit codes: 0 no failure, 1 at least one failure, 2 wrong use. Warnings and what was skipped do not count.',
  ],
  examples: [
    'behalf doctor --issuer https://example.okta.com/oauth2/behalf --hook https://hook.example.com/inline-hook --scope orders:read',
    'behalf doctor --issuer http://127.0.0.1:8090/oauth2/behalf --hook http://127.0.0.1:8080/inline-hook --scope orders:read --sign-in alice@example.com',
  ],
} as const
