import { randomBytes } from 'node:crypto'
import type { AppOptions, AuthorizationServerOptions, UserOptions } from './sandbox-options.ts'

/** What the management API of an org takes that was given no tokens: another one in every process. */
export const defaultApiToken: string = `00${randomBytes(30).toString('base64url')}`

/** What an org consists of when nothing else is asked for. Its secrets are public: they protect nothing. */
export interface DefaultOrg {
  readonly authorizationServers: readonly [
    users: AuthorizationServerOptions,
    delegation: AuthorizationServerOptions,
    okta: AuthorizationServerOptions,
  ]
  readonly users: readonly [UserOptions]
  readonly apps: readonly [spa: AppOptions, apiA: AppOptions, apiB: AppOptions]
}

const scopes = ['orders:read', 'orders:write']

/**
 * A server `users` for API A's callers, a server `behalf` for delegated tokens, whose audience no API accepts, and the
 * server `default` that every org of Okta comes with; one user, a single-page app and two services.
 *
 * @example
 * ```ts
 * import { defaultOrg } from '@behalf/sandbox'
 *
 * const [spa, apiA] = defaultOrg.apps
 * ```
 */
export const defaultOrg: DefaultOrg = {
  authorizationServers: [
    {
      id: 'users',
      audience: 'api://a',
      policies: [{ name: 'Sign-in', rules: [{ name: 'People', grantTypes: ['authorization_code'] }] }],
    },
    {
      id: 'behalf',
      // Nobody's (RFC 6761): the hook puts the audience of the API in its place, and no API takes a token without it.
      audience: 'https://undelegated.invalid',
      scopes,
      policies: [
        {
          name: 'Delegation',
          rules: [
            {
              name: 'API A',
              grantTypes: ['client_credentials'],
              scopes,
              accessTokenLifetimeSeconds: 300,
            },
          ],
        },
      ],
    },
    { id: 'default', audience: 'api://default', scopes },
  ],
  users: [
    {
      id: '00u1alice0000000000A',
      login: 'alice@example.com',
      name: 'Alice Adams',
      given_name: 'Alice',
      family_name: 'Adams',
      email: 'alice@example.com',
      email_verified: true,
    },
  ],
  apps: [
    {
      clientId: '0oaSpa00000000000001',
      label: 'Single-page app',
      type: 'spa',
      redirectUris: ['http://localhost:3000/callback', 'http://127.0.0.1:3000/callback'],
      postLogoutRedirectUris: ['http://localhost:3000/', 'http://127.0.0.1:3000/'],
    },
    {
      clientId: '0oaApiA0000000000001',
      label: 'API A',
      type: 'service',
      auth: { method: 'client_secret_basic', clientSecret: 'api-a-secret-for-the-sandbox-only' },
    },
    {
      clientId: '0oaApiB0000000000001',
      label: 'API B',
      type: 'service',
      auth: { method: 'client_secret_basic', clientSecret: 'api-b-secret-for-the-sandbox-only' },
    },
  ],
}
