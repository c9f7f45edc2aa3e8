export const serve = {
  name: 'serve',
  summary: 'run the inline hook as an HTTP server',
  about: [
    'Runs the inline hook: POST /inline-hook, GET /healthz, GET /readyz. Prints where it listens, and then one JSON line a decision. Policies in files are read again when they change; faulty ones are refused, and those before stay in force.',
  ],
  options: {
    config: {
      kind: 'file',
      text: 'the configuration',
      otherwise: 'behalf.config.ts in this folder, else the environment',
    },
    port: { kind: 'port', text: 'the port to listen on, 0 for a free one', default: 8080 },
    host: { kind: 'text', value: 'H', text: 'the address to listen on', default: '127.0.0.1' },
    steps: {
      kind: 'flag',
      text: 'also print how each step of a request ended, one JSON line a step, and the policies in force, one line at the start and after each change',
    },
    'metrics-port': {
      kind: 'port',
      text: 'where Prometheus finds metrics, at /metrics, 0 for a free port; takes packages of OpenTelemetry, which it names when they are missing',
      otherwise: 'nowhere',
    },
    'drain-delay': {
      kind: 'milliseconds',
      text: 'how long to keep serving after SIGTERM, when /readyz has turned to 503 already, so that load balancers notice before connections are refused; a second signal ends at once',
      default: 2000,
    },
  },
  environment: [
    [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'where spans and metrics are sent to, with all other variables of OpenTelemetry',
    ],
    ['ISSUER, AUDIENCE', 'the configuration, when there is no file'],
    [
      'RESOURCE, RESOURCE_VERIFIER',
      'what delegated tokens are for, and behalf where that API has @behalf/verify',
    ],
    [
      'HOOK_SECRET',
      'what Okta sends, or HOOK_SECRET_FILE, a file that holds it; HOOK_SECRET_PREVIOUS (or …_FILE) while it is being changed',
    ],
    ['HOOK_AUTH_HEADER', 'the header that carries it'],
    ['CLIENT_IDS', 'who may exchange, separated by commas'],
    ['POLICY_FILES', 'Cedar files or folders, separated by commas'],
  ],
  variables: ['reach'],
  examples: [
    'ISSUER=https://example.okta.com/oauth2/users AUDIENCE=api://a RESOURCE=https://orders.example RESOURCE_VERIFIER=behalf HOOK_SECRET=… behalf serve',
    'behalf serve --config behalf.config.ts --port 8080',
  ],
} as const
