import { isLoopback } from '@behalf/core/internal'
import { faint, type Line, line } from '../terminal/line.ts'
import { shellArgument, shellOption, shellWord } from '../terminal/shell-word.ts'
import { hookVariables, type Layout, type LayoutServer, layoutOf } from './layout.ts'
import { findMachine, type Machine } from './machine.ts'
import type { AttachedHook, SandboxSummary } from './summary.ts'

type Server = SandboxSummary['authorizationServers'][number]
type App = SandboxSummary['apps'][number]

/** What the commands call the file of private keys, in the folder that they are run in. */
const keysFile = 'sealing-keys.json'
const defaultUrl = 'http://127.0.0.1:8090'

/** Says what to do with the org, in commands that can be copied and work: what this org cannot do is left out. */
export function tryIt(summary: SandboxSummary): Line[] {
  const {
    url,
    caFile,
    users: [user],
    apps,
    apiToken,
    hook,
    authorizationServers,
  } = summary
  const layout = layoutOf(authorizationServers)
  const machine = layout === undefined ? undefined : findMachine(layout.delegation, apps)
  const reach = reachVariables(summary)
  const at = url === defaultUrl ? '' : ` --sandbox ${shellWord(url)}`
  const signsIn = apps.some(
    ({ redirectUris = [], authentication }) =>
      redirectUris.length > 0 && authentication !== 'private_key_jwt',
  )
  const commands: (readonly [what: string, command: string])[] = []
  if (layout !== undefined && machine !== undefined)
    commands.push(['a machine token', machineToken(layout.delegation, machine, caFile)])
  if (layout !== undefined && user !== undefined && signsIn) {
    const server = layout.usersAreDefault ? '' : ` --server ${layout.users.id}`
    commands.push([
      `a token of ${user.login}, for API A`,
      `${reach}npx behalf token${server}${at} ${shellArgument(user.login)}`,
    ])
  }
  const servesHook = hook === undefined ? summary.hooks.length === 0 : isServed(hook)
  if (layout !== undefined && servesHook)
    commands.push(
      [
        "a key that users' tokens are sealed for, so that no URL and no log holds one that works",
        `npx behalf keys seal --out ${keysFile}`,
      ],
      [
        'the hook, in another terminal',
        `${reach}${variablesOf(layout)} SEALING_KEYS_FILE=${keysFile} HOOK_SECRET=${shellWord(hook?.secret ?? 'hook-secret-0123456789')}${headerVariable(hook)} npx behalf serve${portOption(hook)}`,
      ],
    )
  if (layout !== undefined && machine !== undefined && user !== undefined && signsIn && hook !== undefined) {
    const { app, scope } = machine
    const issuer = layout.usersAreDefault ? '' : ` ${shellOption('user-issuer', layout.users.issuer)}`
    // Whether another hook opens seals is not known here.
    const sealKeys = new URL('/.well-known/jwks.json', hook.uri).href
    const seals = servesHook ? ` SEAL_JWKS_URI=${shellWord(sealKeys)}` : ''
    commands.push([
      `${app.label} acts for ${user.login}${servesHook ? '' : '; SEAL_JWKS_URI seals the token where the hook takes that'}`,
      `${reach}${clientVariables(app)}${seals} npx behalf exchange ${shellOption('issuer', layout.delegation.issuer)}${issuer} ${shellOption('scope', scope)} ${shellOption('sign-in', user.login)}`,
    ])
  }
  if (apiToken !== undefined && hook !== undefined)
    commands.push([
      'let the hook be slow, and be well again: npx behalf fault clear',
      `${reach}OKTA_API_TOKEN=${shellWord(apiToken)} npx behalf fault hook-slow delayMs=4000${at}`,
    ])
  return commands.flatMap(([what, command]) => ['', line`  ${faint(`# ${what}`)}`, `  ${command}`])
}

function machineToken(
  { tokenEndpoint }: Server,
  { app, scope }: Machine,
  caFile: string | undefined,
): string {
  const { clientId, clientSecret = '', authentication } = app
  const trust = caFile === undefined ? '' : ` --cacert ${shellWord(caFile)}`
  const credentials =
    authentication === 'client_secret_post'
      ? `--data-urlencode ${shellWord(`client_id=${clientId}`)} --data-urlencode ${shellWord(`client_secret=${clientSecret}`)}`
      : `-u ${shellWord(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`)}`
  return `curl -s${trust} ${credentials} -d grant_type=client_credentials --data-urlencode ${shellWord(`scope=${scope}`)} ${shellWord(tokenEndpoint)}`
}

/** As credentials in the header are (RFC 6749 §2.3.1). */
function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length)
}

function clientVariables({ clientId, clientSecret = '', authentication }: App): string {
  const method = authentication === 'client_secret_post' ? ' CLIENT_AUTH=client_secret_post' : ''
  return `CLIENT_ID=${shellWord(clientId)} CLIENT_SECRET=${shellWord(clientSecret)}${method}`
}

/** What the hook is told, as a shell has it. */
function variablesOf(layout: Layout<LayoutServer>): string {
  return Object.entries(hookVariables(layout))
    .map(([name, value]) => `${name}=${shellWord(value)}`)
    .join(' ')
}

/** What lets a command speak to an org that is not plain http on this machine. */
function reachVariables({ url, caFile }: SandboxSummary): string {
  const { protocol, hostname } = new URL(url)
  if (caFile !== undefined) return `NODE_EXTRA_CA_CERTS=${shellWord(caFile)} `
  return protocol === 'https:' || isLoopback(hostname) ? '' : `INSECURE_HOSTS=${shellWord(hostname)} `
}

/** Whether `behalf serve` on this machine would be what is called. */
function isServed({ uri }: AttachedHook): boolean {
  const { protocol, hostname, pathname } = new URL(uri)
  return protocol === 'http:' && isLoopback(hostname) && pathname === '/inline-hook'
}

function headerVariable(hook: AttachedHook | undefined): string {
  return hook === undefined || /^authorization$/i.test(hook.header)
    ? ''
    : ` HOOK_AUTH_HEADER=${shellWord(hook.header)}`
}

function portOption(hook: AttachedHook | undefined): string {
  const port = hook === undefined ? '8080' : new URL(hook.uri).port || '80'
  return port === '8080' ? '' : ` --port ${port}`
}
