import type { JsonObject } from '@behalf/core'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt } from '../okta/members.ts'
import { hookIdOf, isActive, type LocatedRule, listRules } from '../okta/rules.ts'
import { listHooks } from '../provisioning/hook-steps.ts'
import { rulesForClient, serverOfTokenSource, tokenSourceOf } from '../provisioning/recursion.ts'
import { slipsOf } from './url-slips.ts'

/** What checks read of an org, each list once however many checks look at it. */
export interface OrgView {
  readonly api: ManagementApi
  /** The hook that is registered under the hook's URL, or under one that is nearly the same. */
  registered(): Promise<RegisteredHook | undefined>
  /** What people call a token inline hook; its id when the org has none of it. */
  nameOfHook(id: string): Promise<string>
  /** The delegating authorization server; undefined when there is none of this id. */
  server(): Promise<JsonObject | undefined>
  /** The rules of the active policies of the delegating authorization server, in the order in which they are tried. */
  rules(): Promise<readonly LocatedRule[]>
  /** The rule that calls the hook for the very token that Okta needs to call it; undefined when there is none. */
  tokenLoop(): Promise<TokenLoop | undefined>
}

/** How a hook calls itself. */
export interface TokenLoop {
  /** The authorization server that issues the token for the hook. */
  readonly server: JsonObject
  readonly rule: LocatedRule
}

/** A hook as the org has it. */
export interface RegisteredHook {
  readonly id: string
  /** What a name in the org is called. */
  readonly name: string
  readonly document: JsonObject
  /** In what its URL differs from the hook's; empty when it does not. */
  readonly slips: readonly string[]
}

/** Looks at an org; nothing is read yet. */
export function viewOrg(api: ManagementApi, serverId: string, hookUrl: string | undefined): OrgView {
  const hooks = once(() => listHooks(api))
  const registered = once(async () => (hookUrl === undefined ? undefined : findHook(await hooks(), hookUrl)))
  return {
    api,
    registered,
    async nameOfHook(id) {
      const hook = (await hooks()).find((each) => textAt(each, 'id') === id)
      return hook === undefined ? id : textAt(hook, 'name')
    },
    server: once(() => api.find(`/api/v1/authorizationServers/${encodeURIComponent(serverId)}`)),
    rules: once(() => listRules(api, serverId, isActive)),
    tokenLoop: once(async () => {
      const hook = await registered()
      return hook === undefined ? undefined : findLoop(api, hook)
    }),
  }
}

async function findLoop(
  api: ManagementApi,
  { id, document }: RegisteredHook,
): Promise<TokenLoop | undefined> {
  if (textAt(document, 'channel', 'type') !== 'OAUTH') return undefined
  const source = tokenSourceOf(document)
  const server = await serverOfTokenSource(api, source)
  if (server === undefined) return undefined
  const rules = await rulesForClient(api, server, source.clientId)
  const rule = rules.find((located) => hookIdOf(located) === id)
  return rule === undefined ? undefined : { server, rule }
}

function findHook(hooks: readonly JsonObject[], url: string): RegisteredHook | undefined {
  const alike = hooks.flatMap((document) => {
    const slips = slipsOf(textAt(document, 'channel', 'config', 'uri'), url)
    return slips === undefined
      ? []
      : [{ id: textAt(document, 'id'), name: textAt(document, 'name'), document, slips }]
  })
  return alike.find(({ slips }) => slips.length === 0) ?? alike[0]
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined
  return () => {
    reading ??= read()
    return reading
  }
}
