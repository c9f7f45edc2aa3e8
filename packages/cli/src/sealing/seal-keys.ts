import type { Sealing } from '@behalf/hook'
import { readNamedFile } from '../files/read-file.ts'
import { generateSealingKeys } from '../keys/key-pair.ts'
import { UsageError } from '../terminal/command.ts'

/** Private halves of keys that seals are opened with. */
export interface SealKeys {
  /** A JWK, a list of them or a JWK set. */
  readonly json: string
  /** What the hook makes of them. */
  readonly sealing: Sealing
}

/**
 * Reads the keys of `--seal-key`, as the hook reads its own.
 *
 * @throws UsageError that says what is wrong with them, without their values
 */
export async function readSealKeys(file: string): Promise<SealKeys> {
  const json = await readNamedFile(file, 'the file that --seal-key names')
  const keys = await sealKeysOf(json)
  const [fault] = keys.sealing.faults
  if (fault !== undefined) throw new UsageError(`the file that --seal-key names ${fault.problem}`)
  return keys
}

/** Makes a key that nothing was sealed for: what it judges is judged by all but the content. */
export async function unusedSealKeys(): Promise<SealKeys> {
  const { privateJwk } = await generateSealingKeys()
  return sealKeysOf(JSON.stringify(privateJwk))
}

async function sealKeysOf(json: string): Promise<SealKeys> {
  // Loaded only now, because it brings the cryptography.
  const { sealed } = await import('@behalf/hook/sealing')
  return { json, sealing: sealed({ keys: json }) }
}
