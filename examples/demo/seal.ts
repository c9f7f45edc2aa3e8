import { CompactEncrypt, importJWK, type JSONWebKeySet } from 'jose'

/** Seals an assertion for the client that will present it, and for the authorization server that it asks. */
export type Seal = (assertion: string, clientId: string, issuer: string, resource?: string) => Promise<string>

/** Seals the way any client can, by a JOSE library and the key that the hook publishes. */
export async function sealFor(jwksUri: string): Promise<Seal> {
  const response = await fetch(jwksUri)
  const { keys }: JSONWebKeySet = JSON.parse(await response.text())
  const jwk = keys.find(({ use }) => use === 'enc')
  if (jwk?.kid === undefined) throw new Error('the hook publishes no key to seal for')
  const { kid } = jwk
  const key = await importJWK(jwk, 'ECDH-ES')
  return (assertion, clientId, issuer, resource) => {
    const iat = Math.floor(Date.now() / 1000)
    const payload = { assertion, client_id: clientId, aud: issuer, resource, iat, jti: crypto.randomUUID() }
    return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', typ: 'sealed-assertion+jwt', kid })
      .encrypt(key)
  }
}
