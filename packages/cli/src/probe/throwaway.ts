import { machineRuleDocument, policyDocument, scopeDocument, serviceAppDocument } from '../okta/documents.ts'
import { textAt } from '../okta/members.ts'
import { policiesPathOf, rulesPathOf } from '../okta/rules.ts'
import { hooksPath, hookType } from '../provisioning/hook-steps.ts'
import { markHeader } from '../provisioning/mark.ts'
import type { Step } from '../provisioning/plan.ts'
import { markOfRun, nameOfRun } from './mark.ts'

/** What a probe has made, as far as its experiments need to know. */
export interface Throwaway {
  issuer?: string
  clientId?: string
  clientSecret?: string
}

/** What is to be made. */
export interface WantedThrowaway {
  readonly runId: string
  /** The audience of the authorization server: nobody's. */
  readonly audience: string
  /** Where Okta calls the hook, and what it sends. */
  readonly hook: { readonly uri: string; readonly secret: string }
}

/** The one scope of the throw-away server. */
export const probeScope = 'probe'

/** Returns an authorization server with one scope, a hook, an app, and a policy and a rule that join them. */
export function planThrowaway({ runId, audience, hook }: WantedThrowaway, into: Throwaway): Step[] {
  const [name, mark] = [nameOfRun(runId), markOfRun(runId)]
  let serverId = ''
  let hookId = ''
  const create = (
    kind: Step['change']['kind'],
    details: string[],
    apply: NonNullable<Step['apply']>,
  ): Step => ({
    change: { action: 'create', kind, name, details },
    apply,
  })
  return [
    create('server', [`audience ${audience}, scope ${probeScope}`], async (api) => {
      const server = await api.post('/api/v1/authorizationServers', {
        name,
        description: mark,
        audiences: [audience],
        issuerMode: 'ORG_URL',
      })
      serverId = textAt(server, 'id')
      into.issuer = `${api.orgUrl}/oauth2/${serverId}`
      await api.post(`/api/v1/authorizationServers/${serverId}/scopes`, scopeDocument(probeScope, mark))
    }),
    create('inline hook', [`calls ${hook.uri}`], async (api) => {
      const authScheme = { type: 'HEADER', key: 'Authorization', value: hook.secret }
      const config = {
        uri: hook.uri,
        method: 'POST',
        headers: [{ key: markHeader, value: mark }],
        authScheme,
      }
      const channel = { type: 'HTTP', version: '1.0.0', config }
      hookId = textAt(await api.post(hooksPath, { name, type: hookType, version: '1.0.0', channel }), 'id')
    }),
    create('app', ['a service app, client_credentials'], async (api) => {
      const app = await api.post(
        '/api/v1/apps',
        serviceAppDocument({ label: name, authentication: 'client_secret_basic', mark }),
      )
      into.clientId = textAt(app, 'credentials', 'oauthClient', 'client_id')
      into.clientSecret = textAt(app, 'credentials', 'oauthClient', 'client_secret')
    }),
    create('policy', ['for that app, with one rule that calls the hook'], async (api) => {
      const { clientId = '' } = into
      const policy = await api.post(policiesPathOf(serverId), policyDocument({ name, mark, clientId }))
      await api.post(
        rulesPathOf(serverId, policy),
        machineRuleDocument({ name, scopes: [probeScope], lifetimeMinutes: 5, hookId }),
      )
    }),
  ]
}
