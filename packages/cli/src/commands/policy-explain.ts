import { readFileSync } from 'node:fs'
import { systemClock } from '@behalf/core'
import { type BehalfConfig, createHook, dangerouslyAcceptAnyCaller, type StepReport } from '@behalf/hook'
import { loadConfig } from '../config/config-file.ts'
import { CommandError, type Terminal, UsageError } from '../terminal/command.ts'
import { readOptions } from '../terminal/options.ts'
import { paintFor } from '../terminal/paint.ts'
import { printable } from '../terminal/printable.ts'
import { alignRows } from '../terminal/table.ts'

/** Goes through the steps of a hook request and says what each one found. */
export async function explainDecision(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = readOptions(args, {
    event: { type: 'string' },
    config: { type: 'string' },
    at: { type: 'string' },
    json: { type: 'boolean' },
  })
  if (options.event === undefined) throw new UsageError('name the hook request with --event FILE')
  const body = readEvent(options.event)
  const atMs = readTime(options.at, terminal.clock.now())
  const { steps, answer } = await follow(await loadConfig(options.config, terminal.env), body, atMs)
  const permitted = 'commands' in answer
  if (options.json)
    terminal.print(JSON.stringify({ permitted, at: new Date(atMs).toISOString(), steps }, undefined, 2))
  else printSteps(steps, answer, terminal)
  return permitted ? 0 : 1
}

function readEvent(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown fault'
    throw new CommandError(`${file} cannot be read (${code})`)
  }
}

function readTime(text: string | undefined, nowMs: number): number {
  const timeMs = text === undefined ? nowMs : Date.parse(text)
  if (Number.isNaN(timeMs)) throw new UsageError('--at must be a time, e.g. 2026-11-24T09:30:00Z')
  return timeMs
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

function printSteps(steps: readonly ExplainedStep[], { commands, error }: Answer, terminal: Terminal): void {
  const paint = paintFor(terminal)
  const rows = steps.map((step) => [step.step, step.outcome, printable(describe(step))])
  for (const line of alignRows(rows)) terminal.print(line)
  if (error !== undefined) {
    terminal.print(paint.bad(printable(`denied: ${error.errorSummary}`)))
    return
  }
  const operations = (commands ?? []).flatMap(({ value }) => value)
  for (const { op, path } of operations) terminal.print(printable(`  ${op} ${path}`))
  terminal.print(paint.good(operations.length === 0 ? 'unchanged: the token stays as it is' : 'permitted'))
}

/** What a step has found out; never a claim but issuer, subject and actors. */
function describe(report: ExplainedStep): string {
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
    case 'verify':
      return `the assertion is of ${report.subject ?? ''} and was issued by ${report.issuer ?? ''}`
    case 'extend':
      return `actors, the current one first: ${report.actors?.join(' ← ') ?? ''}`
    case 'policy':
      return policies === undefined ? 'permitted' : `permitted by ${policies.join(', ')}`
    default:
      return ''
  }
}
