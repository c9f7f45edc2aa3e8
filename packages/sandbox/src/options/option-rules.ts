import type { AppOptions, AuthorizationServerOptions, SandboxOptions } from './sandbox-options.ts'

/**
 * Refuses options that make no org: ids used twice, references to nothing, values out of range.
 *
 * @throws TypeError with one line for each fault: its path, what is wrong, what is expected
 */
export function requireValidOptions(options: SandboxOptions): void {
  const faults = findOptionFaults(options)
  if (faults.length > 0) throw new TypeError(`the sandbox cannot start:\n${faults.join('\n')}`)
}

/** Every fault of the options, each with its path; none when they make an org. */
export function findOptionFaults(options: SandboxOptions): readonly string[] {
  return [...findFaults(options)]
}

function* findFaults(options: SandboxOptions): Generator<string> {
  const { authorizationServers = [], apps = [], users = [], inlineHooks = [], hook, hookTimeoutMs } = options
  yield* repeated(
    'authorizationServers',
    'id',
    authorizationServers.map(({ id }) => id),
  )
  yield* repeated(
    'apps',
    'clientId',
    apps.map(({ clientId }) => clientId),
  )
  yield* repeated(
    'users',
    'login',
    users.map(({ login }) => login),
  )
  yield* repeated(
    'inlineHooks',
    'id',
    inlineHooks.map(({ id }) => id),
  )
  for (const [index, app] of apps.entries()) yield* appFaults(`apps[${index}]`, app)
  const hookIds = new Set(inlineHooks.map(({ id }) => id))
  for (const [index, server] of authorizationServers.entries()) {
    yield* serverFaults(`authorizationServers[${index}]`, server, hookIds)
  }
  for (const [index, { uri }] of inlineHooks.entries()) yield* uriFaults(`inlineHooks[${index}].uri`, uri)
  if (hook !== undefined) yield* uriFaults('hook.uri', hook.uri)
  if (hookTimeoutMs !== undefined && !(hookTimeoutMs > 0)) {
    yield 'hookTimeoutMs: expected a positive number of milliseconds'
  }
}

function* serverFaults(
  path: string,
  { id, policies = [] }: AuthorizationServerOptions,
  hookIds: ReadonlySet<string>,
): Generator<string> {
  if (!/^[\w-]+$/.test(id)) yield `${path}.id: expected letters, digits, '-' and '_' only`
  for (const [policyIndex, { rules }] of policies.entries()) {
    for (const [ruleIndex, rule] of rules.entries()) {
      const at = `${path}.policies[${policyIndex}].rules[${ruleIndex}]`
      const { inlineHook, accessTokenLifetimeSeconds: lifetime = 3600 } = rule
      if (inlineHook !== undefined && !hookIds.has(inlineHook)) {
        yield `${at}.inlineHook: expected the id of one of inlineHooks`
      }
      if (!Number.isInteger(lifetime) || lifetime < 300 || lifetime > 86_400) {
        yield `${at}.accessTokenLifetimeSeconds: expected a whole number from 300 to 86400`
      }
    }
  }
}

function* appFaults(path: string, app: AppOptions): Generator<string> {
  if (app.type === 'spa') {
    for (const [index, uri] of app.redirectUris.entries()) {
      if (!URL.canParse(uri)) yield `${path}.redirectUris[${index}]: expected an absolute URL`
    }
  } else if (app.auth.method === 'private_key_jwt') {
    if (app.auth.keys.length === 0) yield `${path}.auth.keys: expected at least one public key`
  } else if (!/^[\x20-\x7e]+$/.test(app.auth.clientSecret)) {
    yield `${path}.auth.clientSecret: expected printable ASCII characters`
  }
}

function* uriFaults(path: string, uri: string): Generator<string> {
  const { protocol } = URL.parse(uri) ?? {}
  if ((protocol !== 'http:' && protocol !== 'https:') || uri.length > 1024) {
    yield `${path}: expected an http or https URL of at most 1024 characters`
  }
}

function* repeated(path: string, member: string, values: readonly string[]): Generator<string> {
  for (const [index, value] of values.entries()) {
    if (values.indexOf(value) !== index) yield `${path}[${index}].${member}: is used twice`
  }
}
