import type { Seed } from '../seed.ts'

/** Says where parts of the options do not go together: ids used twice, references to nothing; each with its path. */
export function* contradictions(options: Seed): Generator<string> {
  const { authorizationServers = [], apps = [], users = [], groups = [] } = options
  const { inlineHooks = [], hookKeys = [] } = options
  if (options.tls !== undefined && options.baseUrl?.startsWith('http:') === true)
    yield 'baseUrl: expected https, since the org speaks TLS'
  yield* repeated('authorizationServers', 'id', authorizationServers)
  yield* repeated('apps', 'clientId', apps)
  yield* repeated('users', 'login', users)
  yield* repeated('users', 'id', users)
  yield* repeated('groups', 'name', groups)
  yield* repeated('groups', 'id', groups)
  yield* repeated('inlineHooks', 'id', inlineHooks)
  yield* repeated('hookKeys', 'id', hookKeys)
  for (const [index, { auth }] of inlineHooks.entries()) {
    if (!('hookKeyId' in auth) || hookKeys.some(({ id }) => id === auth.hookKeyId)) continue
    yield `inlineHooks[${index}].auth.hookKeyId: expected the id of one of hookKeys`
  }
  const serverIds = authorizationServers.map(({ id }) => id)
  for (const [index, { trustedServers = [] }] of authorizationServers.entries())
    if (trustedServers.some((id) => !serverIds.includes(id)))
      yield `authorizationServers[${index}].trustedServers: expected ids of authorizationServers`
  const hookIds = new Set(inlineHooks.map(({ id }) => id))
  for (const [index, { policies = [] }] of authorizationServers.entries()) {
    for (const [policyIndex, { rules }] of policies.entries()) {
      for (const [ruleIndex, { inlineHook }] of rules.entries()) {
        if (inlineHook === undefined || hookIds.has(inlineHook)) continue
        const rule = `authorizationServers[${index}].policies[${policyIndex}].rules[${ruleIndex}]`
        yield `${rule}.inlineHook: expected the id of one of inlineHooks`
      }
    }
  }
}

function* repeated<Name extends string>(
  path: string,
  member: Name,
  entries: readonly { readonly [name in Name]?: string }[],
): Generator<string> {
  const seen = new Set<string>()
  for (const [index, { [member]: value }] of entries.entries()) {
    if (value === undefined) continue
    if (seen.has(value)) yield `${path}[${index}].${member}: is used twice`
    seen.add(value)
  }
}
