export const clientKeys = {
  name: 'keys client',
  summary: 'make a key for a client that authenticates with private_key_jwt',
  about: [
    'Writes the private key of a client to a file, readable for its owner only, and prints the public key, to be registered with the app at Okta (Client Credentials > Public key / Private key > Add key). Nothing that exists is overwritten.',
  ],
  options: {
    out: { kind: 'file', text: 'the file for the private key, such as api-a.pem', required: true },
    format: {
      kind: 'choice',
      choices: ['pem', 'jwk'],
      text: 'how the private key is written',
      default: 'pem',
    },
    algorithm: {
      kind: 'choice',
      choices: ['RS256', 'ES256'],
      text: 'what the key signs with',
      default: 'RS256',
    },
    kid: { kind: 'text', value: 'ID', text: "the key's id", otherwise: 'its thumbprint' },
    json: { kind: 'flag', text: 'print one JSON document instead' },
  },
  examples: ['behalf keys client --out api-a.pem'],
} as const

export const sealKeys = {
  name: 'keys seal',
  summary: "make a key that clients seal users' tokens for, and the hook opens them with",
  about: [
    'Writes the private half to a file, readable for its owner only, as a JWK set that the hook takes as it is (SEALING_KEYS_FILE), and prints the public half. The hook publishes that by itself, and clients get it there (SEAL_JWKS_URI). To change the key put a new one into the set, behind the old one: docs/sealing.md. Nothing that exists is overwritten.',
  ],
  options: {
    out: { kind: 'file', text: 'the file for the private half, such as sealing-keys.json', required: true },
    kid: { kind: 'text', value: 'ID', text: "the key's id", otherwise: 'its thumbprint' },
    json: { kind: 'flag', text: 'print one JSON document instead' },
  },
  examples: ['behalf keys seal --out sealing-keys.json'],
} as const

export const testKeys = {
  name: 'keys test',
  summary: 'make keys for tests: one half signs tokens, the other is published',
  about: [
    'Writes signing-key.json (a private JWK, for a test issuer or a sandbox to sign with) and jwks.json (what the issuer publishes). Nothing that exists is overwritten.',
  ],
  options: {
    out: { kind: 'folder', text: 'where to write', default: '.' },
    algorithm: {
      kind: 'choice',
      choices: ['RS256', 'ES256'],
      text: 'what the key signs with',
      default: 'RS256',
    },
    kid: { kind: 'text', value: 'ID', text: "the key's id", otherwise: 'its thumbprint' },
    json: { kind: 'flag', text: 'print one JSON document instead' },
  },
  examples: ['behalf keys test --out test/keys'],
} as const
