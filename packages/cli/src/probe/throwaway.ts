import type { JsonObject } from '@behalf/core'
import {
  machineRuleDocument,
  nativeAppDocument,
  policyDocument,
  scopeDocument,
  serviceAppDocument,
} from '../okta/documents.ts'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt } from '../okta/members.ts'
import { policiesPathOf, rulesPathOf } from '../okta/rules.ts'
import { hooksPath, hookType } from '../provisioning/hook-steps.ts'
import { markHeader } from '../provisioning/mark.ts'
import type { Step } from '../provisioning/plan.ts'
import { CommandError } from '../terminal/command.ts'
import { markOfRun, nameOfRun } from './mark.ts'
import type { Throwaway } from './question.ts'

/** What is to be made. */
export interface WantedThrowaway {
  readonly runId: string
  /** The audience of the authorization server: nobody's. */
  readonly audience: string
  /** Where Okta calls the hook, and what it sends. */
  readonly hook: { readonly uri: string; readonly secret: string }
  /** Where browsers end after a sign-in; nobody signs in by default. */
  readonly redirectUri?: string
}

/** The scope of the throw-away server that its rule grants. */
export const probeScope = 'probe'
/** The scope that no rule grants. */
export const ungrantedScope = 'probe.ungranted'
/** Returns what was made, once all of it is. */
export function requireMade(made: Partial<Throwaway>): Throwaway {
  const { issuer, serverId, server, policyId, ruleId, hookId, clientId, clientSecret, nativeClientId } = made
  const texts = { issuer, serverId, policyId, ruleId, hookId, clientId, clientSecret, nativeClientId }
  const missing = Object.entries(texts).filter(([, text]) => text === undefined || text === '')
  if (server === undefined || missing.length > 0)
    throw new CommandError(`Okta did not say what it made: ${missing.map(([name]) => name).join(', ')}`)
  const whole = (text: string | undefined): string => text ?? ''
  return {
    issuer: whole(issuer),
    serverId: whole(serverId),
    server,
    policyId: whole(policyId),
    ruleId: whole(ruleId),
    hookId: whole(hookId),
    clientId: whole(clientId),
    clientSecret: whole(clientSecret),
    nativeClientId: whole(nativeClientId),
    redirectUri: whole(made.redirectUri),
  }
}

/** Where nobody listens: people are never sent there, only asked whether they would be. */
const nowhere = 'http://127.0.0.1:1/behalf-probe'

/** Returns an authorization server with two scopes, a hook, two apps, and a policy and a rule that join them. */
export function planThrowaway(
  { runId, audience, hook, redirectUri }: WantedThrowaway,
  into: Partial<Throwaway>,
): Step[] {
  const [name, mark] = [nameOfRun(runId), markOfRun(runId)]
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
        // What a new server makes of this, and of an issuer mode that is not named, is a question, too.
        credentials: { signing: { rotationMode: 'MANUAL' } },
      })
      const serverId = textAt(server, 'id')
      Object.assign(into, { server, serverId, issuer: `${api.orgUrl}/oauth2/${serverId}` })
      const scopes = `/api/v1/authorizationServers/${serverId}/scopes`
      await api.post(scopes, scopeDocument(probeScope, mark))
      await api.post(scopes, scopeDocument(ungrantedScope, mark))
    }),
    create('inline hook', [`calls ${hook.uri}`], async (api) => {
      into.hookId = textAt(await api.post(hooksPath, hookDocument(name, mark, hook)), 'id')
    }),
    create('app', ['a service app, client_credentials'], async (api) => {
      const app = await api.post(
        '/api/v1/apps',
        serviceAppDocument({ label: name, authentication: 'client_secret_basic', mark }),
      )
      into.clientId = textAt(app, 'credentials', 'oauthClient', 'client_id')
      into.clientSecret = textAt(app, 'credentials', 'oauthClient', 'client_secret')
    }),
    create(
      'app',
      [
        redirectUri === undefined
          ? 'a native app, to which nobody is sent'
          : 'a native app, for everybody of the org, to which you sign in',
      ],
      async (api) => {
        const app = await api.post(
          '/api/v1/apps',
          nativeAppDocument({ label: `${name} native`, redirectUri: redirectUri ?? nowhere, mark }),
        )
        Object.assign(into, {
          nativeClientId: textAt(app, 'credentials', 'oauthClient', 'client_id'),
          redirectUri: redirectUri ?? nowhere,
        })
        if (redirectUri !== undefined) await admitEverybody(api, into.nativeClientId ?? '')
      },
    ),
    create('policy', ['for those apps, with one rule that calls the hook'], async (api) => {
      const { clientId = '', nativeClientId = '', serverId = '', hookId = '' } = into
      const policy = await api.post(
        policiesPathOf(serverId),
        policyDocument({ name, mark, clientIds: [clientId, nativeClientId] }),
      )
      into.policyId = textAt(policy, 'id')
      const rules = rulesPathOf(serverId, policy)
      const rule = { name, scopes: [probeScope], lifetimeMinutes: 5, hookId }
      into.ruleId = textAt(await api.post(rules, machineRuleDocument(rule)), 'id')
      await api.post(
        rules,
        peopleRuleDocument(machineRuleDocument({ ...rule, name: `${name} people` }), hookId),
      )
    }),
  ]
}

function hookDocument(name: string, mark: string, { uri, secret }: WantedThrowaway['hook']): JsonObject {
  const authScheme = { type: 'HEADER', key: 'Authorization', value: secret }
  const config = { uri, method: 'POST', headers: [{ key: markHeader, value: mark }], authScheme }
  return { name, type: hookType, version: '1.0.0', channel: { type: 'HTTP', version: '1.0.0', config } }
}

/** Whoever is to sign in must be let in; only one that is not there any more tomorrow is for everybody. */
async function admitEverybody(api: ManagementApi, appId: string): Promise<void> {
  const groups = await api.list('/api/v1/groups?q=Everyone&limit=10')
  const everyone = groups.find((group) => textAt(group, 'profile', 'name') === 'Everyone')
  if (everyone === undefined)
    throw new CommandError('the org shows no group Everyone, so that nobody can sign in')
  await api.put(`/api/v1/apps/${appId}/groups/${textAt(everyone, 'id')}`, {})
}

function peopleRuleDocument(rule: JsonObject, hookId: string): JsonObject {
  return {
    ...rule,
    priority: 2,
    conditions: {
      people: { users: { include: [], exclude: [] }, groups: { include: ['EVERYONE'], exclude: [] } },
      grantTypes: { include: ['authorization_code'] },
      scopes: { include: ['*'] },
    },
    actions: {
      token: {
        accessTokenLifetimeMinutes: 5,
        refreshTokenLifetimeMinutes: 10,
        inlineHook: { id: hookId },
      },
    },
  }
}
