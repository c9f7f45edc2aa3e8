import { configFromEnvironment } from '@behalf/hook'

/** What `deploy/aws` gives a function. */
const setByStack: ReadonlySet<string> = new Set([
  ...['AUDIENCE', 'CLIENT_IDS', 'HOOK_SECRET', 'ISSUER'],
  ...['RESOURCE', 'RESOURCE_VERIFIER', 'SEALING_KEYS', 'SEALING_REQUIRED'],
])

/**
 * Returns the environment variables that a configuration reads: those that it names, and of those that were read when it was
 * loaded the ones that it names elsewhere. Without sources, all that were read.
 */
export function variablesOf(
  sources: readonly string[],
  read: readonly string[],
): { readonly setByStack: readonly string[]; readonly others: readonly string[] } {
  const text = sources.join('\n')
  const named = [
    ...[...text.matchAll(/\benv(?:\??\.([A-Za-z_]\w*)|(?:\?\.)?\[\s*['"`]([^'"`]+)['"`]\s*\])/g)].map(
      ([, member, quoted]) => member ?? quoted ?? '',
    ),
    ...[...text.matchAll(/\{([^{}]*)\}\s*=\s*(?:process\.)?env\b/g)].flatMap(([, members = '']) =>
      members.split(',').map((member) => /^\s*([A-Za-z_]\w*)/.exec(member)?.[1] ?? ''),
    ),
  ]
  const isNamed = (name: string): boolean =>
    sources.length === 0 ? !/^(NODE_|WATCH_|AWS_|_)/.test(name) : new RegExp(`\\b${name}\\b`).test(text)
  const readForIt = /\bconfigFromEnvironment\b/.test(text) ? variablesOfHook() : []
  const variables = new Set([
    ...named,
    ...readForIt,
    ...read.filter((name) => /^\w+$/.test(name) && isNamed(name)),
  ])
  const sorted = [...variables].filter((name) => name !== '').toSorted()
  return {
    setByStack: sorted.filter((name) => setByStack.has(name)),
    others: sorted.filter((name) => !setByStack.has(name)),
  }
}

/** What `configFromEnvironment` reads, set or not, but for what it refuses. */
function variablesOfHook(): readonly string[] {
  const read = new Set<string>()
  const get = (_: object, name: string): undefined => {
    read.add(name)
  }
  try {
    configFromEnvironment(new Proxy({}, { get }))
  } catch {
    // That nothing is set is no fault here.
  }
  read.delete('POLICY_FILES')
  return [...read]
}
