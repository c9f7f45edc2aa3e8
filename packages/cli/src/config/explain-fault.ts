import { ConfigError } from '@behalf/hook'
import { describeFileFault } from '../files/file-fault.ts'
import { CommandFault, UsageError } from '../terminal/command.ts'
import { describeMissingCedar } from './missing-cedar.ts'

/** Why a command has ended: the exit code, one sentence, and below it what is wrong in particular. */
export interface FaultExplanation {
  readonly code: number
  readonly lines: readonly string[]
}

/** Says why a command has ended. The words of an error that nobody expects may quote a secret and are left out. */
export function explainFault(error: unknown): FaultExplanation {
  if (error instanceof ConfigError) return { code: 2, lines: linesOfConfigError(error) }
  if (error instanceof CommandFault)
    return { code: error instanceof UsageError ? 2 : 1, lines: [error.message, ...error.details] }
  const sentence = describeMissingCedar(error) ?? describeFileFault(error)
  if (sentence !== undefined) return { code: 2, lines: [sentence] }
  return { code: 1, lines: describeDefect(error) }
}

/** What is wrong with a configuration, a line a fault. */
function linesOfConfigError({ message, faults }: ConfigError): readonly string[] {
  const [headline = ''] = message.split('\n', 1)
  return [headline, ...faults.map(({ path, problem }) => `${path}: ${problem}`)]
}

function describeDefect(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return ['something was thrown that is no error']
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : ''
  const frames = (error.stack ?? '').split('\n').filter((frame) => /^ +at /.test(frame))
  return [
    `an unexpected ${error.name}${code}; please report it with these lines`,
    ...frames.map((frame) => frame.trim()),
  ]
}
