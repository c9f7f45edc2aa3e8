import process from 'node:process'
import type { OperationName } from './signals.ts'
import type { Operation, Telemetry } from './telemetry.ts'

/**
 * Makes telemetry harmless: whatever it throws, the work that it is about goes on as if it were not there. The first time
 * is a warning of the process, without the error's message, which may quote anything.
 */
export function harmless(telemetry: Telemetry | undefined): Telemetry | undefined {
  if (telemetry === undefined) return undefined
  let warned = false
  const attempt = <T>(use: () => T): T | undefined => {
    try {
      return use()
    } catch {
      if (!warned) process.emitWarning?.('Telemetry failed; what it was to tell is lost.', warning)
      warned = true
      return undefined
    }
  }
  return {
    begin(name, attributes, sinceMs) {
      const begun = attempt(() => telemetry.begin(name, attributes, sinceMs))
      return harmlessOperation(begun, attempt)
    },
    observe(name, read) {
      attempt(() => telemetry.observe(name, read))
    },
  }
}

const warning = { type: 'BehalfWarning', code: 'telemetry_failed' }

type Outcome<T> = { readonly value: T } | { readonly error: unknown }

function outcomeOf<T>(work: () => T): Outcome<T> {
  try {
    return { value: work() }
  } catch (error) {
    return { error }
  }
}

function harmlessOperation<Name extends OperationName>(
  begun: Operation<Name> | undefined,
  attempt: (use: () => void) => void,
): Operation<Name> {
  return {
    within<T>(work: () => T): T {
      let known: Outcome<T> | undefined
      const once = (): Outcome<T> => (known ??= outcomeOf(work))
      attempt(() => begun?.within(once))
      const outcome = once()
      if ('error' in outcome) throw outcome.error
      return outcome.value
    },
    end(ending) {
      attempt(() => begun?.end(ending))
    },
  }
}
