import type { Clock, Result } from '@behalf/core'
import { fail, KeptFresh } from '@behalf/core/internal'
import { describeError } from '../errors/internal-error.ts'
import type { SecretSource } from './secret-source.ts'

/** The secrets of one source, ready to be used, as the source last answered. */
export type FetchedSecrets<T> = KeptFresh<readonly T[], string>

/** Makes of what a source has answered what is used of it, or says in words that are safe to log why that is nothing. */
export type SecretReader<T> = (texts: readonly string[]) => Result<readonly T[], string>

/** Keeps the secrets of a source fresh; while it fails, what it last answered counts. */
export function fetchedSecrets<T>(
  source: SecretSource,
  read: SecretReader<T>,
  clock: Clock,
): FetchedSecrets<T> {
  return new KeptFresh({
    maxAgeMs: 600_000,
    refreshAfterMs: 300_000,
    staleForMs: Number.POSITIVE_INFINITY,
    retryAfterMs: 3_000,
    missCooldownMs: 60_000,
    // Also how long a request waits for them.
    fetchTimeoutMs: 800,
    clock,
    fetch: (signal) => ask(source, read, signal),
    lateFault: () => 'they did not arrive in time',
  })
}

/** A source is the operator's code and may throw and return anything. */
async function ask<T>(
  source: SecretSource,
  read: SecretReader<T>,
  signal: AbortSignal,
): Promise<Result<readonly T[], string>> {
  try {
    const answer: unknown = await source(signal)
    if (!Array.isArray(answer) || answer.length === 0) return fail('they are none')
    const texts = answer.filter((text) => typeof text === 'string')
    return texts.length === answer.length ? read(texts) : fail('one of them is no text')
  } catch (error) {
    // The message may quote what was fetched; the name, e.g. AccessDeniedException, says enough.
    const { name, code } = describeError(error)
    return fail(`${name}${code === undefined ? '' : ` (${code})`} was thrown`)
  }
}
