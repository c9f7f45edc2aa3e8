import type { JsonObject } from '@behalf/core'
import { isJsonObject, isTrustworthyUrl, parseStrictJson } from '@behalf/core/internal'
import { whySecretUnusable } from '@behalf/hook'
import { defaultEventTypes } from '@behalf/hook/events'
import { readResourceSettings } from '../config/resource-settings.ts'
import { readNamedFile } from '../files/read-file.ts'
import { CommandError, UsageError } from '../terminal/command.ts'
import type { HookAuthentication, WantedEventHook, WantedRule, WantedState } from './wanted.ts'

/** The options of `behalf provision` that say what is wanted. */
export interface WantedOptions {
  readonly server: string | undefined
  readonly resource: string | undefined
  readonly policy: string | undefined
  readonly rule: string | undefined
  readonly ownRule: boolean
  readonly lifetimeMinutes: number | undefined
  readonly adopt: boolean
  readonly hook: string | undefined
  readonly hookName: string
  readonly hookAuth: string | undefined
  readonly hookAuthHeader: string | undefined
  readonly hookClient: string | undefined
  readonly hookTokenUrl: string | undefined
  readonly hookScope: string | undefined
  readonly replaceSecret: boolean
  readonly eventHook: string | undefined
  readonly eventHookHeader: string | undefined
  readonly events: readonly string[]
  readonly scopes: readonly string[]
  readonly app: string | undefined
  readonly appAuth: string | undefined
  readonly appKey: string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

const maxUriLength = 1024

/** Reads what is wanted from options and, as far as it is secret, from the environment. */
export async function readWanted(options: WantedOptions, env: Environment): Promise<WantedState> {
  const { hook: uri, hookName: name, server = 'default', scopes, replaceSecret, adopt } = options
  if (uri === undefined) throw new UsageError('--hook is missing: the https URL of the inline hook')
  if (!isTrustworthyUrl(uri) || uri.length > maxUriLength)
    throw new UsageError(
      `--hook must be an https URL (http on loopback) of at most ${maxUriLength} characters`,
    )
  const app = await readApp(options)
  const settings = readResourceSettings(options.resource, env)
  const eventHook = readEventHook(options, env)
  return {
    serverId: server,
    hook: { name, uri, authentication: readAuthentication(options, env), replaceSecret },
    ...(eventHook === undefined ? {} : { eventHook }),
    adopt,
    rule: readRule(options),
    scopes,
    ...(settings === undefined ? {} : { placeholder: settings.placeholder }),
    ...(app === undefined ? {} : { app }),
  }
}

/** Okta verifies the URL at once, so its owner must know the secret before, and none is made up here. */
function readEventHook(
  { eventHook: uri, eventHookHeader, events, replaceSecret }: WantedOptions,
  { EVENT_HOOK_SECRET: secret }: Environment,
): WantedEventHook | undefined {
  if (uri === undefined) {
    if (eventHookHeader !== undefined || events.length > 0)
      throw new UsageError('--event and --event-hook-header are for an event hook; give --event-hook, too')
    return undefined
  }
  if (!isTrustworthyUrl(uri) || uri.length > maxUriLength)
    throw new UsageError(
      `--event-hook must be an https URL (http on loopback) of at most ${maxUriLength} characters`,
    )
  if (!secret)
    throw new UsageError(
      'EVENT_HOOK_SECRET is not set: what the hook was started with as the secret of revocation.events',
    )
  const problem = whySecretUnusable(secret)
  if (problem !== undefined)
    throw new UsageError(`EVENT_HOOK_SECRET ${problem}; the hook would not start with it`)
  const types = events.length === 0 ? defaultEventTypes : [...new Set(events)]
  return { uri, header: eventHookHeader ?? 'Authorization', secret, types, replaceSecret }
}

function readRule({
  policy,
  rule: name,
  ownRule,
  lifetimeMinutes,
  app,
  scopes,
  hookName,
}: WantedOptions): WantedRule {
  if (!ownRule) {
    if (lifetimeMinutes !== undefined)
      throw new UsageError('--lifetime-minutes is for --own-rule; the lifetime of other rules is not changed')
    return { kind: 'present', policy, name }
  }
  if (app === undefined || scopes.length === 0)
    throw new UsageError('--own-rule needs --app and at least one --scope: for whom and for what the rule is')
  if (name !== undefined)
    throw new UsageError('--own-rule and --rule exclude each other; name the policy with --policy')
  const shortestMinutes = 5
  return {
    kind: 'own',
    policy: policy ?? `${hookName} for ${app}`,
    lifetimeMinutes: lifetimeMinutes ?? shortestMinutes,
  }
}

function readAuthentication(
  options: WantedOptions,
  { HOOK_SECRET, HOOK_CLIENT_SECRET }: Environment,
): HookAuthentication {
  const { hookAuth: kind = 'header', hookAuthHeader } = options
  const { hookClient: clientId, hookTokenUrl: tokenUrl, hookScope: scope } = options
  if (kind === 'header') {
    if (clientId !== undefined || tokenUrl !== undefined || scope !== undefined)
      throw new UsageError(
        '--hook-client, --hook-token-url and --hook-scope are for OAuth; give --hook-auth, too, or leave them out',
      )
    const problem = HOOK_SECRET ? whySecretUnusable(HOOK_SECRET) : undefined
    if (problem !== undefined)
      throw new UsageError(`HOOK_SECRET ${problem}; the hook would not start with it`)
    return { kind, header: hookAuthHeader ?? 'Authorization', secret: HOOK_SECRET || undefined }
  }
  if (kind !== 'client_secret_post' && kind !== 'private_key_jwt')
    throw new UsageError('--hook-auth must be header, client_secret_post or private_key_jwt')
  if (hookAuthHeader !== undefined)
    throw new UsageError(`--hook-auth-header is for a secret in a header, not for --hook-auth ${kind}`)
  if (clientId === undefined || tokenUrl === undefined || scope === undefined)
    throw new UsageError(`--hook-auth ${kind} needs --hook-client, --hook-token-url and --hook-scope`)
  if (!isTrustworthyUrl(tokenUrl))
    throw new UsageError('--hook-token-url must be an https URL (http on loopback)')
  if (kind === 'private_key_jwt') return { kind, clientId, tokenUrl, scope }
  if (!HOOK_CLIENT_SECRET)
    throw new UsageError(
      "HOOK_CLIENT_SECRET is not set: the secret of Okta's client at the hook's authorization server",
    )
  return { kind, clientId, clientSecret: HOOK_CLIENT_SECRET, tokenUrl, scope }
}

async function readApp({ app: label, appAuth, appKey }: WantedOptions): Promise<WantedState['app']> {
  const authentication = appAuth ?? 'client_secret_basic'
  if (label === undefined) {
    if (appAuth !== undefined || appKey !== undefined)
      throw new UsageError('--app-auth and --app-key are for a service app; give --app, too')
    return undefined
  }
  if (authentication === 'client_secret_basic' || authentication === 'client_secret_post')
    return { label, authentication }
  if (authentication !== 'private_key_jwt')
    throw new UsageError('--app-auth must be client_secret_basic, client_secret_post or private_key_jwt')
  if (appKey === undefined)
    throw new UsageError(
      '--app-auth private_key_jwt needs --app-key, the file of a public JWK; behalf keys makes one',
    )
  return { label, authentication, publicJwk: await readPublicJwk(appKey) }
}

async function readPublicJwk(file: string): Promise<JsonObject> {
  const text = await readNamedFile(file, 'the file that --app-key names')
  const parsed = parseStrictJson(text, 4)
  if (!parsed.ok || !isJsonObject(parsed.value) || typeof parsed.value['kty'] !== 'string')
    throw new CommandError('the file that --app-key names holds no JWK')
  if ('d' in parsed.value)
    throw new CommandError('the file that --app-key names holds a private key; give the public one')
  return parsed.value
}
