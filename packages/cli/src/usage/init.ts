export const init = {
  name: 'init',
  summary: 'begin a project: hook, policy, API A, API B, their tests',
  about: [
    'Writes a project in TypeScript: the hook with its policy, an API A that acts for its users, an API B that takes delegated tokens only, their tests, a local Okta org for them, a compose file and a workflow for GitHub. Asks for what no option says. Nothing that exists is overwritten; a package.json that holds nothing but dependencies, as after npm install, is completed.',
    'With --hook-only it writes behalf.config.ts, behalf.policy.ts and their tests alone.',
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
    yes: { kind: 'flag', text: "ask nothing: what no option says is the example's" },
    policy: {
      kind: 'choice',
      choices: ['function', 'cedar'],
      text: 'who decides: a TypeScript function, or Cedar policies in files of their own',
      default: 'function',
    },
    'hook-only': { kind: 'flag', text: 'write what the hook is made of and nothing else' },
    dir: { kind: 'folder', text: 'where to write', default: '.' },
  },
  examples: [
    'behalf init',
    'behalf init --yes --policy cedar',
    'behalf init --hook-only --issuer https://example.okta.com/oauth2/users --audience api://a --client 0oaApiA --resource https://orders.example --scope orders:read',
  ],
} as const
