import { ApiFault } from '../http/api-fault.ts'
import type { JsonObject } from '../org/json.ts'
import { UnusableValue } from '../shape/check.ts'
import type { Route } from './route.ts'

/** Users' tokens over HTTP, for whoever could sign in as any of them: no password is asked. Not part of Okta. */
export function tokenRoutes(request: (options: JsonObject) => Promise<string>): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/sandbox/tokens',
      scope: 'okta.sandbox',
      open: true,
      handle: async ({ body }) => {
        try {
          return { status: 201, body: { access_token: await request(body) } }
        } catch (error) {
          if (!(error instanceof Error)) throw error
          const causes = error instanceof UnusableValue ? error.faults : [error.message]
          throw new ApiFault('E0000001', `Api validation failed: ${causes.join('; ')}`, causes)
        }
      },
    },
  ]
}
