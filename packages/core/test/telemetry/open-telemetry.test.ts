import { openTelemetry } from '@behalf/core/telemetry'
import { metrics } from '@opentelemetry/api'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { expect, onTestFinished, test } from 'vitest'

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
  async names(): Promise<readonly string[]> {
    const { resourceMetrics } = await this.collect()
    return resourceMetrics.scopeMetrics.flatMap((scope) =>
      scope.metrics.map(({ descriptor }) => descriptor.name),
    )
  }
}

test('an SDK that is registered after the telemetry was made gets everything, earlier quantities included', async () => {
  const telemetry = openTelemetry()
  telemetry.observe('behalf.client.cache.tokens', () => [{ value: 1, attributes: {} }])
  telemetry.begin('behalf.keys.fetch').end({ attributes: { 'behalf.outcome': 'ok' } })
  const reader = new Reader()
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
  onTestFinished(() => metrics.disable())
  telemetry.begin('behalf.keys.fetch').end({ attributes: { 'behalf.outcome': 'ok' } })
  expect((await reader.names()).toSorted()).toEqual([
    'behalf.client.cache.tokens',
    'behalf.keys.fetch.duration',
  ])
})

test('it takes nothing but what it knows', () => {
  const options: object = { tracer: {}, meterProvider: {} }
  expect(() => openTelemetry(options)).toThrow(
    'openTelemetry: the options are unusable\n' +
      '- meterProvider: expected a MeterProvider with getMeter\n' +
      '- tracer: unknown; expected one of tracerProvider, meterProvider',
  )
})
