import { CommandError } from '../terminal/command.ts'
import { printable } from '../terminal/printable.ts'
import { whyUnreachable } from './unreachable.ts'

/** Okta answered with an error. */
export class OktaRefusal extends CommandError {
  override readonly name: string = 'OktaRefusal'
  /** The HTTP status. */
  readonly status: number
  /** Okta's error code; undefined when it gave none. */
  readonly code: string | undefined

  constructor(message: string, status: number, code?: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const advice: Readonly<Record<number, string>> = {
  401: '; check OKTA_API_TOKEN or the key of OKTA_CLIENT_ID',
  403: '; the credentials lack the permission, see behalf provision --help',
}

/** Says what Okta refused, or why it was not reached. What the org says of itself is escaped. */
export function explainRefusal(error: unknown, what: string, orgUrl: string): CommandError {
  if (error instanceof CommandError) return error
  const { status, errorCode, errorSummary, errorCauses } = Object(error)
  if (error instanceof SyntaxError)
    return new CommandError(
      `${orgUrl} answered ${what} with something that is no JSON; check that OKTA_ORG_URL is the org, and proxies on the way`,
    )
  if (typeof status !== 'number') {
    const { code, remedy } = whyUnreachable(error)
    return new CommandError(
      `${orgUrl} could not be asked for ${what}: ${code}; ${remedy}. Check OKTA_ORG_URL, too`,
    )
  }
  const causes = Array.isArray(errorCauses) ? errorCauses.map((cause) => Object(cause).errorSummary) : []
  const texts = [errorCode, [errorSummary, ...causes].filter(isTold).join('; ')].filter(isTold)
  return new OktaRefusal(
    printable(`Okta refused ${what}: ${[status, ...texts].join(' ')}`) + (advice[status] ?? ''),
    status,
    typeof errorCode === 'string' && /^\w{1,40}$/.test(errorCode) ? errorCode : undefined,
  )
}

function isTold(text: unknown): text is string {
  return typeof text === 'string' && text !== ''
}
