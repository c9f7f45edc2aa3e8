import { existsSync } from 'node:fs'
import { writePrivateFile } from '../files/new-file.ts'
import { readOktaCredentials } from '../okta/credentials.ts'
import { connectToOkta, type ManagementApi } from '../okta/management-api.ts'
import { patienceOf } from '../okta/rate-limit.ts'
import { describeChange, describeMade, describePlan } from '../provisioning/describe-plan.ts'
import { eventHookScope } from '../provisioning/event-hook-steps.ts'
import { applyPlan, changesSomething, type Made, type Plan } from '../provisioning/plan.ts'
import { planProvisioning, planRemoval } from '../provisioning/plans.ts'
import { readWanted } from '../provisioning/read-wanted.ts'
import { terraformOf } from '../provisioning/terraform.ts'
import { CommandError, type Terminal, UsageError } from '../terminal/command.ts'
import { line } from '../terminal/line.ts'
import { printJson } from '../terminal/print-json.ts'
import { whileWaiting } from '../terminal/progress.ts'
import type { Input } from '../terminal/usage.ts'
import type { provision } from '../usage/provision.ts'

/** Exit code of a plan that was shown and not applied although it changes something. */
const notApplied = 3

/** Brings an org to the wanted state, or undoes it. */
export async function run({ options }: Input<typeof provision>, terminal: Terminal): Promise<number> {
  const { server, app, json, destroy, 'hook-name': hookName, 'secrets-file': secretsFile } = options
  if (secretsFile !== undefined && existsSync(secretsFile))
    throw new CommandError(`${secretsFile} exists already and is left as it is; choose another name`)
  const wanted = destroy
    ? undefined
    : await readWanted(
        {
          server,
          resource: options.resource,
          app,
          hookName,
          policy: options.policy,
          rule: options.rule,
          ownRule: options['own-rule'],
          lifetimeMinutes: options['lifetime-minutes'],
          adopt: options.adopt,
          hook: options.hook,
          hookAuth: options['hook-auth'],
          hookAuthHeader: options['hook-auth-header'],
          hookClient: options['hook-client'],
          hookTokenUrl: options['hook-token-url'],
          hookScope: options['hook-scope'],
          replaceSecret: options['replace-secret'],
          eventHook: options['event-hook'],
          eventHookHeader: options['event-hook-header'],
          events: options.event,
          scopes: options.scope,
          appAuth: options['app-auth'],
          appKey: options['app-key'],
        },
        terminal.env,
      )
  if (options.print !== undefined && wanted !== undefined) {
    for (const shown of terraformOf(wanted)) terminal.print(shown)
    return 0
  }
  const credentials = await readOktaCredentials(terminal.env)
  if (credentials === undefined)
    throw new UsageError('OKTA_ORG_URL is not set; credentials are read from the environment')
  const api = await connectToOkta(credentials, patienceOf(terminal))
  const needsEvents = destroy || wanted?.eventHook !== undefined
  // A service app asks for the scope of event hooks alone, so that one without it can do all the rest.
  const eventApi =
    needsEvents && !('apiToken' in credentials)
      ? await connectToOkta(credentials, patienceOf(terminal), [eventHookScope])
      : api
  const planned =
    wanted === undefined
      ? planRemoval(api, { serverId: server, hookName, appLabel: app }, eventApi)
      : planProvisioning(api, wanted, eventApi)
  const plan = await whileWaiting(terminal, 'comparing the org with what is wanted', planned)
  if (!json) {
    terminal.print(`${api.orgUrl}:`)
    for (const shown of describePlan(plan)) terminal.print(shown)
  }
  const made: Made = {}
  const tell = (outcome: Outcome): Promise<void> =>
    report({ plan, outcome, made, json, secretsFile, orgUrl: api.orgUrl }, terminal)
  if (!changesSomething(plan)) {
    await tell('as wanted')
    return 0
  }
  if (!options.yes && (json || !(await isConfirmed(terminal)))) {
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
  return whileWaiting(
    terminal,
    'applying',
    applyPlan(plan, api, made, (change) => {
      if (!silent)
        for (const shown of describeChange({ ...change, details: [] })) terminal.print(line`${shown}  done`)
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
    printJson(terminal, { orgUrl, outcome, changes, remarks: plan.remarks, made: told })
    return
  }
  const verdict = verdicts[outcome]
  if (verdict !== undefined) terminal.print(verdict)
  if (lines.length === 0) return
  terminal.print('')
  terminal.print(
    secretsFile === undefined ? 'Keep these; Okta shows them once:' : `The secrets are in ${secretsFile}.`,
  )
  if (secretsFile === undefined) for (const variable of lines) terminal.print(`  ${variable}`)
}
