import type { Clock, Telemetry } from '@behalf/core'
import type { Operation, OperationName } from '@behalf/core/internal'

/** What is measured, and by which attributes: those of docs/telemetry.md. CloudWatch charges for each set of their values. */
export const embedded: Readonly<Partial<Record<OperationName, readonly string[]>>> = {
  'behalf.hook.exchange': ['behalf.decision', 'behalf.code'],
  'behalf.keys.fetch': ['behalf.outcome'],
}

const nothing: Operation = { within: (work) => work(), end: () => undefined }

/**
 * Writes the duration of what operations need to know into a function's log, in CloudWatch's embedded metric format, one line of
 * JSON each, of which CloudWatch makes metrics without any call: how many there were is their `SampleCount`. Spans and
 * quantities are not written.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(
  namespace: string,
  { log, clock }: { readonly log: (record: object) => void; readonly clock: Clock },
): Telemetry {
  return {
    begin(name, begun = {}, sinceMs = 0) {
      const dimensions = embedded[name]
      if (dimensions === undefined) return nothing
      const startedAt = clock.now() - sinceMs
      return {
        within: (work) => work(),
        end({ attributes }) {
          const said: Readonly<Record<string, unknown>> = { ...begun, ...attributes }
          const present = dimensions.filter((each) => said[each] !== undefined)
          const metric = `${name}.duration`
          const directive = {
            Namespace: namespace,
            // By the first attribute alone, too, so that sums need no search.
            Dimensions: present.map((_, index) => present.slice(0, index + 1)),
            Metrics: [{ Name: metric, Unit: 'Seconds' }],
          }
          log({
            _aws: { Timestamp: Math.floor(clock.now()), CloudWatchMetrics: [directive] },
            ...Object.fromEntries(present.map((each) => [each, said[each]])),
            // A clock that was set back must not make it negative.
            [metric]: Math.max(0, clock.now() - startedAt) / 1000,
          })
        },
      }
    },
    observe: () => undefined,
  }
}
