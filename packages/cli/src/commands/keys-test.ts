import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeNewFile, writePrivateFile } from '../files/new-file.ts'
import { generateKeys } from '../keys/key-pair.ts'
import { CommandError, type Terminal } from '../terminal/command.ts'
import { printJson } from '../terminal/print-json.ts'
import { whileWaiting } from '../terminal/progress.ts'
import type { Input } from '../terminal/usage.ts'
import type { testKeys } from '../usage/keys.ts'

/** Makes keys for tests: one file signs tokens, the other is what their issuer publishes. */
export async function run({ options }: Input<typeof testKeys>, terminal: Terminal): Promise<number> {
  const { out, algorithm, kid, json } = options
  const signingKey = join(out, 'signing-key.json')
  const jwks = join(out, 'jwks.json')
  // A key without its other half would be of no use.
  const present = [signingKey, jwks].filter((path) => existsSync(path))
  if (present.length > 0)
    throw new CommandError(
      `${present.join(', ')} exists already, so nothing was written; choose another --out`,
    )
  const pair = await whileWaiting(terminal, 'making the keys', generateKeys(algorithm, kid))
  await writePrivateFile(signingKey, `${JSON.stringify(pair.privateJwk, undefined, 2)}\n`)
  await writeNewFile(jwks, `${JSON.stringify({ keys: [pair.publicJwk] }, undefined, 2)}\n`)
  if (json) printJson(terminal, { signingKey, jwks, kid: pair.kid })
  else
    terminal.print(
      `${signingKey} signs tokens of tests, ${jwks} is what their issuer publishes. Trust them nowhere else.`,
    )
  return 0
}
