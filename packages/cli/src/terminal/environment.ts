import type { SharedVariables, Usage } from './usage.ts'

const shared: Readonly<Record<SharedVariables, NonNullable<Usage['environment']>>> = {
  client: [
    ['CLIENT_ID', 'the client id of API A'],
    [
      'CLIENT_SECRET',
      'its secret; CLIENT_AUTH=client_secret_post sends it in the body instead of the header',
    ],
    ['CLIENT_KEY_FILE', 'or the file of its private key, PEM or JWK, for private_key_jwt'],
    ['CLIENT_KEY_ID', "the key's id, when the file does not say"],
    [
      'SEAL_JWKS_URI',
      "where the hook publishes its keys, such as https://hook.example/.well-known/jwks.json; the user's token is sealed for it then",
    ],
  ],
  okta: [
    ['OKTA_ORG_URL', 'the org, such as https://example.okta.com'],
    ['OKTA_API_TOKEN', 'an API token of an administrator'],
    [
      'OKTA_CLIENT_ID, OKTA_KEY_ID',
      'or a service app with the scopes okta.inlineHooks.manage, okta.authorizationServers.manage, okta.apps.manage and okta.logs.read; okta.eventHooks.manage for --event-hook, and okta.users.read for behalf revoke',
    ],
    [
      'OKTA_PRIVATE_KEY_FILE',
      'the file of its private key, PEM or JWK; OKTA_PRIVATE_KEY holds the key itself',
    ],
  ],
  reach: [
    [
      'INSECURE_HOSTS',
      'hosts, separated by commas, that may be spoken to over plain http, besides this machine',
    ],
    ['NODE_EXTRA_CA_CERTS', 'a file of authorities to trust, such as that of behalf sandbox --tls'],
  ],
}

/** Returns every variable that a command reads: its own, and those that several read. */
export function variablesOf({ environment = [], variables = [] }: Usage): NonNullable<Usage['environment']> {
  return [...environment, ...variables.flatMap((name) => shared[name])]
}
