/**
 * Where secrets come from that are fetched rather than configured: returns all that are accepted now, at
 * least one, each as the header holds it: 16 to 512 characters of visible ASCII, and spaces between them. It
 * has 800 ms. `load()` of the hook asks it, or without `load()` the first request with the header. After that it is
 * asked when its last answer is 5 minutes old, in the background, or 10 minutes, before that answer counts again; and
 * when a caller does not authenticate, 60 s after it last answered because of one at the earliest, or 3 s when it
 * failed. While it
 * fails, what it last answered counts.
 *
 * @param signal - aborted when the answer will no longer be waited for
 *
 * @example
 * ```ts
 * import { createHook, type SecretSource } from '@behalf/hook'
 * import { readFile } from 'node:fs/promises'
 *
 * const mounted: SecretSource = async (signal) => {
 *   const text = await readFile('/run/secrets/hook', { encoding: 'utf8', signal })
 *   return [text.trim()] // the end of the line is not part of it
 * }
 * const hook = createHook({
 *   authenticate: { secrets: mounted },
 *   issuers: [{ issuer: 'https://example.okta.com/oauth2/default', audiences: ['api://a'] }],
 *   clients: 'any',
 * })
 * ```
 */
export type SecretSource = (signal: AbortSignal) => Promise<readonly string[]>
