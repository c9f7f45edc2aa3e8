export const fault = {
  name: 'fault',
  summary: 'let something go wrong in a running sandbox, or make it right again',
  about: [
    "'fault KIND' brings a fault about, 'fault kinds' lists the kinds with what they take, 'fault list' lists the faults that are in force, 'fault clear' ends one, by its id, or all.",
  ],
  words: [
    {
      name: 'KIND|kinds|list|clear',
      text: "the kind of a fault, 'kinds', 'list' or 'clear'",
      required: true,
      offered: ['kinds', 'list', 'clear'],
    },
    { name: 'NAME=VALUE|ID', text: 'what the fault takes, or the id of the one to clear', repeated: true },
  ],
  options: {
    sandbox: { kind: 'url', text: 'the sandbox', default: 'http://127.0.0.1:8090' },
    json: { kind: 'flag', text: 'print one JSON document instead' },
  },
  environment: [['OKTA_API_TOKEN', 'the token of its management API, which the sandbox prints']],
  variables: ['reach'],
  examples: [
    'behalf fault hook-slow delayMs=4000',
    'behalf fault key-rotation serverId=default',
    'behalf fault clear',
  ],
} as const
