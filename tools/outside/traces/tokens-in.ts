import { createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from 'jose'

/** The keys that an issuer's tokens verify with. */
export function keysOf(issuer: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(`${issuer}/v1/keys`))
}

/** Whoever finds a token in a log looks for three parts in a row, whatever stands around them. */
export async function tokensIn(text: string, keys: readonly JWTVerifyGetKey[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const candidate of new Set(
    [text, decodeURIComponent(text.replaceAll(/%(?![\da-f]{2})/gi, '%25'))].flatMap(threes),
  ))
    for (const key of keys) if (await verifies(candidate, key)) found.push(candidate)
  return found
}

function threes(text: string): readonly string[] {
  return (text.match(/[\w.-]+/g) ?? []).flatMap((run) => {
    const parts = run.split('.')
    return parts.slice(2).map((_, index) => parts.slice(index, index + 3).join('.'))
  })
}

async function verifies(candidate: string, key: JWTVerifyGetKey): Promise<boolean> {
  return jwtVerify(candidate, key).then(
    () => true,
    () => false,
  )
}
