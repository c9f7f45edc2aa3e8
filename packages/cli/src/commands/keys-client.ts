import { writePrivateFile } from '../files/new-file.ts'
import { generateKeys } from '../keys/key-pair.ts'
import type { Terminal } from '../terminal/command.ts'
import { printJson } from '../terminal/print-json.ts'
import { whileWaiting } from '../terminal/progress.ts'
import type { Input } from '../terminal/usage.ts'
import type { clientKeys } from '../usage/keys.ts'

/** Makes a key for a client: the private one into a file, the public one to be registered. */
export async function run({ options }: Input<typeof clientKeys>, terminal: Terminal): Promise<number> {
  const { out: file, format, algorithm, kid, json } = options
  const pair = await whileWaiting(terminal, 'making the keys', generateKeys(algorithm, kid))
  const privateJwk = `${JSON.stringify(pair.privateJwk, undefined, 2)}\n`
  await writePrivateFile(file, format === 'pem' ? pair.privatePem : privateJwk)
  if (json) {
    printJson(terminal, { file, publicJwk: pair.publicJwk })
    return 0
  }
  terminal.print(`The private key is in ${file}. Register this public key with the app at Okta:`)
  printJson(terminal, pair.publicJwk, 2)
  const keyId = format === 'pem' ? ` CLIENT_KEY_ID=${pair.kid}` : ''
  terminal.print(`Then set CLIENT_KEY_FILE=${file}${keyId} for the client.`)
  return 0
}
