export const dev = {
  name: 'dev',
  summary: 'run a local Okta org, the hook with reload on change, API A and API B, all wired',
  about: [
    'Runs a local Okta org, your hook, an API A that exchanges tokens and an API B that accepts them, and logs each exchange. When a source file beside the configuration changes, the hook is started anew; a faulty one is told about, and the one before goes on.',
    'APIs of your own join: start them with the variables that it prints, and name them with --api-a and --api-b, so that they take the place of its own.',
    "The hook's environment has ISSUER, AUDIENCE, RESOURCE, RESOURCE_VERIFIER, HOOK_SECRET, HOOK_AUTH_HEADER and CLIENT_IDS of the local org, and SEALING_KEYS with a key that is made for this run; when the hook opens seals with it, API A seals users' tokens.",
  ],
  options: {
    config: {
      kind: 'file',
      text: 'the configuration',
      otherwise: 'behalf.config.ts in this folder, else the environment',
    },
    port: { kind: 'port', text: 'the port of API A, 0 for a free one', default: 3000 },
    'sandbox-port': {
      kind: 'port',
      text: 'the port of the org, 0 for a free one',
      otherwise: 'that of the seed, else 8090',
    },
    seed: {
      kind: 'file',
      text: 'what the org consists of, in YAML, as for behalf sandbox; the org is on loopback over plain http in any case',
      otherwise: 'the org of behalf sandbox, and bob@example.com',
    },
    'api-a': { kind: 'url', text: 'what your own API A serves to users', otherwise: 'one is started' },
    'api-b': {
      kind: 'url',
      text: 'what API A asks your own API B for, with a delegated token',
      otherwise: 'one is started',
    },
    'api-a-module': {
      kind: 'file',
      text: 'what serves your own API A: started with its variables and the PORT of --api-a, and anew when its files change',
      needs: 'api-a',
    },
    'api-b-module': { kind: 'file', text: 'the same for API B', needs: 'api-b' },
    'hook-auth-header': {
      kind: 'header',
      text: 'the header in which the org sends the secret, unless the seed has a hook',
      default: 'Authorization',
    },
  },
  examples: [
    'behalf dev',
    'behalf dev --config staging.config.ts --port 0',
    'behalf dev --seed org.yaml --api-b http://127.0.0.1:3002/orders',
  ],
} as const
