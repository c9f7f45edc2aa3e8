import type { AppOptions, Sandbox, SandboxHook, SandboxRule } from '@behalf/sandbox'

/** The hook that an org calls, as its operator must know it. */
export interface AttachedHook {
  readonly uri: string
  readonly secret: string
  readonly header: string
}

/** Everything about an org that a developer puts into other programs, secrets included: they protect nothing. */
export interface SandboxSummary {
  readonly url: string
  /** The file with the authority to trust, for an org that speaks TLS. */
  readonly caFile?: string
  readonly authorizationServers: readonly {
    readonly id: string
    readonly issuer: string
    readonly audience: string
    readonly tokenEndpoint: string
    readonly scopes: readonly string[]
    readonly rules: readonly SandboxRule[]
  }[]
  readonly users: readonly { readonly login: string; readonly name?: string }[]
  readonly apps: readonly {
    readonly clientId: string
    readonly label: string
    readonly authentication: string
    readonly clientSecret?: string
    readonly redirectUris?: readonly string[]
  }[]
  /** For the management API. */
  readonly apiToken?: string
  /** The hook that is called for machines, when a header says who calls it. */
  readonly hook?: AttachedHook
  readonly hooks: readonly SandboxHook[]
}

/** Collects what a developer needs from a running org. */
export function summarise(
  sandbox: Sandbox,
  apiToken: string | undefined,
  caFile: string | undefined,
): SandboxSummary {
  const hook = attachedHook(sandbox)
  return {
    url: sandbox.url,
    ...(caFile === undefined ? {} : { caFile }),
    authorizationServers: sandbox.servers.map(({ id, issuer, audience, tokenEndpoint, scopes, rules }) => ({
      id,
      issuer,
      audience,
      tokenEndpoint,
      scopes,
      rules,
    })),
    users: sandbox.users.map(({ login, name }) => ({
      login,
      ...(typeof name === 'string' ? { name } : {}),
    })),
    apps: sandbox.apps.map(summariseApp),
    ...(apiToken === undefined ? {} : { apiToken }),
    ...(hook === undefined ? {} : { hook }),
    hooks: sandbox.hooks,
  }
}

/** Returns an app as its developer needs to know it. */
export function summariseApp(app: AppOptions): SandboxSummary['apps'][number] {
  const { clientId, label = clientId } = app
  const redirects = 'redirectUris' in app ? { redirectUris: app.redirectUris } : {}
  if (!('auth' in app)) return { clientId, label, authentication: 'none (PKCE)', ...redirects }
  const { auth } = app
  return auth.method === 'private_key_jwt'
    ? { clientId, label, authentication: auth.method, ...redirects }
    : { clientId, label, authentication: auth.method, clientSecret: auth.clientSecret, ...redirects }
}

/** The org itself says what it sends: a seed, a state or an option may have brought the hook. */
export function attachedHook(sandbox: Sandbox): AttachedHook | undefined {
  const called = sandbox.hooks.find(
    ({ status, rules }) =>
      status === 'ACTIVE' && rules.some(({ grantTypes }) => grantTypes.includes('client_credentials')),
  )
  const found = sandbox.exportState().inlineHooks.find(({ id }) => id === called?.id)
  return found?.auth.type === 'header'
    ? { uri: found.uri, secret: found.auth.secret, header: found.auth.header }
    : undefined
}
