import { createWorker } from '@behalf/hook/workers'
import { expect, it } from 'vitest'

const ask = () => new Request('https://hook.example/inline-hook', { method: 'POST', body: '{}' })
const good = {
  authenticate: { secrets: ['s3cret'] },
  issuers: [{ issuer: 'https://example.okta.com/oauth2/default', audiences: ['api://a'] }],
  clients: 'any',
} as const

it('denies while the configuration hangs, and serves once it comes', async () => {
  const configuration = Promise.withResolvers<typeof good>()
  const lines: string[] = []
  const worker = createWorker(() => configuration.promise, { log: (line) => lines.push(line) })
  const denied = await worker.fetch(ask(), {})
  expect([denied.status, await denied.text()]).toEqual([200, expect.stringContaining('internal_error')])
  configuration.resolve(good)
  const served = await worker.fetch(ask(), {})
  expect([served.status, await served.text()]).toEqual([
    200,
    expect.stringContaining('caller_unauthenticated'),
  ])
})

it('denies although its log fails', async () => {
  const log = (): never => {
    throw new Error('no log')
  }
  const worker = createWorker(() => Promise.reject(new Error('no configuration')), { log })
  const denied = await worker.fetch(ask(), {})
  expect([denied.status, await denied.text()]).toEqual([200, expect.stringContaining('internal_error')])
})
