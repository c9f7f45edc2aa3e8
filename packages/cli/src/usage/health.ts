export const health = {
  name: 'health',
  summary: 'ask a hook, a sandbox or a sidecar that runs whether it is well',
  about: [
    'Asks GET /healthz. Without URL it asks what runs as the main process of this container, wherever that was told to listen: the health check of the image. Exit code 0 when it is well, else 1.',
  ],
  words: [{ name: 'URL', text: 'where it listens' }],
  options: {
    ready: {
      kind: 'flag',
      text: 'ask GET /readyz in its place: whether it has loaded its keys and is not about to stop',
    },
    wait: {
      kind: 'count',
      value: 'SECONDS',
      text: 'how long to go on asking until it is well',
      otherwise: 'it is asked once',
    },
  },
  variables: ['reach'],
  examples: [
    'behalf health http://127.0.0.1:8090',
    'behalf health http://127.0.0.1:8080 --ready --wait 30',
    'behalf health http://127.0.0.1:8090 --wait 30',
  ],
} as const
