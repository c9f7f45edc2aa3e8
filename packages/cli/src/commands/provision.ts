import { existsSync } from 'node:fs'
import { writePrivateFile } from '../files/new-file.ts'
import { oktaCredentialsHelp, readOktaCredentials } from '../okta/credentials.ts'
import { connectToOkta, type ManagementApi } from '../okta/management-api.ts'
import { patienceOf } from '../okta/rate-limit.ts'
import { describeChange, describeMade, describePlan } from '../provisioning/describe-plan.ts'
import { applyPlan, changesSomething, type Made, type Plan } from '../provisioning/plan.ts'
import { planProvisioning, planRemoval } from '../provisioning/plans.ts'
import { readWanted } from '../provisioning/read-wanted.ts'
import { type Command, CommandError, type Terminal, UsageError } from '../terminal/command.ts'
import { readOptions } from '../terminal/options.ts'
import { paintFor } from '../terminal/paint.ts'
import { printable } from '../terminal/printable.ts'
import { whileWaiting } from '../terminal/progress.ts'

/** Exit code of a plan that was shown and not applied although it changes something. */
const notApplied = 3

/** Brings an org to the wanted state, or undoes it. */
export const provision: Command = {
  name: 'provision',
  summary:
    'register the hook with an Okta org, attach it to a policy rule, create scopes and the service app',
  help: `Usage: behalf provision --hook URL [options] [--yes] [--json]
       behalf provision --destroy [--server ID] [--hook-name NAME] [--app LABEL] [--yes] [--json]

Compares the org with what is wanted, shows the difference, and applies it after a question, or with --yes. Running it
again changes nothing. What it makes bears a mark with the name of the hook; what does not bear it, somebody else has
made, and it is not replaced, detached or destroyed. A rule that calls another hook, or that serves sign-ins, too, is
refused. --destroy undoes what it made: it detaches the hook from every rule, deletes it, and deletes key, policy, app
and scopes. It can be run again when it broke off.

  --hook URL             the https URL of the inline hook
  --hook-name NAME       its name at Okta; Behalf by default
  --hook-auth METHOD     header (default), client_secret_post or private_key_jwt
  --hook-auth-header N   the header that carries the secret; Authorization by default
  --hook-client ID, --hook-token-url URL, --hook-scope S
                         for OAuth: as whom, where and for which scope Okta obtains the token that it sends
  --replace-secret       register HOOK_SECRET, or a new secret, although the hook has one
  --server ID            the authorization server; default by default
  --policy NAME, --rule NAME
                         the rule that calls the hook; needed when several serve client_credentials
  --own-rule             make a policy (--policy) for --app alone, tried before all others, whose one rule serves
                         client_credentials, grants each --scope and calls the hook
  --lifetime-minutes N   how long its tokens live, 5 to 1440; 5 by default
  --adopt                take over a hook of that name that somebody else has made; --destroy deletes it then
  --scope S              a scope that must be there; may be repeated
  --app LABEL            a service app that must be there: API A
  --app-auth METHOD      client_secret_basic (default), client_secret_post or private_key_jwt
  --app-key FILE         its public key, a JWK, for private_key_jwt
  --secrets-file FILE    where to write the secrets that were made, for their owner only; printed by default
  --destroy              undo it
  --yes                  do not ask
  --json                 print one JSON document

The credentials are read from the environment:
${oktaCredentialsHelp}
  HOOK_SECRET            what Okta sends to the hook; a new one by default
  HOOK_CLIENT_SECRET     the secret of Okta's client, for client_secret_post

Exit codes: 0 as wanted, 1 failed or refused, 2 wrong use, 3 there is something to change and it was not applied.

Examples:
  behalf provision --hook https://hook.example.com/inline-hook --scope orders:read --app 'API A'
  behalf provision --hook https://hook.example.com/inline-hook --scope orders:read --app 'API A' --own-rule
  behalf provision --destroy --app 'API A' --yes`,

  async run(args, terminal) {
    const options = readOptions(args, {
      hook: { type: 'string' },
      'hook-name': { type: 'string' },
      'hook-auth': { type: 'string' },
      'hook-auth-header': { type: 'string' },
      'hook-client': { type: 'string' },
      'hook-token-url': { type: 'string' },
      'hook-scope': { type: 'string' },
      'replace-secret': { type: 'boolean' },
      server: { type: 'string' },
      policy: { type: 'string' },
      rule: { type: 'string' },
      'own-rule': { type: 'boolean' },
      'lifetime-minutes': { type: 'string' },
      adopt: { type: 'boolean' },
      scope: { type: 'string', multiple: true },
      app: { type: 'string' },
      'app-auth': { type: 'string' },
      'app-key': { type: 'string' },
      'secrets-file': { type: 'string' },
      destroy: { type: 'boolean' },
      yes: { type: 'boolean' },
      json: { type: 'boolean' },
    })
    const {
      server,
      app,
      'hook-name': hookName = 'Behalf',
      'secrets-file': secretsFile,
      destroy = false,
    } = options
    if (destroy) refuseBesideDestroy(Object.keys(options))
    if (secretsFile !== undefined && existsSync(secretsFile))
      throw new CommandError(`${secretsFile} exists already and is left as it is; choose another name`)
    const wanted = destroy
      ? undefined
      : await readWanted(
          {
            server,
            app,
            hookName,
            policy: options.policy,
            rule: options.rule,
            ownRule: options['own-rule'] ?? false,
            lifetimeMinutes: options['lifetime-minutes'],
            adopt: options.adopt ?? false,
            hook: options.hook,
            hookAuth: options['hook-auth'],
            hookAuthHeader: options['hook-auth-header'],
            hookClient: options['hook-client'],
            hookTokenUrl: options['hook-token-url'],
            hookScope: options['hook-scope'],
            replaceSecret: options['replace-secret'] ?? false,
            scopes: options.scope ?? [],
            appAuth: options['app-auth'],
            appKey: options['app-key'],
          },
          terminal.env,
        )
    const credentials = await readOktaCredentials(terminal.env)
    if (credentials === undefined)
      throw new UsageError('OKTA_ORG_URL is not set; credentials are read from the environment')
    const api = await connectToOkta(credentials, patienceOf(terminal))
    const planned =
      wanted === undefined
        ? planRemoval(api, { serverId: server ?? 'default', hookName, appLabel: app })
        : planProvisioning(api, wanted)
    const plan = await whileWaiting(terminal, 'comparing the org with what is wanted', planned)
    const json = options.json ?? false
    if (!json) {
      terminal.print(`${api.orgUrl}:`)
      for (const line of describePlan(plan, paintFor(terminal))) terminal.print(line)
    }
    const made: Made = {}
    const tell = (outcome: Outcome): Promise<void> =>
      report({ plan, outcome, made, json, secretsFile, orgUrl: api.orgUrl }, terminal)
    if (!changesSomething(plan)) {
      await tell('as wanted')
      return 0
    }
    if (options.yes !== true && (json || !(await isConfirmed(terminal)))) {
      await tell('not applied')
      return notApplied
    }
    try {
      await apply(plan, api, made, terminal, json)
    } catch (error) {
      await tell('incomplete')
      throw error
    }
    await tell('applied')
    return 0
  },
}

/** What an undoing does not take might be meant to narrow it. */
function refuseBesideDestroy(given: readonly string[]): void {
  const taken = ['destroy', 'server', 'hook-name', 'app', 'yes', 'json']
  const refused = given.filter((name) => !taken.includes(name)).map((name) => `--${name}`)
  if (refused.length > 0)
    throw new UsageError(
      `--destroy takes no ${refused.join(', ')}; what it undoes is found by --hook-name, --server and --app`,
    )
}

async function isConfirmed({ ask }: Terminal): Promise<boolean> {
  return /^y(es)?$/i.test((await ask?.('Apply? [y/N] '))?.trim() ?? '')
}

function apply(
  plan: Plan,
  api: ManagementApi,
  made: Made,
  terminal: Terminal,
  silent: boolean,
): Promise<void> {
  const paint = paintFor(terminal)
  return whileWaiting(
    terminal,
    'applying',
    applyPlan(plan, api, made, (change) => {
      if (!silent)
        for (const line of describeChange({ ...change, details: [] }, paint)) terminal.print(`${line}  done`)
    }),
  )
}

type Outcome = 'as wanted' | 'applied' | 'not applied' | 'incomplete'

const verdicts: Readonly<Record<Outcome, string | undefined>> = {
  'as wanted': 'Nothing is to be done.',
  applied: undefined,
  'not applied': 'Nothing was changed; --yes applies it.',
  incomplete: 'Not all of it was done; run the command again when the fault is mended.',
}

interface Report {
  readonly plan: Plan
  readonly outcome: Outcome
  readonly made: Made
  readonly json: boolean
  readonly secretsFile: string | undefined
  readonly orgUrl: string
}

/** Secrets are told whatever the outcome: Okta shows them once. */
async function report(
  { plan, outcome, made, json, secretsFile, orgUrl }: Report,
  terminal: Terminal,
): Promise<void> {
  const lines = describeMade(made)
  if (secretsFile !== undefined && lines.length > 0)
    await writePrivateFile(secretsFile, `${lines.join('\n')}\n`)
  if (json) {
    const { hookSecret, clientSecret, ...names } = made
    const changes = plan.steps.map(({ change }) => change)
    const told = secretsFile === undefined ? made : names
    terminal.print(printable(JSON.stringify({ orgUrl, outcome, changes, remarks: plan.remarks, made: told })))
    return
  }
  const verdict = verdicts[outcome]
  if (verdict !== undefined) terminal.print(verdict)
  if (lines.length === 0) return
  terminal.print('')
  terminal.print(
    secretsFile === undefined ? 'Keep these; Okta shows them once:' : `The secrets are in ${secretsFile}.`,
  )
  if (secretsFile === undefined) for (const line of lines) terminal.print(`  ${line}`)
}
