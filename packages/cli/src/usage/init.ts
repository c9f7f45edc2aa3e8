export const init = {
  name: 'init',
  summary: 'write a configuration, a policy and its test',
  about: [
    'Writes behalf.config.ts, behalf.policy.ts and behalf.policy.test.mjs. Asks for what no option says. Nothing that exists is overwritten.',
  ],
  options: {
    issuer: { kind: 'issuer', text: "the authorization server that issues the users' access tokens" },
    audience: {
      kind: 'name',
      value: 'AUDIENCE',
      text: 'what API A calls itself: the audience of those tokens',
    },
    client: { kind: 'name', value: 'CLIENT_ID', text: 'the client id of API A, which acts for the users' },
    resource: {
      kind: 'name',
      value: 'AUDIENCE',
      text: 'what API B calls itself: the audience of the delegated tokens',
    },
    scope: { kind: 'scope', text: 'a scope that it may ask for', repeated: true, otherwise: 'any' },
    dir: { kind: 'folder', text: 'where to write', default: '.' },
  },
  examples: [
    'behalf init',
    'behalf init --issuer https://example.okta.com/oauth2/users --audience api://a --client 0oaApiA --resource https://orders.example --scope orders:read',
  ],
} as const
