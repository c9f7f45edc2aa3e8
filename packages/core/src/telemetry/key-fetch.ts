import type { Result } from '../result.ts'
import type { OperationOf } from './as-operation.ts'

/** The operation that a fetch of keys is, whose keys they are and whatever they are for. */
export const keyFetch: OperationOf<'behalf.keys.fetch', Result<unknown, unknown>> = {
  name: 'behalf.keys.fetch',
  describe: (outcome) =>
    outcome.ok && outcome.value.ok
      ? { attributes: { 'behalf.outcome': 'ok' } }
      : { attributes: { 'behalf.outcome': 'failed' }, failed: true },
}
