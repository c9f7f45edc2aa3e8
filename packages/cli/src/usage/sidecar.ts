export const sidecar = {
  name: 'sidecar',
  summary: 'run the token endpoint and the verify endpoint for APIs in any language',
  about: [
    "Runs the sidecar: POST /token exchanges a user's token for a delegated one (RFC 8693), /verify tells a proxy which requests may pass; GET /healthz, GET /readyz. Prints where it listens, and then one JSON line for each request that is refused.",
  ],
  options: {
    config: {
      kind: 'file',
      text: 'the configuration',
      otherwise: 'sidecar.config.ts in this folder, else the environment',
    },
    port: { kind: 'port', text: 'the port to listen on, 0 for a free one', default: 8081 },
    host: { kind: 'text', value: 'H', text: 'the address to listen on', default: '127.0.0.1' },
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
    ['DELEGATION_ISSUER', 'the server that issues delegated tokens, when there is no file'],
    [
      'CLIENT_ID',
      'the client whose API it runs beside, for the token endpoint; with CLIENT_SECRET, CLIENT_SECRET_FILE or CLIENT_KEY_FILE',
    ],
    ['SEAL_JWKS_URI', "where the hook publishes the keys to seal the users' tokens for"],
    ['ISSUER, AUDIENCE', "the users' server, and what their tokens must be for"],
    ['RESOURCE', 'the APIs that tokens can be asked for, separated by commas'],
    ['CALLER_ID, CALLER_SECRET', 'who may ask for tokens from elsewhere than this machine'],
    ['PROXY, API_AUDIENCE', 'the proxy that asks the verify endpoint, and the API behind it'],
  ],
  notes: ['All variables, and what the file says: docs/sidecar.md.'],
  examples: [
    'DELEGATION_ISSUER=https://example.okta.com/oauth2/behalf CLIENT_ID=0oaApiA CLIENT_SECRET=… ISSUER=https://example.okta.com/oauth2/users AUDIENCE=api://a RESOURCE=https://orders.example behalf sidecar',
    'behalf sidecar --config sidecar.config.ts --port 8081',
  ],
} as const
