import { HookBench } from '@behalf/testing/hook'
import { afterAll, describe, expect, it } from 'vitest'

const bench = await HookBench.start()
afterAll(() => bench.close())

describe('a record', () => {
  it('of a permit says who acts for whom, where and with which scopes', async () => {
    const { record, debugContext } = await bench.send(
      bench.event({ scopes: ['a', 'b'] }),
      {},
      {
        newDecisionId: () => 'decision-1',
      },
    )
    expect(record).toEqual({
      time: '2026-11-01T00:00:00.000Z',
      decisionId: 'decision-1',
      decision: 'permit',
      step: 'commands',
      requestId: 'request-1',
      client: '0oaApiA',
      issuer: bench.issuer.issuer,
      subject: 'ann@example.com',
      assertionId: 'AT.user-token',
      actors: ['0oaApiA'],
      audience: 'api://b',
      scopes: ['a', 'b'],
      durationMs: 0,
      version: '0.1.0',
      configuration: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    expect(debugContext).toEqual({ decisionId: 'decision-1' })
  })

  it('of a denial says why, and no more than what was known by then', async () => {
    const { record, debugContext, errorSummary } = await bench.send(
      bench.event({ assertion: bench.assertion({ aud: 'api://c' }) }),
    )
    expect(Object.keys(record).toSorted()).toEqual(
      [
        ...['time', 'decisionId', 'decision', 'code', 'step', 'requestId', 'client'],
        ...['audience', 'scopes', 'durationMs', 'version', 'configuration'],
      ].toSorted(),
    )
    expect(record).toMatchObject({ decision: 'deny', code: 'assertion_audience_mismatch', step: 'verify' })
    expect(debugContext).toEqual({ decisionId: record.decisionId, code: 'assertion_audience_mismatch' })
    expect(errorSummary).toBe(
      'assertion_audience_mismatch: The assertion was not issued for the API that presents it.',
    )
  })

  it('of a stranger says nothing that the stranger sent', async () => {
    const { record } = await bench.send({ headers: new Map(), body: JSON.stringify(bench.event()) })
    expect(Object.keys(record).toSorted()).toEqual(
      [
        ...['code', 'decision', 'decisionId', 'detail', 'durationMs', 'step', 'time'],
        ...['version', 'configuration'],
      ].toSorted(),
    )
  })

  it('counts the time from the arrival', async () => {
    const hookRequest = {
      headers: new Map<string, string[]>(),
      body: '',
      arrivedAtMs: bench.clock.now() - 12,
    }
    expect((await bench.send(hookRequest)).record.durationMs).toBe(12)
  })

  it('has an id of its own for every decision', async () => {
    const first = await bench.send(bench.event())
    const second = await bench.send(bench.event())
    expect(first.record.decisionId).toMatch(/^[0-9a-f-]{36}$/)
    expect(second.record.decisionId).not.toBe(first.record.decisionId)
  })
})
