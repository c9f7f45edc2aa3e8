import { servesMachines } from './layout.ts'
import type { SandboxSummary } from './summary.ts'

type Server = SandboxSummary['authorizationServers'][number]
type App = SandboxSummary['apps'][number]

/** A service that may act for users, as far as the policy goes. */
export interface Machine {
  readonly app: App
  /** One that the policy gives it. */
  readonly scope: string
}

/**
 * Finds a service whose secret is known, and a scope that the policy of a server gives it; where it can, by a rule that
 * calls a hook.
 */
export function findMachine(
  { scopes, rules }: Pick<Server, 'scopes' | 'rules'>,
  apps: readonly App[],
): Machine | undefined {
  const machines = apps
    .filter(({ clientSecret, redirectUris }) => clientSecret !== undefined && redirectUris === undefined)
    .flatMap((app) =>
      scopes.flatMap((scope) => {
        const rule = rules.find(
          (each) =>
            servesMachines(each) &&
            (each.clients === 'ALL_CLIENTS' || each.clients.includes(app.clientId)) &&
            (each.scopes.includes('*') || each.scopes.includes(scope)),
        )
        return rule === undefined ? [] : [{ app, scope, isHooked: rule.inlineHook !== undefined }]
      }),
    )
  return machines.find(({ isHooked }) => isHooked) ?? machines[0]
}
