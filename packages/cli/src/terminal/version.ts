import { readFileSync } from 'node:fs'

/** Returns the version of this package, as its `package.json` says. */
export function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = Object(JSON.parse(text))
  if (typeof version !== 'string') throw new TypeError('the package of the command line has no version')
  return version
}
