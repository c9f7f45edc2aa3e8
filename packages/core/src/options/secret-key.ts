import { Buffer } from 'node:buffer'
import type { OptionRule } from './option-faults.ts'
import { aListOf } from './option-rules.ts'

const keyBytes = 32

/** Reads a symmetric key: 32 bytes, or their base64; undefined when it is neither. */
export function readSecretKey(key: unknown): Uint8Array | undefined {
  const bytes = typeof key === 'string' ? Buffer.from(key, 'base64') : key
  return bytes instanceof Uint8Array && bytes.length === keyBytes ? bytes : undefined
}

/** Keys of which the first is used and all are accepted, so that a new one can be put in front. */
export const secretKeys: OptionRule = aListOf(
  'keys of 32 bytes, as bytes or in base64',
  (item) => readSecretKey(item) !== undefined,
)
