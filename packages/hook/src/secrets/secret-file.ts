import type { SecretSource } from './secret-source.ts'
import { withoutLineEnd } from './stored-text.ts'

/**
 * Takes a secret from a file, which holds it and nothing else; a line break at its end is no part of it. The file is read
 * again like any source, so that the rotation of a mounted secret is noticed. It does not look at who else can read it.
 *
 * @example
 * ```ts
 * import { secretFile } from '@behalf/hook'
 *
 * const authenticate = { secrets: [secretFile('/run/secrets/behalf/hook-secret')] }
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/configuration/secret/
 */
export function secretFile(path: string): SecretSource {
  return async (signal) => {
    // Not every runtime has files, and only those are asked for some.
    const { readFile } = await import('node:fs/promises')
    return [withoutLineEnd(await readFile(path, { encoding: 'utf8', signal }))]
  }
}
