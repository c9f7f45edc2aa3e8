export const provision = {
  name: 'provision',
  summary:
    'register the hook with an Okta org, attach it to a policy rule, create scopes and the service app',
  about: [
    'Compares the org with what is wanted, shows the difference, and applies it after a question, or with --yes. Running it again changes nothing. What it makes bears a mark with the name of the hook; what does not bear it, somebody else has made, and it is not replaced, detached or destroyed. A rule that calls another hook, or that serves sign-ins, too, is refused.',
    '--destroy undoes what it made: it detaches the hook from every rule, deletes it, and deletes key, policy, app and scopes. It can be run again when it broke off.',
  ],
  options: {
    hook: { kind: 'url', text: 'the https URL of the inline hook' },
    'hook-name': { kind: 'text', value: 'NAME', text: 'its name at Okta', default: 'Behalf' },
    'hook-auth': {
      kind: 'choice',
      value: 'METHOD',
      choices: ['header', 'client_secret_post', 'private_key_jwt'],
      text: 'how Okta authenticates: header, client_secret_post or private_key_jwt',
      default: 'header',
    },
    'hook-auth-header': {
      kind: 'header',
      text: 'the header that carries the secret',
      otherwise: 'Authorization',
    },
    'hook-client': {
      kind: 'name',
      value: 'ID',
      text: 'for OAuth: as whom Okta obtains the token that it sends',
    },
    'hook-token-url': { kind: 'url', text: 'for OAuth: where' },
    'hook-scope': { kind: 'scope', text: 'for OAuth: for which scope' },
    'replace-secret': {
      kind: 'flag',
      text: 'register HOOK_SECRET, or a new secret, although the hook has one',
    },
    'event-hook': {
      kind: 'url',
      text: 'the https URL at which the hook takes in events, so that users can be stopped; the hook must be running, since Okta verifies it',
    },
    'event-hook-header': {
      kind: 'header',
      text: 'the header that carries the secret of the event hook',
      otherwise: 'Authorization',
    },
    event: {
      kind: 'name',
      value: 'TYPE',
      text: 'a type of events that is told; by default suspend, deactivate, session clear and universal logout',
      repeated: true,
    },
    server: { kind: 'name', value: 'ID', text: 'the authorization server', default: 'default' },
    resource: {
      kind: 'name',
      value: 'AUDIENCE',
      text: 'what API B calls itself; the server must then have the placeholder as its audience',
      otherwise: 'RESOURCE',
    },
    policy: { kind: 'text', value: 'NAME', text: 'the policy of the rule that calls the hook' },
    rule: {
      kind: 'text',
      value: 'NAME',
      text: 'the rule that calls the hook; needed when several serve client_credentials',
    },
    'own-rule': {
      kind: 'flag',
      text: 'make a policy (--policy) for --app alone, tried before all others, whose one rule serves client_credentials, grants each --scope and calls the hook',
    },
    'lifetime-minutes': {
      kind: 'token lifetime',
      text: 'how long the tokens of --own-rule live, 5 to 1440',
      otherwise: '5',
    },
    adopt: {
      kind: 'flag',
      text: 'take over a hook of that name that somebody else has made; --destroy deletes it then',
    },
    scope: { kind: 'scope', text: 'a scope that must be there', repeated: true },
    app: { kind: 'text', value: 'LABEL', text: 'a service app that must be there: API A' },
    'app-auth': {
      kind: 'choice',
      value: 'METHOD',
      choices: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
      text: 'how it authenticates: client_secret_basic, client_secret_post or private_key_jwt',
      otherwise: 'client_secret_basic',
    },
    'app-key': { kind: 'file', text: 'its public key, a JWK, for private_key_jwt' },
    'secrets-file': {
      kind: 'file',
      text: 'where to write the secrets that were made, for their owner only',
      otherwise: 'they are printed once',
    },
    destroy: {
      kind: 'flag',
      text: 'undo it; what it undoes is found by --hook-name, --server and --app',
      beside: ['server', 'hook-name', 'app', 'yes', 'json'],
    },
    print: {
      kind: 'choice',
      value: 'FORM',
      choices: ['terraform'],
      text: 'terraform: change nothing and print what is wanted as a call of the Terraform module deploy/terraform/okta, without secrets; needs --own-rule',
    },
    yes: { kind: 'flag', text: 'do not ask' },
    json: { kind: 'flag', text: 'print one JSON document instead' },
  },
  environment: [
    ['HOOK_SECRET', 'what Okta sends to the hook; a new one without it'],
    ['EVENT_HOOK_SECRET', 'what Okta sends to the event hook, for --event-hook'],
    ['PLACEHOLDER', 'the audience that no API accepts; https://undelegated.invalid without it'],
    ['HOOK_CLIENT_SECRET', "the secret of Okta's client, for client_secret_post"],
  ],
  variables: ['okta'],
  notes: [
    'Exit codes: 0 as wanted, 1 failed or refused, 2 wrong use, 3 there is something to change and it was not applied.',
  ],
  examples: [
    "behalf provision --hook https://hook.example.com/inline-hook --server behalf --resource https://orders.example --scope orders:read --app 'API A'",
    "behalf provision --hook https://hook.example.com/inline-hook --server behalf --resource https://orders.example --scope orders:read --app 'API A' --own-rule",
    "behalf provision --hook https://hook.example.com/inline-hook --server behalf --scope orders:read --app 'API A' --own-rule --print terraform",
    "behalf provision --hook https://hook.example.com/inline-hook --event-hook https://hook.example.com/event-hook --server behalf --scope orders:read --app 'API A' --own-rule",
    "behalf provision --destroy --app 'API A' --yes",
  ],
} as const
