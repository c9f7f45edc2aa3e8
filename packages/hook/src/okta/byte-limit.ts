import { Buffer } from 'node:buffer'

/** Says whether a text takes more than `maxBytes` in UTF-8; the bytes are counted only when the characters leave it open. */
export function exceedsBytes(text: string, maxBytes: number): boolean {
  return text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes)
}
