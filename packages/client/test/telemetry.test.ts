import { expect, test } from 'vitest'
import { collectTelemetry } from '../../../testing/test/telemetry/collected.ts'
import { refusal, startFixture } from './support/fixture.ts'

test('a key to seal for that cannot be fetched is a failed fetch within a failed exchange', async () => {
  const { telemetry, spans, points } = collectTelemetry()
  const { server, client } = await startFixture()
  const sealing = client({ telemetry, seal: { jwksUri: 'http://127.0.0.1:9/.well-known/jwks.json' } })
  const { code } = await refusal(sealing.acquireToken({ assertion: server.userToken(), scopes: [] }))
  expect(code).toBe('seal_key_unavailable')

  const exchange = spans().find(({ name }) => name === 'behalf.client.exchange')
  expect(exchange?.attributes).toMatchObject({
    'behalf.outcome': 'failed',
    'behalf.code': 'seal_key_unavailable',
    'behalf.refused_by': 'client',
  })
  const fetched = spans().filter(({ name }) => name === 'behalf.keys.fetch')
  expect(fetched.map(({ attributes }) => attributes)).toEqual([{ 'behalf.outcome': 'failed' }])
  expect(fetched[0]?.parentSpanContext?.spanId).toBe(exchange?.spanContext().spanId)
  expect((await points()).filter(({ name }) => name === 'behalf.client.tokens')).toContainEqual(
    expect.objectContaining({
      value: 1,
      attributes: { 'behalf.client.id': '0oaApiA', 'behalf.source': 'server' },
    }),
  )
})
