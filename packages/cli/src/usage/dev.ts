export const dev = {
  name: 'dev',
  summary: 'run a local Okta org, the hook with reload on change, API A and API B, all wired',
  about: [
    'Runs a local Okta org, your hook, an API A that exchanges tokens and an API B that accepts them, and logs each exchange. When a source file beside the configuration changes, the hook is started anew; a faulty one is told about, and the one before goes on.',
    "The hook's environment has ISSUER, AUDIENCE, RESOURCE, RESOURCE_VERIFIER, HOOK_SECRET, HOOK_AUTH_HEADER and CLIENT_IDS of the local org.",
  ],
  options: {
    config: {
      kind: 'file',
      text: 'the configuration',
      otherwise: 'behalf.config.ts in this folder, else the environment',
    },
    port: { kind: 'port', text: 'the port of API A, 0 for a free one', default: 3000 },
    'sandbox-port': { kind: 'port', text: 'the port of the org, 0 for a free one', default: 8090 },
    'hook-auth-header': {
      kind: 'header',
      text: 'the header in which the org sends the secret',
      default: 'Authorization',
    },
  },
  examples: ['behalf dev', 'behalf dev --config staging.config.ts --port 0'],
} as const
