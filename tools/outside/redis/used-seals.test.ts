import { type Clock, systemClock } from '@behalf/core'
import { createHook } from '@behalf/hook'
import { type SealStore, sealed } from '@behalf/hook/sealing'
import { hookEvent, SealingPair, TestIssuer, userClaims } from '@behalf/testing'
import { createClient } from '@redis/client'
import { expect, onTestFinished, test } from 'vitest'
import { withOutsider } from '../outsider.ts'
import { redisServer, startRedis } from './redis-server.ts'

const secret = 'hook-secret-0123456789'
const nowSeconds = (): number => Math.floor(Date.now() / 1_000)

/** Waits as long as it takes, so that a busy machine denies nothing. */
const patient: Clock = { now: () => Date.now(), schedule: () => () => undefined }

/** Two hooks that share a store, as docs/sealing.md has it, and what they answer. */
async function start(clock: Clock = patient) {
  const server = await startRedis()
  const redis = createClient({ url: server.url })
  redis.on('error', () => undefined)
  await redis.connect()
  onTestFinished(() => redis.destroy())
  const store: SealStore = {
    claim: async (clientId, jti, expiresAt) =>
      (await redis.set(`seal:${JSON.stringify([clientId, jti])}`, '1', { NX: true, EXAT: expiresAt })) ===
      'OK',
  }
  const issuer = await TestIssuer.start()
  onTestFinished(() => issuer.close())
  const pair = new SealingPair()
  const instance = () =>
    createHook(
      {
        authenticate: { secrets: [secret] },
        issuers: [{ issuer: issuer.issuer, audiences: ['api://a'] }],
        clients: { '0oaApiA': {} },
        sealing: sealed({ keys: pair.jwk, store }),
      },
      { clock },
    )
  const codeOf = async (hook: ReturnType<typeof instance>, jti: string): Promise<string> => {
    const assertion = pair.seal({
      assertion: issuer.sign(userClaims(nowSeconds())),
      client_id: '0oaApiA',
      aud: hookEvent().data.access.claims['iss'],
      iat: nowSeconds(),
      jti,
    })
    const headers = new Map([['authorization', [secret]]])
    const { body } = await hook.handle({ headers, body: JSON.stringify(hookEvent({ assertion })) })
    const { commands, debugContext } = JSON.parse(body)
    return commands === undefined ? debugContext.code : 'permit'
  }
  const [one, two] = [instance(), instance()]
  await Promise.all([one.load(), two.load()])
  return { server, redis, one, two, codeOf }
}

withOutsider({ name: 'Redis, as the store of used seals', ...redisServer }, () => {
  test('has a seal used once by all instances, and forgets it when no clock accepts it', async () => {
    const { redis, one, two, codeOf } = await start()
    const begunSeconds = nowSeconds()
    expect(await codeOf(one, 'a')).toBe('permit')
    expect([await codeOf(two, 'a'), await codeOf(one, 'a'), await codeOf(two, 'b')]).toEqual([
      'seal_replayed',
      'seal_replayed',
      'permit',
    ])
    const key = `seal:${JSON.stringify(['0oaApiA', 'a'])}`
    expect(await redis.keys('*')).toContain(key)
    // A minute, the tolerance for the client's clock, and as much for its own.
    expect(await redis.expireTime(key)).toBeGreaterThanOrEqual(begunSeconds + 180)
    expect(await redis.expireTime(key)).toBeLessThanOrEqual(nowSeconds() + 180)
  })

  test('has one of many uses at the same time win', async () => {
    const { one, two, codeOf } = await start()
    const codes = await Promise.all(Array.from({ length: 20 }, (_, n) => codeOf(n % 2 ? one : two, 'same')))
    expect(codes.filter((code) => code === 'permit')).toHaveLength(1)
    expect(new Set(codes)).toEqual(new Set(['permit', 'seal_replayed']))
  })

  test.each(['stopped', 'stalled'] as const)('that has %s denies, and says why', async (fault) => {
    const { server, one, codeOf } = await start(systemClock)
    if (fault === 'stopped') await server.stop()
    else server.stall()
    expect(await codeOf(one, 'after')).toBe('seal_store_unavailable')
  })
})
