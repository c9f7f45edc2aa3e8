import { openTelemetry } from '@behalf/core/telemetry'
import { context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'

/** One value of a metric. */
export interface Point {
  readonly name: string
  readonly unit: string
  readonly attributes: Readonly<Record<string, unknown>>
  /** What was counted; of a histogram how many. */
  readonly value: number
}

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** Telemetry to OpenTelemetry's own SDK, which keeps in memory what it receives. */
export function collectTelemetry() {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const exporter = new InMemorySpanExporter()
  const reader = new Reader()
  const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  const meterProvider = new MeterProvider({ readers: [reader] })
  return {
    telemetry: openTelemetry({ tracerProvider, meterProvider }),
    spans: (): readonly ReadableSpan[] => exporter.getFinishedSpans(),
    forgetSpans: () => exporter.reset(),
    points: async (): Promise<readonly Point[]> => {
      const { resourceMetrics, errors } = await reader.collect()
      if (errors.length > 0) throw errors[0]
      return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
        metrics.flatMap(({ descriptor: { name, unit }, dataPoints }) =>
          dataPoints.map(({ attributes, value }) => ({ name, unit, attributes, value: countOf(value) })),
        ),
      )
    },
  }
}

function countOf(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'object' && value !== null && 'count' in value && typeof value.count === 'number')
    return value.count
  throw new TypeError('neither a number nor a histogram')
}
