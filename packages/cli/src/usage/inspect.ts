export const inspect = {
  name: 'inspect',
  summary: 'decode a token, verify it, draw its actor chain and say what is wrong with it',
  about: [
    "Decodes a JWT and says what is wrong with it; with --issuer it also verifies the signature with the issuer's keys. The signature is never printed. A sealed assertion is judged as the hook would; only the private half of the key that it names opens it. Exit code 0 when nothing is wrong, 1 when something is.",
  ],
  words: [
    {
      name: 'TOKEN|-',
      text: "the token; - reads it from standard input, which keeps it out of the shell's history",
      required: true,
    },
  ],
  options: {
    issuer: { kind: 'issuer', text: 'the authorization server, exactly as iss must spell it' },
    audience: { kind: 'name', value: 'AUDIENCE', text: 'the API that the token must be meant for' },
    'seal-key': {
      kind: 'file',
      text: 'private keys of the hook, to open a sealed assertion and look at the token in it',
    },
    json: { kind: 'flag', text: 'print one JSON document instead' },
  },
  variables: ['reach'],
  examples: [
    'pbpaste | behalf inspect -',
    'behalf inspect - --issuer https://example.okta.com/oauth2/users --audience api://a < token.txt',
    'behalf inspect - --seal-key sealing-keys.json < sealed.txt',
  ],
} as const
