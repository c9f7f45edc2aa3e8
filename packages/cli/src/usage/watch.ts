export const watch = {
  name: 'watch',
  summary: "look at Okta's System Log for plain tokens, once or again and again",
  about: [
    "Okta issues a plain token when its hook does not answer, and no hook can tell. This looks from outside: for calls of the hook that failed, for tokens of the delegation server that no hook has answered, and for rules of it that call no hook. It looks once, or again and again with --every, and prints each sighting once, with Okta's id of the token request.",
    'Tokens are judged when they are a minute old, because events come late. Whether Okta logs answers that changed a token is not documented: where it logs none, only failed calls and rules can be seen, and it says so.',
    'With --hook the answers of other hooks are none, and rules that call another hook are seen as well. Which hook an event of the log is about is not documented, either: where the log does not say, failed calls and rules alone are seen, and it says so.',
  ],
  options: {
    issuer: {
      kind: 'issuer',
      text: 'the authorization server that issues the delegated tokens',
      required: true,
    },
    server: {
      kind: 'name',
      value: 'ID',
      text: "the authorization server's id at Okta",
      otherwise: 'the end of the issuer',
    },
    hook: { kind: 'url', text: "the inline hook whose answers count; without it every hook's do" },
    client: {
      kind: 'name',
      value: 'CLIENT_ID',
      text: 'a client whose tokens must be delegated; needed where users or other machines have tokens of this server, too',
      repeated: true,
      otherwise: "every client's",
    },
    minutes: { kind: 'count', text: 'how far to look back at first', default: 15 },
    every: { kind: 'count', value: 'SECONDS', text: 'look again and again', otherwise: 'once' },
    'metrics-port': {
      kind: 'port',
      text: 'where Prometheus finds how many were seen, at /metrics; with --every',
      needs: 'every',
      otherwise: 'nowhere',
    },
    json: { kind: 'flag', text: 'print one JSON line a sighting' },
  },
  environment: [
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'where metrics are sent to, with all other variables of OpenTelemetry'],
  ],
  variables: ['okta', 'reach'],
  notes: ['Exit codes: 0 nothing was seen, 1 something was, or Okta could not be asked, 2 wrong use.'],
  examples: [
    'behalf watch --issuer https://example.okta.com/oauth2/behalf --minutes 60',
    'behalf watch --issuer https://example.okta.com/oauth2/behalf --every 60 --metrics-port 9465',
  ],
} as const
