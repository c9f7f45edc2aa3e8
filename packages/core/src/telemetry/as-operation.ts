import type { Result } from '../result.ts'
import { fail, pass } from '../result.ts'
import type { OperationName } from './signals.ts'
import type { Ending, OperationAttributes, Telemetry } from './telemetry.ts'

/** Which operation work is, and what is to be said of its end. */
export interface OperationOf<Name extends OperationName, T> {
  readonly name: Name
  readonly attributes?: OperationAttributes<Name>
  /** Says how it ended; a fault is what was thrown. Neither may be told with its values. */
  readonly describe: (outcome: Result<T, unknown>) => Ending<Name>
}

/** Does work as an operation where telemetry is put in, and just does it where it is not. */
export function asOperation<Name extends OperationName, T>(
  telemetry: Telemetry | undefined,
  operation: OperationOf<Name, T>,
  work: () => Promise<T>,
): Promise<T>
export function asOperation<Name extends OperationName, T>(
  telemetry: Telemetry | undefined,
  operation: OperationOf<Name, T>,
  work: () => T | Promise<T>,
): T | Promise<T>
export function asOperation<Name extends OperationName, T>(
  telemetry: Telemetry | undefined,
  { name, attributes, describe }: OperationOf<Name, T>,
  work: () => T | Promise<T>,
): T | Promise<T> {
  if (telemetry === undefined) return work()
  const begun = telemetry.begin(name, attributes)
  const finish = (value: T): T => {
    begun.end(describe(pass(value)))
    return value
  }
  const give = (error: unknown): never => {
    begun.end(describe(fail(error)))
    throw error
  }
  let outcome: T | Promise<T>
  try {
    outcome = begun.within(work)
  } catch (error) {
    return give(error)
  }
  return outcome instanceof Promise ? outcome.then(finish, give) : finish(outcome)
}
