import type { Hook } from '../hook.ts'

/** Where the keys are that clients seal assertions for. */
export const keySetPath = '/.well-known/jwks.json'

/** An answer to whoever asks for the keys. */
export interface KeySetAnswer {
  readonly status: 200 | 404 | 405 | 503
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How long a key set may be kept: a key that is put in first is found within this time, and by whoever needs it at once. */
const maxAgeSeconds = 300

/**
 * Answers whoever asks for the public keys of a hook: nobody has to authenticate for them. Without sealing there is nothing
 * at this path.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-8.5
 */
export async function answerKeySet(hook: Hook, method: string): Promise<KeySetAnswer> {
  const keys = await hook.sealingKeys()
  if (keys === undefined) return { status: 404, headers: {}, body: '' }
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, headers: { allow: 'GET, HEAD' }, body: '' }
  if (keys === '')
    return { status: 503, headers: { 'cache-control': 'no-store', 'retry-after': '5' }, body: '' }
  const headers = {
    'content-type': 'application/jwk-set+json',
    'cache-control': `public, max-age=${maxAgeSeconds}`,
  }
  return { status: 200, headers, body: keys }
}
