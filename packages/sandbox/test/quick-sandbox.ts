import { generateKeyPairSync } from 'node:crypto'
import { createSandbox, type Sandbox, type SandboxOptions } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const signingKey = { ...privateKey.export({ format: 'jwk' }), kty: 'RSA' } as const

/** A sandbox whose servers sign with a key that is made once a file: making keys takes most of a test's time. */
export function createQuickSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const servers = options.authorizationServers ?? oneServer.authorizationServers
  return createSandbox({
    ...options,
    authorizationServers: servers.map((server) => ({ signingKey, ...server })),
  })
}
