import { randomBytes } from 'node:crypto'
import type { Sandbox, SandboxOptions } from '@behalf/sandbox'

/** The parties of the org that `behalf dev` runs. */
export const parties = {
  application: '0oaApplication00001',
  apiA: '0oaApiA0000000000001',
  redirectUri: 'http://localhost:3000/callback',
  scope: 'orders:read',
} as const

/** An org with an authorization server for users, and one for delegated tokens. */
export interface DevOrg {
  readonly sandbox: Sandbox
  readonly hookSecret: string
  readonly clientSecret: string
  /** Where users sign in; its audience is API A. */
  readonly users: { readonly id: string; readonly issuer: string; readonly audience: string }
  /** Where API A asks for delegated tokens; its audience is the placeholder. */
  readonly delegation: { readonly issuer: string }
}

const registeredHook = 'http://127.0.0.1:9/inline-hook'

/** Starts the org. Its calls of the hook go to wherever the hook is at that moment. */
export async function startDevOrg(
  port: number,
  hookAuthHeader: string,
  hookUrl: () => string | undefined,
): Promise<DevOrg> {
  const { createSandbox, defaultOrg } = await import('@behalf/sandbox')
  const [hookSecret, clientSecret] = [newSecret(), newSecret()]
  const options: SandboxOptions = {
    port,
    users: [...defaultOrg.users, { login: 'bob@example.com', name: 'Bob Brown', email: 'bob@example.com' }],
    apps: [
      {
        clientId: parties.application,
        label: 'Application',
        type: 'spa',
        redirectUris: [parties.redirectUri],
      },
      {
        clientId: parties.apiA,
        label: 'API A',
        type: 'service',
        auth: { method: 'client_secret_basic', clientSecret },
      },
    ],
    hook: { uri: registeredHook, secret: hookSecret, header: hookAuthHeader },
    fetch: (url, init) => fetch(url === registeredHook ? (hookUrl() ?? url) : url, init),
  }
  const sandbox = await createSandbox(options)
  const server = (id: string): DevOrg['users'] => {
    const found = sandbox.servers.find((candidate) => candidate.id === id)
    if (found === undefined) throw new TypeError(`the org has no authorization server '${id}'`)
    return found
  }
  return { sandbox, hookSecret, clientSecret, users: server('users'), delegation: server('behalf') }
}

function newSecret(): string {
  return randomBytes(24).toString('base64url')
}
