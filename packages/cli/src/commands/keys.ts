import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeNewFile, writePrivateFile } from '../files/new-file.ts'
import { generateKeys, type KeyAlgorithm } from '../keys/key-pair.ts'
import { type Command, CommandError, UsageError } from '../terminal/command.ts'
import { readArguments } from '../terminal/options.ts'
import { whileWaiting } from '../terminal/progress.ts'

/** Makes keys for clients and for tests. */
export const keys: Command = {
  name: 'keys',
  summary: 'make keys: for a client that authenticates with private_key_jwt, or for tests',
  words: ['client', 'test'],
  help: `Usage: behalf keys client --out FILE [--format pem|jwk] [--algorithm RS256|ES256] [--kid ID] [--json]
       behalf keys test [--out FOLDER] [--algorithm RS256|ES256] [--kid ID] [--json]

client  writes the private key of a client to FILE, readable for its owner only, and prints the public key, to be
        registered with the app at Okta (Client Credentials > Public key / Private key > Add key).
test    writes signing-key.json (a private JWK, for a test issuer or a sandbox to sign with) and jwks.json (what the
        issuer publishes) to FOLDER, the current one by default.

Nothing that exists is overwritten.

  --out             where to
  --format pem|jwk  how the client's private key is written; pem by default
  --algorithm ALG   RS256 by default
  --kid ID          the key's id; its thumbprint by default
  --json            print one JSON document instead

Examples:
  behalf keys client --out api-a.pem
  behalf keys test --out test/keys`,

  async run(args, terminal) {
    const { options, words } = readArguments(args, {
      out: { type: 'string' },
      format: { type: 'string' },
      algorithm: { type: 'string' },
      kid: { type: 'string' },
      json: { type: 'boolean' },
    })
    const [purpose, ...others] = words
    if ((purpose !== 'client' && purpose !== 'test') || others.length > 0)
      throw new UsageError("expected what the keys are for: 'client' or 'test'")
    const { out, format = 'pem', kid } = options
    if (format !== 'pem' && format !== 'jwk') throw new UsageError('--format must be pem or jwk')
    if (purpose === 'client' && out === undefined)
      throw new UsageError('--out is missing: the file for the private key, such as api-a.pem')
    if (purpose === 'test' && options.format !== undefined)
      throw new UsageError('--format is for client keys; test keys are JWKs')
    const algorithm = readAlgorithm(options.algorithm)
    const signingKey = join(out ?? '.', 'signing-key.json')
    const jwks = join(out ?? '.', 'jwks.json')
    // A key without its other half would be of no use.
    const present = purpose === 'test' ? [signingKey, jwks].filter((path) => existsSync(path)) : []
    if (present.length > 0)
      throw new CommandError(
        `${present.join(', ')} exists already, so nothing was written; choose another --out`,
      )
    const pair = await whileWaiting(terminal, 'making the keys', generateKeys(algorithm, kid))
    const privateJwk = `${JSON.stringify(pair.privateJwk, null, 2)}\n`
    if (purpose === 'client') {
      const file = out ?? ''
      await writePrivateFile(file, format === 'pem' ? pair.privatePem : privateJwk)
      if (options.json === true) terminal.print(JSON.stringify({ file, publicJwk: pair.publicJwk }))
      else {
        terminal.print(`The private key is in ${file}. Register this public key with the app at Okta:`)
        terminal.print(JSON.stringify(pair.publicJwk, null, 2))
        terminal.print(
          `Then set CLIENT_KEY_FILE=${file}${format === 'pem' ? ` CLIENT_KEY_ID=${pair.kid}` : ''} for the client.`,
        )
      }
      return 0
    }
    await writePrivateFile(signingKey, privateJwk)
    await writeNewFile(jwks, `${JSON.stringify({ keys: [pair.publicJwk] }, null, 2)}\n`)
    terminal.print(
      options.json === true
        ? JSON.stringify({ signingKey, jwks, kid: pair.kid })
        : `${signingKey} signs tokens of tests, ${jwks} is what their issuer publishes. Trust them nowhere else.`,
    )
    return 0
  },
}

function readAlgorithm(value: string | undefined): KeyAlgorithm {
  if (value === undefined || value === 'RS256') return 'RS256'
  if (value === 'ES256') return 'ES256'
  throw new UsageError('--algorithm must be RS256 or ES256')
}
