import { generateKeyPairSync, sign } from 'node:crypto'
import { createClient, privateKeyJwt } from '@behalf/client'
import { createSandbox } from '@behalf/sandbox'
import { expect, it } from 'vitest'
import { type KeyService, kmsSigner } from './kms-signer.ts'

/** KMS with a real key: it signs a digest, and answers in DER. */
class LocalKms implements KeyService {
  readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' })

  get jwk() {
    return { ...this.#key.publicKey.export({ format: 'jwk' }), kty: 'EC', kid: 'kms-1' }
  }

  async getPublicKey() {
    return { PublicKey: this.#key.publicKey.export({ format: 'der', type: 'spki' }) }
  }

  async sign({ Message }: { readonly Message: Uint8Array }) {
    return { Signature: sign('sha256', Message, this.#key.privateKey) }
  }
}

it('authenticates API A at Okta, which knows the public key alone', async () => {
  const [kms, stranger] = [new LocalKms(), new LocalKms()]
  await using sandbox = await createSandbox({
    authorizationServers: [
      { id: 'behalf', audience: 'https://undelegated.invalid', scopes: ['orders:read'] },
    ],
    apps: [
      {
        clientId: '0oaApiA',
        type: 'service',
        auth: { method: 'private_key_jwt', keys: [kms.jwk] },
      },
      { clientId: '0oaSpa', type: 'spa', redirectUris: ['http://127.0.0.1:3000/callback'] },
    ],
  })
  const [{ issuer } = { issuer: '' }] = sandbox.servers
  const outcome = async (service: KeyService) => {
    const signer = await kmsSigner(service, 'alias/api-a')
    const auth = privateKeyJwt({ signer, keyId: 'kms-1' })
    const client = createClient({ issuer, clientId: '0oaApiA', auth })
    const assertion = await sandbox.userToken({ login: 'alice@example.com' })
    return client.acquireToken({ assertion, scopes: ['orders:read'] }).catch(({ code }) => code)
  }
  // There is no hook here, so that a client which Okta knows gets a plain token, and its SDK refuses that.
  expect(await outcome(kms)).toBe('token_undelegated')
  expect(await outcome(stranger)).toBe('token_request_failed')
})
