export const probe = {
  name: 'probe',
  summary: 'find out what Okta does where nobody has documented it, in an org of yours',
  about: [
    'Makes an authorization server, inline hooks, hook keys and apps that bear its mark, answers its questions with them, writes the facts to a file, and removes all that it made. Nothing else of the org is changed; of the System Log, events about its own requests are looked at. It shows what it would make, and asks for the name of the org.',
    'The hook is served by this command; Okta must reach it under --public-url, which ends at --port of this machine (a tunnel, a reverse proxy). Or it is served elsewhere by behalf probe --hook-only, and is reached under --hook-url. The facts hold no token, secret, login or name of the org; behalf sandbox --facts behaves by them.',
  ],
  options: {
    'public-url': {
      kind: 'url',
      text: 'the https URL under which Okta reaches this machine',
      otherwise: 'this machine, at a sandbox on it',
      excludes: 'hook-url',
    },
    'hook-url': {
      kind: 'url',
      text: 'the https URL of a hook that behalf probe --hook-only serves; both have PROBE_HOOK_SECRET and PROBE_CONTROL_SECRET',
      otherwise: 'this command serves the hook',
    },
    port: { kind: 'port', text: 'where the hook listens', default: 0 },
    'hook-only': {
      kind: 'flag',
      text: 'serve the hook for a probe that runs elsewhere, until it is stopped',
      beside: ['port', 'host'],
    },
    host: {
      kind: 'text',
      value: 'HOST',
      text: 'the address on which it listens then',
      otherwise: 'loopback',
      needs: 'hook-only',
    },
    only: {
      kind: 'choice',
      value: 'AREA',
      choices: ['patches', 'answers', 'calls', 'tokens', 'log', 'oauth', 'management', 'people'],
      text: 'one area of questions: patches, answers, calls, tokens, log, oauth, management or people (with --sign-in); all without it',
      repeated: true,
    },
    'sign-in': {
      kind: 'flag',
      text: 'ask the questions for which somebody must sign in, too: a link is printed, and you follow it on this machine',
    },
    out: { kind: 'file', text: 'where the facts are written', default: 'okta-facts.json' },
    clean: {
      kind: 'flag',
      text: 'make nothing, and remove what runs that broke off have left',
      beside: ['org', 'yes', 'json'],
    },
    org: { kind: 'text', value: 'HOST', text: 'the host name of the org, to say it without being asked' },
    yes: { kind: 'flag', text: 'do not ask; an org that is not on this machine must be named by --org' },
    json: { kind: 'flag', text: 'print one JSON document instead' },
  },
  variables: ['okta'],
  notes: [
    'Exit codes: 0 every question is answered and all is removed, 1 something failed, 2 wrong use, 3 nothing was made because nobody said yes.',
  ],
  examples: [
    'behalf probe --public-url https://probe.example.com --port 8089',
    'behalf probe --clean --yes --org example.oktapreview.com',
  ],
} as const
