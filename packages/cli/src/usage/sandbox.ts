export const sandbox = {
  name: 'sandbox',
  summary: 'run a local Okta org',
  about: [
    "Runs a local Okta org on loopback: authorization server, users, apps, access policy, token inline hook, with Okta's fail-open behaviour. Prints what to set in other programs, then a line for each request, and runs until it is stopped.",
  ],
  options: {
    port: {
      kind: 'port',
      text: 'the port to listen on, 0 for a free one',
      otherwise: 'that of the seed, else 8090',
    },
    host: {
      kind: 'text',
      value: 'HOST',
      text: 'the address to listen on; any but one of loopback opens the org to others',
      otherwise: 'that of the seed, else 127.0.0.1',
    },
    'base-url': {
      kind: 'http url',
      text: 'where the org is for everybody else, such as http://okta.localhost:8090',
      otherwise: 'where it listens',
    },
    tls: { kind: 'flag', text: 'speak TLS, with certificates of an authority of its own' },
    ca: {
      kind: 'folder',
      text: 'where that authority is kept: ca.pem, which clients trust, and ca-key.pem for its owner only; made when there is none',
      otherwise: 'behalf in XDG_DATA_HOME, else in ~/.local/share',
    },
    hook: {
      kind: 'http url',
      text: 'the inline hook to call for client_credentials tokens',
      otherwise: 'none',
    },
    'hook-secret': {
      kind: 'text',
      value: 'S',
      text: 'what the org sends to the hook',
      needs: 'hook',
      otherwise: 'HOOK_SECRET, else a new one, which is printed',
    },
    'hook-auth-header': {
      kind: 'header',
      text: 'the header that carries it',
      needs: 'hook',
      otherwise: 'Authorization',
    },
    seed: {
      kind: 'file',
      text: 'what the org consists of, in YAML: the options of createSandbox',
      otherwise: 'a useful org',
    },
    facts: {
      kind: 'file',
      text: 'what behalf probe has found out about an org: the sandbox behaves by it',
      otherwise: 'it behaves as docs/okta-fidelity.md says',
    },
    state: {
      kind: 'file',
      text: 'continue where the last run with this file ended, and write it at the end, for its owner only',
    },
    quiet: { kind: 'flag', text: 'print no line for each request' },
    json: { kind: 'flag', text: 'print one line of JSON instead, and none for requests' },
  },
  examples: [
    'behalf sandbox',
    'behalf sandbox --hook http://127.0.0.1:8080/inline-hook --hook-secret a-secret-of-the-hook',
    'behalf sandbox --tls --base-url https://okta.localhost:8090',
    'behalf sandbox --seed org.yaml --state org-state.json',
    'behalf sandbox --facts okta-facts.json',
  ],
} as const
