import { fail, pass } from '@behalf/core/internal'
import { ExchangeError } from '../exchange-error.ts'
import { maxRequestLineBytes, type Presentation, requestLineBytes } from '../token-endpoint/presentation.ts'
import type { KeySource } from './key-source.ts'
import { type SealOrigin, sealAssertion } from './seal.ts'

/** Puts the assertion, and the resource with it, into a new seal for each attempt, and never in another way. */
export function sealed(keys: KeySource, origin: SealOrigin): Presentation {
  return {
    async address(endpoint, wish) {
      const key = await keys.current()
      if (!key.ok) {
        const { detail, causeCode, permanent, passes } = key.fault
        const error = new ExchangeError('seal_key_unavailable', { detail, causeCode, retryable: !permanent })
        return fail(passes ? { error, again: {} } : { error })
      }
      const url = new URL(endpoint)
      try {
        url.searchParams.set('assertion', await sealAssertion(wish, origin, key.value))
      } catch (error) {
        return fail({ error: new ExchangeError('seal_key_unavailable', { detail: whyUnsealed(error) }) })
      }
      const bytes = requestLineBytes(url)
      return bytes > maxRequestLineBytes ? fail({ error: tooLong(bytes) }) : pass(url)
    },
    async isMended({ code, refusedBy }) {
      if (refusedBy !== 'hook') return false
      if (code === 'seal_key_unknown') return keys.renew()
      return code === 'seal_expired' || code === 'seal_replayed'
    },
  }
}

function tooLong(bytes: number): ExchangeError {
  const detail = `sealed it makes the line of the token request ${bytes} bytes long, more than the ${maxRequestLineBytes} that servers commonly accept; let the issuer put fewer claims into the users' access tokens`
  return new ExchangeError('assertion_too_large', { detail })
}

/** The code alone: nothing that was to be sealed may be quoted. */
function whyUnsealed(error: unknown): string {
  const { code } = Object(error)
  const reason = typeof code === 'string' && /^[A-Z0-9_]{3,64}$/.test(code) ? ` (${code})` : ''
  return `jose could not be loaded here, or cannot seal for the key${reason}`
}
