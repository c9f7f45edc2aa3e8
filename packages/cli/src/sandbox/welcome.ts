import type { AppOptions, Sandbox, SandboxHook } from '@behalf/sandbox'
import { usersServerId } from '../exchange/users-server.ts'
import { faint, type Line, line, strong } from '../terminal/line.ts'
import { alignRows } from '../terminal/table.ts'
import { hookVariables, type Layout, layoutOf } from './layout.ts'

/** The hook that an org calls, as its operator must know it. */
export interface AttachedHook {
  readonly uri: string
  readonly secret: string
  readonly header: string
}

/** Everything about an org that a developer puts into other programs, secrets included: they protect nothing. */
export interface SandboxSummary {
  readonly url: string
  readonly authorizationServers: readonly {
    readonly id: string
    readonly issuer: string
    readonly audience: string
    readonly tokenEndpoint: string
    readonly scopes: readonly string[]
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
  /** Only when its secret is known. */
  readonly hook?: AttachedHook
  readonly hooks: readonly SandboxHook[]
}

/** Collects what a developer needs from a running org. */
export function summarise(
  sandbox: Sandbox,
  apiToken: string | undefined,
  hook: AttachedHook | undefined,
): SandboxSummary {
  return {
    url: sandbox.url,
    authorizationServers: sandbox.servers.map(({ id, issuer, audience, tokenEndpoint, scopes }) => ({
      id,
      issuer,
      audience,
      tokenEndpoint,
      scopes,
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

function summariseApp(app: AppOptions): SandboxSummary['apps'][number] {
  const { clientId, label = clientId } = app
  const redirects = 'redirectUris' in app ? { redirectUris: app.redirectUris } : {}
  if (!('auth' in app)) return { clientId, label, authentication: 'none (PKCE)', ...redirects }
  const { auth } = app
  return auth.method === 'private_key_jwt'
    ? { clientId, label, authentication: auth.method, ...redirects }
    : { clientId, label, authentication: auth.method, clientSecret: auth.clientSecret, ...redirects }
}

/** Tells a developer what the org has and what to do with it; the commands can be copied. */
export function welcome(summary: SandboxSummary): Line[] {
  const { url, authorizationServers, users, apps, apiToken, hooks } = summary
  return [
    strong('A local Okta org, for development only. It is gone when this command ends.'),
    ...authorizationServers.flatMap(({ id, issuer, audience, scopes }) => [
      '',
      strong(`Authorization server ${id}`),
      ...alignRows(
        [
          ['issuer', issuer],
          ['audience', audience],
          ...(scopes.length === 0 ? [] : [['scopes', scopes.join(' ')]]),
        ],
        '  ',
      ),
    ]),
    '',
    line`${strong('Users')}${faint('  (no password is asked)')}`,
    ...alignRows(
      users.map(({ login, name = '' }) => [login, name]),
      '  ',
    ),
    '',
    strong('Apps'),
    ...alignRows(
      apps.map(({ label, clientId, authentication, clientSecret, redirectUris = [] }) => [
        label,
        clientId,
        authentication,
        clientSecret ?? redirectUris.join(' '),
      ]),
      '  ',
    ),
    '',
    strong(hooks.length > 1 ? 'Inline hooks' : 'Inline hook'),
    ...(hooks.length === 0
      ? [
          '  none: machine tokens stay plain; start with --hook http://127.0.0.1:8080/inline-hook --hook-secret hook-secret-0123456789',
        ]
      : hooks.map(describeHook)),
    ...(apiToken === undefined
      ? []
      : ['', strong('Management API'), `  OKTA_ORG_URL=${url} OKTA_API_TOKEN=${apiToken}`]),
    ...tryIt(summary),
  ]
}

function describeHook({ uri, status, rules }: SandboxHook): string {
  if (status !== 'ACTIVE') return `  ${uri}, not active`
  if (rules.length === 0) return `  ${uri}, called for nothing: no rule names it`
  const occasions = rules.map(({ serverId, grantTypes }) => `${grantTypes.join(' and ')} at ${serverId}`)
  return `  ${uri}, called for ${[...new Set(occasions)].join(', ')}`
}

function tryIt(summary: SandboxSummary): Line[] {
  const {
    url,
    authorizationServers,
    users: [user],
    apps,
    hook,
    apiToken,
  } = summary
  const service = apps.find(
    ({ clientSecret, redirectUris }) => clientSecret !== undefined && redirectUris === undefined,
  )
  const layout = layoutOf(authorizationServers)
  if (layout === undefined || service === undefined) return []
  const { delegation } = layout
  const [scope] = delegation.scopes
  const plainToken = [
    '',
    line`  ${faint('# a machine token')}`,
    `  curl -s -u '${service.clientId}:${service.clientSecret}' -d grant_type=client_credentials${scope === undefined ? '' : ` -d scope=${scope}`} ${delegation.tokenEndpoint}`,
  ]
  const startHook = [
    '',
    line`  ${faint('# the hook, in another terminal')}`,
    `  ${hookVariables(layout)} HOOK_SECRET=${hook?.secret ?? 'hook-secret-0123456789'}${headerVariable(hook)} npx behalf serve${portOption(hook)}`,
  ]
  const exchange =
    user === undefined
      ? []
      : [
          '',
          line`  ${faint(`# ${service.label} acts for ${user.login}`)}`,
          `  ${orgVariables(summary)}CLIENT_ID=${service.clientId} CLIENT_SECRET=${service.clientSecret} npx behalf exchange --issuer ${delegation.issuer}${signInOption(layout)}${scope === undefined ? '' : ` --scope ${scope}`} --sign-in ${user.login}`,
        ]
  const canSignIn = apps.some(({ redirectUris = [] }) => redirectUris.length > 0)
  const token =
    apiToken === undefined || user === undefined || !canSignIn
      ? []
      : [
          '',
          line`  ${faint(`# a token of ${user.login}, for API A`)}`,
          `  OKTA_API_TOKEN=${apiToken} npx behalf token ${user.login} --sandbox ${url}`,
        ]
  const fault =
    apiToken === undefined || hook === undefined
      ? []
      : [
          '',
          line`  ${faint('# let the hook be slow, and be well again: npx behalf fault clear')}`,
          `  OKTA_API_TOKEN=${apiToken} npx behalf fault hook-slow delayMs=4000 --sandbox ${url}`,
        ]
  return ['', strong('Try it'), ...plainToken, ...token, ...startHook, ...exchange, ...fault]
}

/** What lets a command ask for the app to sign in to; it knows the one of the default org. */
function orgVariables({ url, apps, apiToken }: SandboxSummary): string {
  const isDefault = apps.some(({ clientId }) => clientId === '0oaSpa00000000000001')
  return isDefault || apiToken === undefined ? '' : `OKTA_ORG_URL=${url} OKTA_API_TOKEN=${apiToken} `
}

/** Where the user signs in, when exchange would not find it. */
function signInOption({
  users,
  delegation,
}: Layout<{ id: string; issuer: string; audience: string }>): string {
  return users === delegation || users.id === usersServerId ? '' : ` --user-issuer ${users.issuer}`
}

function headerVariable(hook: AttachedHook | undefined): string {
  return hook === undefined || /^authorization$/i.test(hook.header)
    ? ''
    : ` HOOK_AUTH_HEADER=${quoted(hook.header)}`
}

/** As a shell reads it; the name of a header may hold `$`, backquotes and the like. */
function quoted(name: string): string {
  return /^[\w-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`
}

function portOption(hook: AttachedHook | undefined): string {
  const port = hook === undefined ? '' : new URL(hook.uri).port
  return port === '' || port === '8080' ? '' : ` --port ${port}`
}
