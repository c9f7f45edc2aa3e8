import process from 'node:process'

/** Something that needs an operator's attention although no call failed because of it. */
export interface ClientWarning {
  /**
   * `request_line_too_long`: the token request's first line, which carries the assertion, is longer than the
   * 8 KB that servers and proxies commonly accept. `store_unavailable`: the shared token store failed or did
   * not answer in time and is bypassed. `caller_answered`: why API A's caller got no delegation, with Okta's and the hook's ids.
   */
  readonly code: 'request_line_too_long' | 'store_unavailable' | 'caller_answered'
  /** What happened, safe to log. */
  readonly message: string
}

/** Receives warnings; what it throws is ignored. */
export type OnWarning = (warning: ClientWarning) => void

/** Emits a warning of the process: Node prints it on stderr unless told otherwise. */
export const warnProcess: OnWarning = ({ code, message }) => {
  process.emitWarning(message, { type: 'BehalfWarning', code })
}

/** Makes a receiver of warnings harmless: a warning must not fail the call that it is about. */
export function guardWarnings(onWarning: OnWarning): OnWarning {
  return (warning) => {
    try {
      onWarning(warning)
    } catch {
      warnProcess(warning)
    }
  }
}
