import type { HookOutcome } from '../http/served-request.ts'
import type { ExchangeOutcome } from './exchange.ts'

/** What the reason is made of. */
export interface Circumstances {
  readonly outcome: ExchangeOutcome
  readonly status: number
  readonly hasAssertion: boolean
  readonly hook: HookOutcome | undefined
  readonly refusal: { readonly error: string; readonly description: string } | undefined
  readonly faults: readonly string[]
}

/** Says in words why a token request ended as it did. */
export function whyItEnded(circumstances: Circumstances): string {
  const { faults } = circumstances
  const injected = faults.length === 0 ? '' : ` In force: ${faults.join(', ')}.`
  return `${reasonOf(circumstances)}${injected}`
}

function reasonOf({ outcome, status, hasAssertion, hook, refusal }: Circumstances): string {
  switch (outcome) {
    case 'delegated':
      return 'The hook permitted it: the token names the user, and who acts for the user.'
    case 'user':
      return 'A person signed in: this is their own token.'
    case 'denied':
      return `The hook denied it, so Okta issued no token: ${refusal?.description ?? 'it gave no reason'}`
    case 'refused':
      return refusal === undefined
        ? `Okta refused the request with HTTP status ${status}.`
        : `Okta refused the request before any hook was asked: ${refusal.error}. ${refusal.description}`
    case 'plain':
      return whyPlain(hook, hasAssertion)
  }
}

function whyPlain(hook: HookOutcome | undefined, hasAssertion: boolean): string {
  switch (hook?.kind) {
    case undefined:
      return 'The token is plain: no active hook is attached to the rule that served the request, so nobody was asked.'
    case 'failed':
    case 'denied':
      return `The token is plain: ${hook.reason}. Okta fails open: it issues the token as if there were no hook.`
    case 'unchanged':
      return hasAssertion
        ? 'The token is plain: the hook answered, and changed nothing.'
        : 'The token is plain: the request had no assertion, so the client acts for nobody, and the hook changed nothing.'
    case 'applied':
      return 'The token is plain: the hook changed it, but it names nobody who acts for a user.'
  }
}
