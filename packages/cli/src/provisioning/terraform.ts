import type { JsonObject } from '@behalf/core'
import { UsageError } from '../terminal/command.ts'
import type { HookAuthentication, WantedState } from './wanted.ts'

const defaultPlaceholder = 'https://undelegated.invalid'

/**
 * Returns what is wanted as a call of the module `deploy/terraform/okta`. No secret is in it: it becomes a variable.
 *
 * @throws UsageError when the module makes something else than what is wanted
 */
export function terraformOf({
  serverId,
  placeholder,
  hook,
  rule,
  scopes,
  app,
  eventHook,
}: WantedState): readonly string[] {
  if (rule.kind !== 'own' || app === undefined)
    throw new UsageError(
      'the Terraform module makes a policy and a rule for API A alone; give --own-rule, --app and --scope, too',
    )
  if (rule.policy !== `${hook.name} for ${app.label}`)
    throw new UsageError('the Terraform module names the policy after hook and app; leave --policy out')
  if (app.authentication === 'client_secret_post')
    throw new UsageError(
      'the Terraform module makes an app with client_secret_basic or private_key_jwt; choose one with --app-auth',
    )
  if (eventHook !== undefined)
    throw new UsageError(
      'the Terraform module makes no event hook; leave --event-hook out, and register it without --print',
    )
  const { secret, settings } = authenticationOf(hook.authentication)
  return [
    ...variable(secret.name, secret.isSensitive),
    '',
    'module "behalf" {',
    '  # Where this repository is; deploy/terraform/okta in it.',
    '  source = "./behalf/deploy/terraform/okta"',
    '',
    ...assignments({
      installation: quoted(hook.name),
      hook_url: quoted(hook.uri),
      ...settings,
      server_name: quoted(serverId),
      placeholder: quoted(placeholder ?? defaultPlaceholder),
      scopes: `[${scopes.map(quoted).join(', ')}]`,
      app_label: quoted(app.label),
      ...(app.publicJwk === undefined ? {} : { app_public_jwk: mapOf(app.publicJwk) }),
      lifetime_minutes: String(rule.lifetimeMinutes),
    }),
    '}',
  ]
}

function authenticationOf(authentication: HookAuthentication): {
  readonly secret: { readonly name: string; readonly isSensitive: boolean }
  readonly settings: Readonly<Record<string, string>>
} {
  switch (authentication.kind) {
    case 'header':
      return {
        secret: { name: 'hook_secret', isSensitive: true },
        settings: { hook_auth_header: quoted(authentication.header), hook_secret: 'var.hook_secret' },
      }
    case 'private_key_jwt': {
      const { clientId, tokenUrl, scope } = authentication
      const members = [
        `client_id = ${quoted(clientId)}`,
        `token_url = ${quoted(tokenUrl)}`,
        `scope = ${quoted(scope)}`,
        'hook_key_id = var.hook_key_id',
      ]
      return {
        secret: { name: 'hook_key_id', isSensitive: false },
        settings: { hook_oauth: `{ ${members.join(', ')} }` },
      }
    }
    case 'client_secret_post':
      throw new UsageError(
        'the Terraform module lets Okta send a secret or sign; choose header or private_key_jwt with --hook-auth',
      )
  }
}

function variable(name: string, isSensitive: boolean): readonly string[] {
  return [
    `variable "${name}" {`,
    ...(isSensitive ? ['  type      = string', '  sensitive = true'] : ['  type = string']),
    '}',
  ]
}

/** As `terraform fmt` aligns them. */
function assignments(values: Readonly<Record<string, string>>): readonly string[] {
  const width = Math.max(...Object.keys(values).map(({ length }) => length))
  return Object.entries(values).map(([name, value]) => `  ${name.padEnd(width)} = ${value}`)
}

function mapOf(jwk: JsonObject): string {
  const members = Object.entries(jwk).filter(([, value]) => typeof value === 'string')
  return `{ ${members.map(([name, value]) => `${name} = ${quoted(String(value))}`).join(', ')} }`
}

/** A text of Terraform's language: what begins an expression in it is escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/([$%])\{/g, '$1$1{')
}
