import { readFileSync } from 'node:fs'
import { isJsonObject, parseStrictJson } from '@behalf/core/internal'

/** The version of this package, as its `package.json` says. */
export function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const parsed = parseStrictJson(text, 8)
  const version = parsed.ok && isJsonObject(parsed.value) ? parsed.value['version'] : undefined
  if (typeof version !== 'string') throw new TypeError('the package of the command line has no version')
  return version
}
