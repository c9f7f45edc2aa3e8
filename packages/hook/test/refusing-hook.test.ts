import { createFetchHandler } from '@behalf/hook/fetch'
import { readAnswer } from '@behalf/testing/hook'
import { expect, it } from 'vitest'
import type { InternalErrorReport } from '../src/errors/internal-error.ts'
import { createRefusingHook } from '../src/refusing-hook.ts'

const request = { headers: new Map(), body: '{}' }

it('denies everything and says why in the record only', async () => {
  const records: unknown[] = []
  const hook = createRefusingHook('the configuration is refused', {
    onDecision: (record) => records.push(record),
  })
  const answer = await hook.handle(request)
  expect(answer.status).toBe(200)
  expect(readAnswer(answer.body).outcome).toBe('internal_error')
  expect(answer.body).not.toContain('refused')
  expect(records).toEqual([
    expect.objectContaining({
      decision: 'deny',
      code: 'internal_error',
      detail: 'the configuration is refused',
    }),
  ])
})

it('denies although its sinks throw', async () => {
  const reports: InternalErrorReport[] = []
  const hook = createRefusingHook('no configuration', {
    onDecision: () => {
      throw new RangeError('the log is full')
    },
    onInternalError: (report) => {
      reports.push(report)
      throw new Error('this one, too')
    },
  })
  expect((await hook.handle(request)).status).toBe(200)
  expect(reports.map(({ name }) => name)).toEqual(['RangeError'])
})

it('has Okta send events again, because one that is answered otherwise counts as noted', async () => {
  const hook = createRefusingHook('no configuration')
  const call = { method: 'POST', headers: request.headers, body: () => ({ ok: true, value: '{}' }) as const }
  expect((await hook.events?.receive(call))?.status).toBe(503)
  const served = createFetchHandler(hook)
  const event = new Request('http://hook.example/event-hook', { method: 'POST', body: '{}' })
  expect((await served(event)).status).toBe(503)
})
