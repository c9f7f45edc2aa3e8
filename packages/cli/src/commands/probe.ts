import { existsSync } from 'node:fs'
import { isLoopback, late, runtimeFetch, waitFor } from '@behalf/core/internal'
import { writeNewFile } from '../files/new-file.ts'
import { readOktaCredentials } from '../okta/credentials.ts'
import { connectToOkta, type ManagementApi, usualScopes } from '../okta/management-api.ts'
import { patienceOf } from '../okta/rate-limit.ts'
import { createBench } from '../probe/bench.ts'
import { steerDeployedHook } from '../probe/deployed-hook.ts'
import { hookPath, type ProbeHook, serveProbeHook } from '../probe/hook-server.ts'
import { newRunId } from '../probe/mark.ts'
import { requireReachable } from '../probe/public-url.ts'
import type { AskPerson, Throwaway } from '../probe/question.ts'
import { questions } from '../probe/questions.ts'
import { planProbeRemoval } from '../probe/removal.ts'
import { describeFacts, type FactsFile, tokensOf } from '../probe/report.ts'
import { askQuestions, readyTries, untilReady } from '../probe/run-probe.ts'
import { listenForSignIn, type SignInListener } from '../probe/sign-in-listener.ts'
import { planThrowaway, requireMade } from '../probe/throwaway.ts'
import { describeChange, describePlan } from '../provisioning/describe-plan.ts'
import { applyPlan, type Plan, type Step } from '../provisioning/plan.ts'
import { CommandError, type Terminal, UsageError } from '../terminal/command.ts'
import { line } from '../terminal/line.ts'
import { printJson } from '../terminal/print-json.ts'
import { whileWaiting } from '../terminal/progress.ts'
import type { Input } from '../terminal/usage.ts'
import type { probe } from '../usage/probe.ts'

type Options = Input<typeof probe>['options']

/** Exit code of a plan that was shown and not applied. */
const notApplied = 3
/** Shorter than a question may take, so that the others need not wait for whoever does not come. */
const signInTimeoutMs = 110_000
/** How long a change is given until all of Okta knows of it. */
const settleMs = 3_000
/** The audience of the throw-away server: nobody's, by RFC 6761. */
const audience = 'https://undelegated.invalid'

/** Finds out what an org does, removes what earlier runs have left, or serves the hook for a run elsewhere. */
export async function run({ options }: Input<typeof probe>, terminal: Terminal): Promise<number> {
  if (options['hook-only']) return serveHookOnly(options, terminal)
  if (!options.clean && existsSync(options.out))
    throw new CommandError(`${options.out} exists already and is left as it is; choose another --out`)
  const credentials = await readOktaCredentials(terminal.env)
  if (credentials === undefined)
    throw new UsageError('OKTA_ORG_URL is not set; credentials are read from the environment')
  const { hostname } = new URL(credentials.orgUrl)
  if (options.org !== undefined && options.org !== hostname)
    throw new UsageError(`--org names another org than OKTA_ORG_URL, which is ${hostname}`)
  if (options.yes && options.org === undefined && !isLoopback(hostname))
    throw new UsageError(`--yes needs --org: say that ${hostname} is the org that is meant`)
  // What was made is removed when the command is stopped, too.
  const { clock, onWait } = patienceOf(terminal)
  const scopes = options['sign-in'] ? [...usualScopes, 'okta.groups.read'] : usualScopes
  const api = await connectToOkta(credentials, { clock, onWait }, scopes)
  if (options.clean) return clean(api, options, terminal)
  const { 'public-url': publicUrl, 'hook-url': hookUrl } = options
  if (publicUrl === undefined && hookUrl === undefined && !isLoopback(hostname))
    throw new UsageError(
      '--public-url is missing: an https URL under which Okta reaches the port of this machine',
    )
  if (hookUrl !== undefined) {
    const uri = `${hookUrl.replace(/\/+$/, '')}${hookPath}`
    const hook = steerDeployedHook(uri, secretsOf(terminal), runtimeFetch)
    await hook.seen()
    return experiment(api, { uri, hook }, options, terminal)
  }
  const hook = await serveProbeHook({ port: options.port })
  try {
    const uri = `${(publicUrl ?? hook.origin).replace(/\/+$/, '')}${hookPath}`
    await requireReachable(uri, hook.nonce, runtimeFetch)
    return await experiment(api, { uri, hook }, options, terminal)
  } finally {
    await hook.stop()
  }
}

async function serveHookOnly({ port, host }: Options, terminal: Terminal): Promise<number> {
  const serving = { port, secrets: secretsOf(terminal), ...(host === undefined ? {} : { host }) }
  const hook = await serveProbeHook(serving)
  terminal.print(`behalf: the hook of a probe listens on port ${new URL(hook.origin).port}`)
  await terminal.stopped
  await hook.stop()
  return 0
}

const minSecretLength = 24

function secretsOf({ env }: Terminal): { readonly hook: string; readonly control: string } {
  const { PROBE_HOOK_SECRET: hook = '', PROBE_CONTROL_SECRET: control = '' } = env
  if (hook.length < minSecretLength || control.length < minSecretLength || hook === control)
    throw new UsageError(
      `set PROBE_HOOK_SECRET and PROBE_CONTROL_SECRET, two different texts of at least ${minSecretLength} characters`,
    )
  return { hook, control }
}

async function experiment(
  api: ManagementApi,
  { uri, hook }: { readonly uri: string; readonly hook: ProbeHook },
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const { 'sign-in': signsIn, only } = options
  if (!signsIn && only.some((area) => area === 'people'))
    throw new UsageError('--only people needs --sign-in')
  const chosen = questions.filter(
    ({ area }) => (signsIn || area !== 'people') && (only.length === 0 || only.some((each) => each === area)),
  )
  const listener = signsIn ? await listenForSignIn() : undefined
  const runId = newRunId()
  const made: Partial<Throwaway> = {}
  const wanted = {
    runId,
    audience,
    hook: { uri, secret: hook.secret },
    ...(listener === undefined ? {} : { redirectUri: listener.redirectUri }),
  }
  const steps = planThrowaway(wanted, made)
  const remarks = [
    `${chosen.length} questions; up to ${tokensOf(chosen) + readyTries} machine tokens are asked for, which Okta meters; all that is made is removed at the end`,
  ]
  if (!(await isWanted(api, { steps, remarks }, options, terminal))) {
    await listener?.stop()
    return notApplied
  }
  const stop = new AbortController()
  void terminal.stopped.then(() => stop.abort())
  let facts: FactsFile | undefined
  try {
    await apply(steps, api, options, terminal)
    const { clock } = terminal
    const parts = {
      runId,
      api,
      audience,
      hook,
      hookUri: uri,
      clock,
      fetch: runtimeFetch,
      signal: stop.signal,
    }
    const bench = createBench({
      ...parts,
      made: requireMade(made),
      settleMs: isLoopback(new URL(api.orgUrl).hostname) ? 0 : settleMs,
      askPerson: listener === undefined ? undefined : askIn(terminal, listener, stop.signal),
    })
    await whileWaiting(terminal, 'waiting for the new server', untilReady(bench, clock))
    facts = await askQuestions(chosen, bench, clock, ({ id }) =>
      terminal.showProgress(`finding out: ${id} …`),
    )
  } finally {
    // A question that was late makes nothing more, which nobody would remove.
    stop.abort()
    terminal.showProgress(undefined)
    await listener?.stop()
    await removeAll(api, runId, options, terminal)
  }
  if (facts !== undefined) await tell(facts, options, terminal)
  return Object.values(facts.facts).every(({ verdict }) => verdict !== 'unclear') ? 0 : 1
}

/** Says where to sign in, on standard error, and waits for whoever does. */
function askIn(terminal: Terminal, listener: SignInListener, signal: AbortSignal): AskPerson {
  return async (authorizationUrl, state) => {
    terminal.complain('Sign in with a browser on this machine, as whom you like; within two minutes:')
    terminal.complain(authorizationUrl)
    const limit = { clock: terminal.clock, timeoutMs: signInTimeoutMs, signal }
    const callback = await waitFor(listener.await(state), limit)
    if (callback === late) throw new CommandError('nobody has signed in')
    return callback
  }
}

/** What cannot be removed now is removed by --clean; that it is there must be known. */
async function removeAll(
  api: ManagementApi,
  runId: string,
  options: Options,
  terminal: Terminal,
): Promise<void> {
  try {
    await apply(await planProbeRemoval(api, runId), api, options, terminal)
  } catch (error) {
    terminal.complain(`what run ${runId} has made is not all removed; behalf probe --clean removes it`)
    throw error
  }
}

async function clean(api: ManagementApi, options: Options, terminal: Terminal): Promise<number> {
  const looked = planProbeRemoval(api)
  const steps = await whileWaiting(terminal, 'looking for what probes have left', looked)
  if (steps.length === 0) {
    if (options.json) printJson(terminal, { orgUrl: api.orgUrl, removed: [] })
    else terminal.print('Nothing is left of any probe.')
    return 0
  }
  if (!(await isWanted(api, { steps, remarks: [] }, options, terminal))) return notApplied
  await apply(steps, api, options, terminal)
  if (options.json) printJson(terminal, { orgUrl: api.orgUrl, removed: steps.map(({ change }) => change) })
  return 0
}

async function isWanted(
  api: ManagementApi,
  plan: Plan,
  { yes, json }: Options,
  terminal: Terminal,
): Promise<boolean> {
  const { hostname } = new URL(api.orgUrl)
  if (!json) {
    terminal.print(`${api.orgUrl}:`)
    for (const shown of describePlan(plan)) terminal.print(shown)
  }
  const isConfirmed =
    yes || (!json && (await terminal.ask?.(`Type ${hostname} to do this there: `))?.trim() === hostname)
  if (!isConfirmed) {
    if (json)
      printJson(terminal, {
        orgUrl: api.orgUrl,
        outcome: 'not applied',
        changes: plan.steps.map(({ change }) => change),
      })
    else terminal.print('Nothing was changed; --yes applies it.')
  }
  return isConfirmed
}

function apply(
  steps: readonly Step[],
  api: ManagementApi,
  { json }: Options,
  terminal: Terminal,
): Promise<void> {
  return applyPlan({ steps, remarks: [] }, api, {}, (change) => {
    if (!json)
      for (const shown of describeChange({ ...change, details: [] })) terminal.print(line`${shown}  done`)
  })
}

/** Printed first: what cannot be written is not lost so. */
async function tell(facts: FactsFile, { out, json }: Options, terminal: Terminal): Promise<void> {
  if (json) printJson(terminal, facts)
  else for (const shown of describeFacts(facts)) terminal.print(shown)
  await writeNewFile(out, `${JSON.stringify(facts, null, 2)}\n`)
  if (json) return
  terminal.print('')
  terminal.print(`The facts are in ${out}; behalf sandbox --facts ${out} behaves by them.`)
}
