import { unlessAborted } from '@behalf/core/internal'
import { ExchangeError } from '../exchange-error.ts'

/**
 * A user's access token, or what gives one, which is asked for each call: for work that outlives a token. When the one that
 * it gave has had its time, it is asked once more.
 */
export type AssertionSource = string | (() => string | Promise<string>)

/** What an assertion is used for, and how long its source is waited for. */
export interface AssertionUse<T> {
  readonly use: (assertion: string) => Promise<T>
  /** What the source has given last, to be tried first. */
  readonly former?: string
  readonly signal?: AbortSignal | undefined
}

/**
 * Uses an assertion, and another one once when the first has expired or ends too soon, and its source gives another.
 *
 * @throws what the use throws, what the source throws, or the signal's reason
 */
export async function withAssertion<T>(
  source: AssertionSource,
  { use, former, signal }: AssertionUse<T>,
): Promise<T> {
  if (typeof source !== 'function') return use(source)
  const ask = async (): Promise<string> => source()
  const assertion = former ?? (await unlessAborted(ask(), signal))
  try {
    return await use(assertion)
  } catch (error) {
    if (!hasHadItsTime(error)) throw error
    const other = await unlessAborted(ask(), signal)
    if (other === assertion) throw error
    return use(other)
  }
}

function hasHadItsTime(error: unknown): boolean {
  if (!(error instanceof ExchangeError)) return false
  return error.code === 'assertion_expired' || error.code === 'assertion_expires_soon'
}
