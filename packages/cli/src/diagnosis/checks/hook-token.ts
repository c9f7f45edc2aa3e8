import { hookKeysPath } from '../../okta/hook-keys.ts'
import { memberAt, textAt } from '../../okta/members.ts'
import { nameOfRule } from '../../okta/rules.ts'
import { serverOfTokenSource, tokenSourceOf } from '../../provisioning/recursion.ts'
import { type Check, type Finding, failure, ok } from '../finding.ts'
import type { OrgView, RegisteredHook } from '../org-view.ts'

/** Okta can get the token that it sends to an OAuth-secured hook: without a loop, and with a key that is known. */
export const checkHookToken: Check = async ({ org }) => {
  const hook = await org?.registered()
  if (org === undefined || hook === undefined || textAt(hook.document, 'channel', 'type') !== 'OAUTH')
    return []
  return [await checkRecursion(org, hook), ...(await checkKey(org, hook))]
}

async function checkRecursion(org: OrgView, { name, document }: RegisteredHook): Promise<Finding> {
  const check = 'token for the hook'
  const clientId = textAt(document, 'channel', 'config', 'clientId')
  const loop = await org.tokenLoop()
  if (loop === undefined) return ok(check, 'no rule that issues it calls the hook')
  const server = textAt(loop.server, 'name')
  return failure(
    check,
    `a loop: '${name}' needs a token for ${clientId} → '${server}' issues it under '${nameOfRule(loop.rule)}' → that rule calls '${name}'`,
    `each call causes another until Okta gives up and issues plain tokens: let another authorization server issue it, or make a policy for ${clientId} alone, without the hook, before that one`,
  )
}

async function checkKey({ api }: OrgView, { document }: RegisteredHook): Promise<Finding[]> {
  const check = 'hook key'
  const config = (name: string): string => textAt(document, 'channel', 'config', name)
  if (config('authType') !== 'private_key_jwt') return []
  const id = config('hookKeyId')
  const key = (await api.list(hookKeysPath)).find((each) => textAt(each, 'id') === id)
  if (key === undefined)
    return [
      failure(
        check,
        `the hook uses the key '${id}', which does not exist any more, so Okta gets no token for it and issues plain ones`,
        'run behalf provision again with --hook-auth private_key_jwt, and register the new key for the client',
      ),
    ]
  const kid = textAt(key, 'keyId')
  const server = await serverOfTokenSource(api, tokenSourceOf(document))
  if (server === undefined)
    return [
      ok(
        check,
        `'${textAt(key, 'name')}' is there; whether the client's own server knows it is not seen from here`,
      ),
    ]
  return [await checkClient(api, config('clientId'), kid)]
}

/** The client of the hook is an app of the same org: its key set is seen. */
async function checkClient(api: OrgView['api'], clientId: string, kid: string): Promise<Finding> {
  const check = 'hook key'
  const app = await api.find(`/api/v1/apps/${encodeURIComponent(clientId)}`)
  if (app === undefined || app['status'] !== 'ACTIVE')
    return failure(
      check,
      `the client ${clientId} of the hook is ${app === undefined ? 'not there' : 'inactive'}, so Okta gets no token for it and issues plain ones`,
      'name another client with behalf provision --hook-client, or activate the app',
    )
  const keys = memberAt(app, 'settings', 'oauthClient', 'jwks', 'keys')
  if (!Array.isArray(keys))
    return ok(check, `the client ${clientId} names its keys by URL, which was not looked at`)
  return keys.some((each) => Object(each).kid === kid)
    ? ok(check, `the client ${clientId} knows it`)
    : failure(
        check,
        `the client ${clientId} does not know the key '${kid}' that Okta signs with, so Okta gets no token for the hook and issues plain ones`,
        'register the public key that behalf provision prints with the app (Client Credentials > Public keys)',
      )
}
