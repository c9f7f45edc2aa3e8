import type { SandboxHook } from '@behalf/sandbox'
import { faint, type Line, line, strong } from '../terminal/line.ts'
import { shellWord } from '../terminal/shell-word.ts'
import { alignRows } from '../terminal/table.ts'
import type { SandboxSummary } from './summary.ts'
import { tryIt } from './try-it.ts'

/** Tells a developer what the org has and what to do with it; the commands can be copied. */
export function welcome(summary: SandboxSummary): Line[] {
  const { url, caFile, authorizationServers, users, apps, apiToken, hooks } = summary
  const commands = tryIt(summary)
  return [
    strong('A local Okta org, for development only. It is gone when this command ends.'),
    line`Look at it: ${strong(`${url}/`)}`,
    ...authorizationServers.flatMap(({ id, issuer, audience, scopes }) => [
      '',
      strong(`Authorization server ${id}`),
      ...alignRows(
        [
          ['issuer', issuer],
          ['audience', audience],
          ...(scopes.length === 0 ? [] : [['scopes', scopes.join(' ')]]),
        ],
        '  ',
      ),
    ]),
    '',
    line`${strong('Users')}${faint('  (no password is asked)')}`,
    ...alignRows(
      users.map(({ login, name = '' }) => [login, name]),
      '  ',
    ),
    '',
    strong('Apps'),
    ...alignRows(
      apps.map(({ label, clientId, authentication, clientSecret, redirectUris = [] }) => [
        label,
        clientId,
        authentication,
        clientSecret ?? redirectUris.join(' '),
      ]),
      '  ',
    ),
    '',
    strong(hooks.length > 1 ? 'Inline hooks' : 'Inline hook'),
    ...(hooks.length === 0
      ? [
          '  none: machine tokens stay plain; start with --hook http://127.0.0.1:8080/inline-hook --hook-secret hook-secret-0123456789',
        ]
      : hooks.map(describeHook)),
    ...(caFile === undefined
      ? []
      : ['', strong('Certificate authority'), `  NODE_EXTRA_CA_CERTS=${shellWord(caFile)}`]),
    ...(apiToken === undefined
      ? []
      : ['', strong('Management API'), `  OKTA_ORG_URL=${url} OKTA_API_TOKEN=${apiToken}`]),
    ...(commands.length === 0 ? [] : ['', strong('Try it'), ...commands]),
  ]
}

function describeHook({ uri, status, rules }: SandboxHook): string {
  if (status !== 'ACTIVE') return `  ${uri}, not active`
  if (rules.length === 0) return `  ${uri}, called for nothing: no rule names it`
  const occasions = rules.map(({ serverId, grantTypes }) => `${grantTypes.join(' and ')} at ${serverId}`)
  return `  ${uri}, called for ${[...new Set(occasions)].join(', ')}`
}
