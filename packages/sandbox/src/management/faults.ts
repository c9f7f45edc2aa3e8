import { faultCatalogue } from '../faults/fault.ts'
import { clearFaults, injectFault } from '../faults/inject-fault.ts'
import { parseFault } from '../faults/parse-fault.ts'
import { ApiFault, notFound } from '../http/api-fault.ts'
import type { LiveOrg } from '../live-org.ts'
import type { Json } from '../org/json.ts'
import { UnusableValue } from '../shape/check.ts'
import { done, ok, type Route } from './route.ts'

const path = '/sandbox/faults'
const scope = 'okta.sandbox'

/** Faults over HTTP: which there are, which are in force, bring about, clear. Not part of Okta. */
export function faultRoutes(org: LiveOrg): readonly Route[] {
  const active = (): Json => org.faults.active.map(({ id, fault }) => ({ id, ...fault }))
  const kinds = (): Json => faultCatalogue.map((entry) => ({ ...entry, parameters: { ...entry.parameters } }))
  return [
    { method: 'GET', path: '/sandbox/fault-kinds', scope, handle: () => ok(kinds()) },
    { method: 'GET', path, scope, handle: () => ok(active()) },
    {
      method: 'POST',
      path,
      scope,
      handle: async ({ body }) => {
        try {
          const fault = parseFault(body)
          return { status: 201, body: { id: await injectFault(org, fault), ...fault } }
        } catch (error) {
          if (!(error instanceof TypeError)) throw error
          const causes = error instanceof UnusableValue ? error.faults : [error.message]
          throw new ApiFault('E0000001', `Api validation failed: ${causes.join('; ')}`, causes)
        }
      },
    },
    {
      method: 'DELETE',
      path,
      scope,
      handle: () => {
        clearFaults(org)
        return done
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:id`,
      scope,
      handle: ({ param }) => {
        const id = param('id')
        if (org.faults.active.every((fault) => fault.id !== id)) throw notFound(id, 'Fault')
        clearFaults(org, id)
        return done
      },
    },
  ]
}
