import { type JsonObject, systemClock } from '@behalf/core'
import { withoutDecision } from '@behalf/core/internal'
import { type BehalfConfig, createHook, dangerouslyAcceptAnyCaller, type StepReport } from '@behalf/hook'
import { loadConfig } from '../config/config-file.ts'
import { readNamedFile } from '../files/read-file.ts'
import { explainedSealing } from '../sealing/explained-sealing.ts'
import { sealHeaderIn } from '../sealing/sealed-text.ts'
import type { Terminal } from '../terminal/command.ts'
import { bad, good } from '../terminal/line.ts'
import { printJson } from '../terminal/print-json.ts'
import { alignRows } from '../terminal/table.ts'
import type { Input } from '../terminal/usage.ts'
import type { policyExplain } from '../usage/policy.ts'

/** Goes through the steps of a hook request and says what each one found. */
export async function run({ options }: Input<typeof policyExplain>, terminal: Terminal): Promise<number> {
  const { event, at = terminal.clock.now() } = options
  return explainRequest(
    await readNamedFile(event),
    { ...options, keyFile: options['seal-key'], at },
    terminal,
  )
}

/** How a request is explained. */
export interface Explaining {
  readonly config: string | undefined
  /** The private keys that open a seal; those of the configuration by default. */
  readonly keyFile: string | undefined
  /** The moment as of which it is decided, in milliseconds since the epoch. */
  readonly at: number
  readonly json: boolean
}

/** Explains the body of a hook request; 0 when it is permitted, else 1. */
export async function explainRequest(
  body: string,
  { config: configFile, keyFile, at, json }: Explaining,
  terminal: Terminal,
): Promise<number> {
  const seal = sealHeaderIn(body)
  const config = await loadConfig(configFile, terminal.env)
  const sealing = await explainedSealing(config, keyFile, seal !== undefined)
  const { steps, answer } = await follow({ ...config, sealing }, body, at)
  const permitted = 'commands' in answer
  if (json) printJson(terminal, { permitted, at: new Date(at).toISOString(), steps }, 2)
  else printSteps(steps, answer, seal, terminal)
  return permitted ? 0 : 1
}

/** How a step ended; the caller is not authenticated, so that step is skipped. */
interface ExplainedStep extends Omit<StepReport, 'outcome'> {
  readonly outcome: StepReport['outcome'] | 'skipped'
}

/** What Okta would get. */
interface Answer {
  readonly commands?: readonly { readonly value: readonly { readonly op: string; readonly path: string }[] }[]
  readonly error?: { readonly errorSummary: string }
}

async function follow(
  config: BehalfConfig,
  body: string,
  atMs: number,
): Promise<{ readonly steps: readonly ExplainedStep[]; readonly answer: Answer }> {
  const steps: ExplainedStep[] = []
  const hook = createHook(
    { ...config, authenticate: dangerouslyAcceptAnyCaller },
    { clock: { ...systemClock, now: () => atMs }, onStep: (step) => steps.push(skipAuthentication(step)) },
  )
  const { body: answer } = await hook.handle({ headers: new Map(), body })
  return { steps, answer: JSON.parse(answer) }
}

function skipAuthentication(step: StepReport): ExplainedStep {
  return step.step === 'authenticate' ? { ...step, outcome: 'skipped' } : step
}

function printSteps(
  steps: readonly ExplainedStep[],
  { commands, error }: Answer,
  seal: JsonObject | undefined,
  { print }: Terminal,
): void {
  const rows = steps.map((step) => [step.step, step.outcome, describe(step, seal)])
  for (const row of alignRows(rows)) print(row)
  if (error !== undefined) {
    // Nobody will look for the record of a decision that was only explained.
    print(bad(`denied: ${withoutDecision(error.errorSummary)}`))
    if (steps.at(-1)?.step === 'open' && seal !== undefined)
      print(`  it is sealed for the key ${seal['kid']}; --seal-key FILE with its private half opens it`)
    return
  }
  const operations = (commands ?? []).flatMap(({ value }) => value)
  for (const { op, path } of operations) print(`  ${op} ${path}`)
  print(good(operations.length === 0 ? 'unchanged: the token stays as it is' : 'permitted'))
}

function nameActors({ actors = [], agents = [] }: ExplainedStep): string {
  return actors.map((actor) => (agents.includes(actor) ? `${actor} (AI agent)` : actor)).join(' ← ')
}

/** What a step has found out; never a claim but issuer, subject and actors. */
function describe(report: ExplainedStep, seal: JsonObject | undefined): string {
  const { code, detail, reason, policies } = report
  if (code !== undefined) {
    const by = policies === undefined ? undefined : `by ${policies.join(', ')}`
    return [code, detail, reason, by].filter((part) => part !== undefined).join('; ')
  }
  switch (report.step) {
    case 'authenticate':
      return 'a body has no headers to authenticate its sender by'
    case 'parse':
      return `scopes ${report.scopes?.join(' ') || 'none'}, for ${report.audience ?? 'no audience'}`
    case 'recognise':
      return `a token for the client ${report.client ?? ''}`
    case 'open':
      return seal === undefined ? 'the assertion is not sealed' : `it was sealed for the key ${seal['kid']}`
    case 'verify':
      return `the user is ${report.subject ?? ''}, vouched for by ${report.issuer ?? ''}`
    case 'extend':
      return `actors, the current one first: ${nameActors(report)}`
    case 'policy':
      return policies === undefined ? 'permitted' : `permitted by ${policies.join(', ')}`
    case 'claim':
      return seal === undefined ? '' : 'not claimed, because explaining uses no seal up'
    default:
      return ''
  }
}
