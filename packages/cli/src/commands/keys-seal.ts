import { isKeyId } from '@behalf/core/internal'
import { writePrivateFile } from '../files/new-file.ts'
import { generateSealingKeys } from '../keys/key-pair.ts'
import { type Terminal, UsageError } from '../terminal/command.ts'
import { printJson } from '../terminal/print-json.ts'
import { shellWord } from '../terminal/shell-word.ts'
import type { Input } from '../terminal/usage.ts'
import type { sealKeys } from '../usage/keys.ts'

/** Makes a key that assertions are sealed for: the private half into a file for the hook, the public one to be seen. */
export async function run({ options }: Input<typeof sealKeys>, terminal: Terminal): Promise<number> {
  const { out: file, kid, json } = options
  if (kid !== undefined && !isKeyId(kid)) throw new UsageError('--kid must be 1 to 256 characters')
  const { privateJwk, publicJwk } = await generateSealingKeys(kid)
  await writePrivateFile(file, `${JSON.stringify({ keys: [privateJwk] }, undefined, 2)}\n`)
  if (json) {
    printJson(terminal, { file, publicJwk })
    return 0
  }
  terminal.print(
    `The private half is in ${file}, for the hook and nobody else: SEALING_KEYS_FILE=${shellWord(file)}`,
  )
  terminal.print('The public half, which the hook publishes at /.well-known/jwks.json:')
  printJson(terminal, publicJwk, 2)
  terminal.print(
    'Clients get it there: SEAL_JWKS_URI=https://hook.example/.well-known/jwks.json, or seal: { jwksUri }.',
  )
  terminal.print('One that cannot reach the hook is given it: seal: { key }.')
  return 0
}
