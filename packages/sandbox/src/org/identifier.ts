import { randomInt } from 'node:crypto'

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Makes an identifier like Okta's: a prefix that says what it names (`00u`, `0oa`, `cal`…), 20 characters long. */
export function createIdentifier(prefix: string, length = 20): string {
  let id = prefix
  while (id.length < length) id += alphabet[randomInt(alphabet.length)]
  return id
}
