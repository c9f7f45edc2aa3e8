/** An unexpected error without its message, unless that can quote nothing but names and paths. */
export interface InternalErrorReport {
  readonly decisionId: string
  readonly name: string
  /** As Node, libraries and the system give it, e.g. `ENOENT`. */
  readonly code?: string
  /** Absent when it could quote what it failed on. */
  readonly message?: string
  /** The stack's frames. */
  readonly frames: readonly string[]
}

/** Says what may be told of an error. */
export function reportInternalError(decisionId: string, error: unknown): InternalErrorReport {
  return { decisionId, ...describeError(error) }
}

/**
 * Returns the kind of an error, its code and the places it passed. Its message, which may quote what it failed on, only where
 * it is one of a file or a module that is not there, or of a name that is not defined.
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
  const code =
    'code' in error && /^[A-Z][A-Z0-9_]{1,63}$/.test(String(error.code)) ? String(error.code) : undefined
  const message = safeMessage(error, code)
  return {
    name,
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    frames: framesOf(error),
  }
}

const codesOfModules: ReadonlySet<string> = new Set([
  'MODULE_NOT_FOUND',
  'ERR_MODULE_NOT_FOUND',
  'ERR_PACKAGE_PATH_NOT_EXPORTED',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_REQUIRE_ESM',
  'ERR_DLOPEN_FAILED',
])
/** Messages that quote names in the code only. */
const messagesOfNames = [
  /^Dynamic require of "[\w@/.:-]+" is not supported$/,
  /^[\w$]+ is not defined$/,
  /^Cannot access '[\w$]+' before initialization$/,
  /^[\w$.]+ is not a (?:function|constructor)$/,
  /^Cannot read properties of (?:undefined|null) \(reading '[\w$]+'\)$/,
  /^Access to this API has been restricted\. Use --allow-[\w-]+ to manage permissions\.$/,
]

/** The first line of a message, when it can quote nothing but names, modules and paths of files. */
function safeMessage(error: Error, code: string | undefined): string | undefined {
  const [line = ''] = error.message.slice(0, 300).split('\n', 1)
  if (code !== undefined && codesOfModules.has(code)) return line
  if ('syscall' in error && 'path' in error) return line.replaceAll(/'[^']*'?/g, pathOrNothing)
  return messagesOfNames.some((pattern) => pattern.test(line)) ? line : undefined
}

/** What was to be a path may be a secret that was put where its file was asked for. */
function pathOrNothing(quoted: string): string {
  return /^'(?:[\w@+. -]{0,40}\/)*[\w@+. -]{1,40}(?<=\/[^/]*|\.[A-Za-z]\w{0,7})'$/.test(quoted)
    ? quoted
    : "'…'"
}

/** The lines after the message, which may itself have lines that look like frames. */
function framesOf({ stack = '', message }: Error): readonly string[] {
  const start = stack.indexOf(message)
  if (start === -1) return []
  const lines = stack.slice(start + message.length).split('\n')
  return lines.filter((line) => /^\s+at /.test(line)).map((line) => line.trim())
}
