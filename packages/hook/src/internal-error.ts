/** An unexpected error without its message, because messages quote what they failed on. */
export interface InternalErrorReport {
  readonly decisionId: string
  readonly name: string
  /** The stack's frames. */
  readonly frames: readonly string[]
}

/** What may be told of an error. */
export function reportInternalError(decisionId: string, error: unknown): InternalErrorReport {
  if (!(error instanceof Error)) return { decisionId, name: typeof error, frames: [] }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return { decisionId, name: error.name, frames: frames.map((frame) => frame.trim()) }
}

/** Calls code of the operator's, which may throw or reject without any consequence for the answer. */
export function callOut(call: () => unknown, onFailure: (error: unknown) => void): void {
  try {
    const result = call()
    if (result instanceof Promise) result.catch(onFailure)
  } catch (error) {
    onFailure(error)
  }
}
