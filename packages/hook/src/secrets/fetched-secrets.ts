import type { Clock, Result } from '@behalf/core'
import { fail, KeptFresh, pass } from '@behalf/core/internal'
import { describeError } from '../errors/internal-error.ts'
import { ComparableText, whySecretUnusable } from './secret.ts'
import type { SecretSource } from './secret-source.ts'

/** The secrets of one source, ready to be compared, as the source last answered. */
export type FetchedSecrets = KeptFresh<readonly ComparableText[], string>

/** Keeps the secrets of a source fresh; while it fails, what it last answered counts. */
export function fetchedSecrets(source: SecretSource, clock: Clock): FetchedSecrets {
  return new KeptFresh({
    maxAgeMs: 600_000,
    refreshAfterMs: 300_000,
    staleForMs: Number.POSITIVE_INFINITY,
    retryAfterMs: 3_000,
    missCooldownMs: 60_000,
    // Also how long a request waits for them.
    fetchTimeoutMs: 800,
    clock,
    fetch: (signal) => readSecrets(source, signal),
    lateFault: () => 'they did not arrive in time',
  })
}

/** A source is the operator's code and may throw and return anything. */
async function readSecrets(
  source: SecretSource,
  signal: AbortSignal,
): Promise<Result<readonly ComparableText[], string>> {
  try {
    return read(await source(signal))
  } catch (error) {
    // The message may quote what was fetched; the name, e.g. AccessDeniedException, says enough.
    const { name, code } = describeError(error)
    return fail(`${name}${code === undefined ? '' : ` (${code})`} was thrown`)
  }
}

function read(secrets: unknown): Result<readonly ComparableText[], string> {
  if (!Array.isArray(secrets) || secrets.length === 0) return fail('they are none')
  const texts: ComparableText[] = []
  for (const secret of secrets) {
    const problem = typeof secret === 'string' ? whySecretUnusable(secret) : 'is no text'
    if (problem !== undefined) return fail(`one of them ${problem}`)
    texts.push(new ComparableText(secret))
  }
  return pass(texts)
}
