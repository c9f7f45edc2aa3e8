import { type OperationRow, operations } from '@behalf/core/internal'
import { startLambda } from '@behalf/hook/lambda'
import { ManualClock } from '@behalf/testing'
import { expect, test } from 'vitest'
import { embedded, embeddedMetrics } from '../../src/runtimes/lambda/embedded-metrics.ts'

const rows: Readonly<Record<string, OperationRow>> = operations

test('what is embedded is in the table of telemetry', () => {
  for (const [name, dimensions] of Object.entries(embedded))
    expect(dimensions).toEqual(rows[name]?.attributes)
})

test('a line is what CloudWatch makes metrics of', () => {
  const lines: object[] = []
  const clock = new ManualClock()
  const telemetry = embeddedMetrics('Behalf', { log: (line) => lines.push(line), clock })
  const step = telemetry.begin('behalf.hook.step', { 'behalf.step': 'parse' })
  const exchange = telemetry.begin('behalf.hook.exchange', {}, 5)
  clock.advance(20)
  step.end({ attributes: { 'behalf.outcome': 'continued' } })
  exchange.end({
    attributes: { 'behalf.decision': 'deny', 'behalf.code': 'policy_denied', 'okta.request.id': 'r1' },
  })
  expect(lines).toEqual([
    {
      _aws: {
        Timestamp: clock.now(),
        CloudWatchMetrics: [
          {
            Namespace: 'Behalf',
            Dimensions: [['behalf.decision'], ['behalf.decision', 'behalf.code']],
            Metrics: [{ Name: 'behalf.hook.exchange.duration', Unit: 'Seconds' }],
          },
        ],
      },
      'behalf.decision': 'deny',
      'behalf.code': 'policy_denied',
      'behalf.hook.exchange.duration': 0.025,
    },
  ])
})

test('a function whose configuration is refused embeds that, too', async () => {
  const lines: string[] = []
  const handler = await startLambda(
    () => {
      throw new Error('no configuration')
    },
    { metricsNamespace: 'Behalf', log: (line) => lines.push(line) },
  )
  await handler({ httpMethod: 'POST', headers: {}, body: '{}' })
  expect(lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({
      _aws: expect.anything(),
      'behalf.decision': 'deny',
      'behalf.code': 'internal_error',
    }),
  )
})
