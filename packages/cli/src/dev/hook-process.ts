import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { DecisionRecord, StepReport } from '@behalf/hook'
import type { PolicyReport } from '../policy/policy-report.ts'
import { CommandError, UsageError } from '../terminal/command.ts'

/** A hook in a process of its own, so that its configuration can be loaded anew. */
export interface HookProcess {
  /** Where it takes calls. */
  readonly url: string
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>
}

/** How a hook is started, and who hears of it. */
export interface HookProcessOptions {
  /** The configuration; the one of the current folder, or the environment, by default. */
  readonly configFile: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly onDecision: (record: DecisionRecord) => void
  readonly onStep: (report: StepReport) => void
  /** Hears what it decides by, at the start and whenever its files of policies change. */
  readonly onPolicy: (report: PolicyReport) => void
  /** Gets what the hook complains about. */
  readonly onComplaint: (line: string) => void
}

const wrongConfiguration = 2
const program = fileURLToPath(new URL('../../bin/behalf.js', import.meta.url))

/**
 * Starts a hook with `behalf serve` on a free port; resolves when it listens.
 *
 * @throws UsageError with what the hook said about its configuration, CommandError when it ended for another reason
 */
export async function startHookProcess(options: HookProcessOptions): Promise<HookProcess> {
  const { configFile, env, onComplaint } = options
  const args = [
    'serve',
    '--port',
    '0',
    '--drain-delay',
    '0',
    '--steps',
    ...(configFile === undefined ? [] : ['--config', configFile]),
  ]
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  // Not 'exit': what it says last is still to be read then.
  const ended = once(child, 'close')
  const complaints: string[] = []
  let started = false
  onLines(child.stderr, (line) => {
    if (started) onComplaint(line)
    else complaints.push(line)
  })
  const url = await Promise.race([readUrl(child, options), ended.then(() => undefined)])
  if (url === undefined) {
    const [said = 'the hook ended without a word', ...details] = complaints.map((complaint) =>
      complaint.replace(/^behalf serve: /, '').trim(),
    )
    throw child.exitCode === wrongConfiguration
      ? new UsageError(said, details)
      : new CommandError(said, details)
  }
  started = true
  for (const line of complaints) onComplaint(line)
  return {
    url,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** Every line of standard output is a step, a decision or the policies, but for the one that says where the hook listens. */
function readUrl(
  child: ChildProcess,
  { onDecision, onStep, onPolicy }: Pick<HookProcessOptions, 'onDecision' | 'onStep' | 'onPolicy'>,
): Promise<string> {
  return new Promise((resolve) => {
    onLines(child.stdout, (line) => {
      const [, url] = / listens on (http:\S+)/.exec(line) ?? []
      if (url !== undefined) resolve(url)
      else if (line.startsWith('{')) {
        const told = JSON.parse(line)
        if (Object.hasOwn(told, 'policyInForce')) onPolicy(told.policyInForce)
        else if (Object.hasOwn(told, 'decision')) onDecision(told)
        else onStep(told)
      }
    })
  })
}

function onLines(stream: Readable | null, onLine: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on('line', onLine)
}
