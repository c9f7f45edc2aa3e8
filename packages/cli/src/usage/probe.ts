export const probe = {
  name: 'probe',
  summary: 'find out what Okta does where nobody has documented it, in an org of yours',
  about: [
    'Makes an authorization server, an inline hook and a service app that bear its mark, makes experiments with them, writes the facts to a file, and removes all three. Nothing else of the org is read or changed. It shows what it would make, and asks.',
    'The hook is served by this command; Okta must reach it under --public-url, which ends at --port of this machine (a tunnel, a reverse proxy). The facts hold no token, secret, login or name of the org.',
  ],
  options: {
    'public-url': {
      kind: 'url',
      text: 'the https URL under which Okta reaches this machine',
      otherwise: 'this machine, at a sandbox on it',
    },
    port: { kind: 'port', text: 'where the hook listens, on loopback', default: 0 },
    experiment: {
      kind: 'choice',
      value: 'NAME',
      choices: ['claims-taken', 'audience-steering', 'longest-url', 'introspection'],
      text: 'one of claims-taken, audience-steering, longest-url and introspection; all without it',
      repeated: true,
    },
    out: { kind: 'file', text: 'where the facts are written', default: 'okta-facts.json' },
    clean: {
      kind: 'flag',
      text: 'make nothing, and remove what runs that broke off have left',
      beside: ['yes', 'json'],
    },
    yes: { kind: 'flag', text: 'do not ask' },
    json: { kind: 'flag', text: 'print one JSON document instead' },
  },
  variables: ['okta'],
  notes: [
    'Exit codes: 0 all was found out and removed, 1 something failed, 2 wrong use, 3 nothing was made because nobody said yes.',
  ],
  examples: ['behalf probe --public-url https://probe.example.com --port 8089', 'behalf probe --clean --yes'],
} as const
