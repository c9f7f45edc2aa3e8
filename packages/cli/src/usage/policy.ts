export const policyCheck = {
  name: 'policy check',
  summary: 'say what is wrong with policies, and what is hardly meant',
  about: [
    'Says what is wrong with policies, with file, line and reason, and what is hardly meant: policies that can never apply, or are passed by without a claim that may be missing, clients that no policy permits anything, clients that are named but not configured. Policies are read as those of the configuration are. Without a PATH the policy of the configuration is checked. Exit code 0 when all is well, 1 when it is not.',
  ],
  words: [
    {
      name: 'PATH',
      text: 'a Cedar file, a folder of them, or a file of tests that names policies',
      repeated: true,
    },
  ],
  options: {
    config: {
      kind: 'file',
      text: 'the configuration',
      otherwise: 'behalf.config.ts in this folder, else the environment',
    },
    strict: { kind: 'flag', text: 'what is hardly meant is an error, too' },
    json: { kind: 'flag', text: 'print one JSON document instead' },
  },
  examples: ['behalf policy check policies --strict'],
} as const

export const policyTest = {
  name: 'policy test',
  summary: 'ask a policy the cases of YAML files and compare the answers',
  about: [
    'Asks a policy the cases of YAML files and compares the answers; docs/policy.md shows the format. Exit code 0 when all pass, 1 when one fails.',
  ],
  words: [{ name: 'FILE', text: 'a file of test cases', required: true, repeated: true }],
  options: {
    config: {
      kind: 'file',
      text: 'the configuration, for files that name no policy',
      otherwise: 'behalf.config.ts in this folder, else the environment',
    },
    json: { kind: 'flag', text: 'print one JSON document instead' },
    watch: {
      kind: 'flag',
      text: 'test again whenever a test or a policy changes, until stopped; for policies in files, not for functions',
    },
  },
  examples: ['behalf policy test policies/*.test.yaml --watch'],
} as const

export const policyExplain = {
  name: 'policy explain',
  summary: 'go through the steps of a hook request and say what each one found',
  about: [
    'Goes through the steps of a hook request and says what each one found. The request is the body that Okta sends, as JSON; its caller is not authenticated, because a body has no headers. Exit code 0 when it is permitted, 1 when it is denied.',
  ],
  options: {
    event: { kind: 'file', text: 'the hook request', required: true },
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
    at: {
      kind: 'time',
      text: 'explain as of this moment, in ISO 8601, because assertions expire',
      otherwise: 'now',
    },
    json: { kind: 'flag', text: 'print one JSON document instead' },
  },
  examples: ['behalf policy explain --event request.json --at 2026-11-24T09:30:00Z'],
} as const
