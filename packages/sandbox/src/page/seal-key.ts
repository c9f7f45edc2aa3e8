import { CompactEncrypt, importJWK, type JWK } from 'jose'
import type { LiveOrg } from '../live-org.ts'
import { describeHooks } from '../options/sandbox-description.ts'
import { isJsonObject } from '../org/json.ts'

/** What a hook opens assertions with: the public half of it, as it publishes that. */
export interface SealKey {
  readonly kid: string
  readonly jwk: JWK
}

/** What is sealed for a hook, so that it can tell for whom and for which server it was. */
export interface SealedWish {
  readonly assertion: string
  readonly clientId: string
  readonly issuer: string
  readonly resource?: string
}

const maxAnswerBytes = 65_536
const timeoutMs = 2000

/** Returns where the hook of a server's machine tokens publishes its keys; undefined when none is called. */
export function sealKeysUrl(org: LiveOrg, serverId: string): string | undefined {
  const isCalled = (rule: { readonly serverId: string; readonly grantTypes: readonly string[] }): boolean =>
    rule.serverId === serverId && rule.grantTypes.includes('client_credentials')
  const hook = describeHooks(org).find(({ status, rules }) => status === 'ACTIVE' && rules.some(isCalled))
  return hook === undefined ? undefined : new URL('/.well-known/jwks.json', hook.uri).href
}

/** Asks for the key to seal for: the first for encryption on P-256. Undefined when none is published there. */
export async function fetchSealKey(
  url: string,
  fetch: typeof globalThis.fetch,
): Promise<SealKey | undefined> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    const document: unknown = answer.ok ? JSON.parse(await readShort(answer)) : undefined
    await answer.body?.cancel().catch(() => undefined)
    const keys = isJsonObject(document) ? [document['keys']].flat() : []
    for (const key of keys)
      if (isJsonObject(key) && key['use'] === 'enc' && key['crv'] === 'P-256') {
        const { kid, x, y } = key
        if (typeof kid === 'string' && typeof x === 'string' && typeof y === 'string')
          return { kid, jwk: { kty: 'EC', crv: 'P-256', x, y } }
      }
    return undefined
  } catch {
    // A hook that is down, or has other things there, publishes no key; whoever asks says so.
    return undefined
  }
}

/** Seals an assertion as any client can, with a JOSE library. */
export async function seal(
  { kid, jwk }: SealKey,
  { assertion, clientId, issuer, resource }: SealedWish,
): Promise<string> {
  const iat = Math.floor(Date.now() / 1000)
  const payload = { assertion, client_id: clientId, aud: issuer, resource, iat, jti: crypto.randomUUID() }
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', typ: 'sealed-assertion+jwt', kid })
    .encrypt(await importJWK(jwk, 'ECDH-ES'))
}

async function readShort(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length
    if (bytes > maxAnswerBytes) throw new TypeError('the key set is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
