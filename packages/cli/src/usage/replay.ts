export const replay = {
  name: 'replay',
  summary: 'run a recorded hook request and explain it step by step',
  about: [
    "Is 'behalf policy explain' as of the time that the recording names: puts a recorded body of Okta's hook request through the hook's pipeline and shows what each step found. The caller is not authenticated: a body holds no secret. The issuer's keys are those of today. Exit code 0 when it is permitted, 1 when it is denied.",
  ],
  words: [{ name: 'EVENT.json', text: 'a recorded hook request', required: true }],
  options: {
    config: {
      kind: 'file',
      text: 'the configuration',
      otherwise: 'behalf.config.ts in this folder, else the environment',
    },
    'seal-key': {
      kind: 'file',
      text: 'private keys of the hook, to open a sealed assertion',
      otherwise: 'those of the configuration',
    },
    at: { kind: 'time', text: 'the time as of which it is decided, in ISO 8601', otherwise: 'its eventTime' },
    json: { kind: 'flag', text: 'print one JSON document instead' },
  },
  notes: ["A recorded request holds a user's token, bare or sealed; delete it when it is no longer needed."],
  examples: ['behalf replay event.json --config behalf.config.ts'],
} as const
