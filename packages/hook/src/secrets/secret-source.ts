/**
 * Where secrets come from that are fetched rather than configured: returns all that are accepted now, each
 * as the header holds it. It is asked once at start, and again when a caller does not authenticate.
 *
 * @param signal - aborted when the answer will no longer be waited for
 *
 * @example
 * ```ts
 * import { createHook, type SecretSource } from '@behalf/hook'
 * import { readFile } from 'node:fs/promises'
 *
 * const mounted: SecretSource = async (signal) => [await readFile('/run/secrets/hook', { encoding: 'utf8', signal })]
 * const hook = createHook({
 *   authenticate: { secrets: mounted },
 *   issuers: [{ issuer: 'https://example.okta.com/oauth2/default', audiences: ['api://a'] }],
 *   clients: 'any',
 * })
 * ```
 */
export type SecretSource = (signal: AbortSignal) => Promise<readonly string[]>
