import { randomBytes } from 'node:crypto'
import { systemClock } from '@behalf/core'
import KeyvRedis from '@keyv/redis'
import Keyv from 'keyv'
import { expect, onTestFinished, test } from 'vitest'
import { startFixture } from '../../../packages/client/test/support/fixture.ts'
import { withOutsider } from '../outsider.ts'
import { redisServer, startRedis } from './redis-server.ts'

function connected(url: string): Keyv {
  const adapter = new KeyvRedis(url, { throwOnErrors: true })
  const store = new Keyv(adapter, { useKeyPrefix: false, throwOnErrors: true })
  store.on('error', () => undefined)
  // By force: a server that is gone would be waited for.
  onTestFinished(() => adapter.disconnect(true))
  return store
}

withOutsider({ name: 'Redis, through Keyv', ...redisServer }, () => {
  test('shares encrypted tokens between instances, and forgets them in time', async () => {
    const { server, client } = await startFixture()
    const { url } = await startRedis()
    const encryptionKeys = [randomBytes(32)]
    const inspected = connected(url)
    const asked = { assertion: server.userToken(), scopes: ['orders:read'] }

    const one = client({ cache: { store: connected(url), encryptionKeys } })
    const two = client({ cache: { store: connected(url), encryptionKeys } })
    const token = await one.acquireToken(asked)
    expect((await two.acquireToken(asked)).accessToken).toBe(token.accessToken)

    expect(server.tokenRequests).toHaveLength(1)
    expect(two.statistics()).toMatchObject({ storeHits: 1, misses: 0 })
    const entries: [string, unknown][] = []
    for await (const [key, value] of inspected.iterator?.({}) ?? []) entries.push([key, value])
    expect(entries).toEqual([[expect.stringMatching(/^behalf:/), expect.stringMatching(/^[\w-]+$/)]])
  })

  test.each(['stopped', 'stalled'] as const)('that has %s is bypassed within the time-out', async (fault) => {
    const { server, client } = await startFixture()
    const redis = await startRedis()
    const warnings: string[] = []
    const store = connected(redis.url)
    await store.get('to be connected before time counts')
    const a = client({
      clock: systemClock,
      cache: { store, storeTimeoutMs: 500 },
      onWarning: ({ code }) => warnings.push(code),
    })
    const now = Math.floor(Date.now() / 1000)
    const ask = (jti: string) =>
      a.acquireToken({ assertion: server.userToken({ jti, exp: now + 900 }), scopes: [] })
    server.claims = { exp: now + 600 }
    await ask('1')

    if (fault === 'stopped') await redis.stop()
    else redis.stall()
    const begun = performance.now()
    expect((await ask('2')).subject).toBe('ann@example.com')

    expect(performance.now() - begun).toBeLessThan(5_000)
    expect(warnings).toEqual(['store_unavailable'])
    expect(server.tokenRequests).toHaveLength(2)
  })
})
