/** An unexpected error without its message, because messages quote what they failed on. */
export interface InternalErrorReport {
  readonly decisionId: string
  readonly name: string
  /** The stack's frames. */
  readonly frames: readonly string[]
}

/** What may be told of an error. */
export function reportInternalError(decisionId: string, error: unknown): InternalErrorReport {
  return { decisionId, ...describeError(error) }
}

/**
 * The kind of an error and the places it passed, without its message, which may quote what it failed on.
 *
 * @example
 * ```ts
 * import { describeError } from '@behalf/hook'
 *
 * process.on('unhandledRejection', (error) => console.error(JSON.stringify(describeError(error))))
 * ```
 */
export function describeError(error: unknown): Omit<InternalErrorReport, 'decisionId'> {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] }
  // Names are free text like messages, but for those that can be a class's.
  const name = /^\w{1,64}$/.test(error.name) ? error.name : 'Error'
  return { name, frames: framesOf(error) }
}

/** The lines after the message, which may itself have lines that look like frames. */
function framesOf({ stack = '', message }: Error): readonly string[] {
  const start = stack.indexOf(message)
  if (start === -1) return []
  const lines = stack.slice(start + message.length).split('\n')
  return lines.filter((line) => /^\s+at /.test(line)).map((line) => line.trim())
}
