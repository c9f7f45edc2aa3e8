import type { Result } from '@behalf/core'
import { pass } from '@behalf/core/internal'
import type { ExchangeError } from '../exchange-error.ts'
import type { OnWarning } from '../warning.ts'
import type { FailedAttempt } from './answer.ts'

/** What the URL of a token request carries to the hook. */
export interface PresentedWish {
  readonly assertion: string
  readonly resource: string | undefined
}

/** How an assertion is put into the URL of a token request, because that is the only part that Okta shows its hook. */
export interface Presentation {
  /** Makes the URL of one attempt; never throws. */
  address(endpoint: string, wish: PresentedWish): Promise<Result<URL, FailedAttempt>>
  /** Says whether a refusal was about the way in which the assertion was put, and another attempt at once may be better. */
  isMended(refusal: ExchangeError): Promise<boolean>
}

/** What servers and proxies commonly accept. */
export const maxRequestLineBytes = 8_192

/** Puts the assertion as it is: whoever reads the URL, in a log or a trace, can use it until it ends. */
export function bare(warn: OnWarning): Presentation {
  let hasWarned = false
  return {
    async address(endpoint, { assertion, resource }) {
      const url = new URL(endpoint)
      url.searchParams.set('assertion', assertion)
      // Okta itself acts on `resource` and `audience`, so that the hook takes neither.
      if (resource !== undefined) url.searchParams.set('assertion_resource', resource)
      const bytes = requestLineBytes(url)
      if (bytes > maxRequestLineBytes && !hasWarned) {
        hasWarned = true
        warn({
          code: 'request_line_too_long',
          message: `The line of a token request has ${bytes} bytes, more than the ${maxRequestLineBytes} that servers commonly accept; let the issuer put fewer claims into the users' access tokens.`,
        })
      }
      return pass(url)
    },
    isMended: async () => false,
  }
}

/** Counts the bytes of the first line of a token request. */
export function requestLineBytes({ pathname, search }: URL): number {
  return `POST ${pathname}${search} HTTP/1.1\r\n`.length
}
