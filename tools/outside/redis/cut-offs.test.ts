import { type Clock, keyvRevocations, type RevocationStore, systemClock } from '@behalf/core'
import { userKey } from '@behalf/core/internal'
import { createHook } from '@behalf/hook'
import { eventHooks } from '@behalf/hook/events'
import { hookEvent, TestIssuer, userClaims } from '@behalf/testing'
import KeyvRedis from '@keyv/redis'
import { createClient } from '@redis/client'
import Keyv from 'keyv'
import { expect, onTestFinished, test } from 'vitest'
import { withOutsider } from '../outsider.ts'
import { type RedisServer, redisServer, startRedis } from './redis-server.ts'

const secrets = ['hook-secret-0123456789']
const eventSecret = 'event-secret-0123456789'
const ann = userKey('example', ['uid'], { uid: '00uAnn' }) ?? ''
const nowSeconds = (): number => Math.floor(Date.now() / 1_000)

/** Waits as long as it takes, so that a busy machine denies nothing. */
const patient: Clock = { now: () => Date.now(), schedule: () => () => undefined }

/** Through Keyv, as docs/revocation.md has it. */
async function throughKeyv({ url }: RedisServer): Promise<RevocationStore> {
  const adapter = new KeyvRedis(url, { throwOnErrors: true })
  const store = new Keyv(adapter, { useKeyPrefix: false, throwOnErrors: true })
  store.on('error', () => undefined)
  onTestFinished(() => adapter.disconnect(true))
  await store.get('to be connected before time counts')
  return keyvRevocations(store)
}

/** One's own, as the documentation of RevocationStore has it. */
async function onesOwn({ url }: RedisServer): Promise<RevocationStore> {
  const redis = createClient({ url })
  redis.on('error', () => undefined)
  await redis.connect()
  onTestFinished(() => redis.destroy())
  const keptSeconds = 31 * 86_400
  return {
    find: (user) => redis.zScore(`behalf:revoked:${user}`, 'cut-off'),
    async raise(user, cutOff) {
      const key = `behalf:revoked:${user}`
      await redis
        .multi()
        .zAdd(key, { score: cutOff, value: 'cut-off' }, { comparison: 'GT' })
        .expire(key, keptSeconds)
        .exec()
    },
  }
}

/** A hook with a connection of its own; what it makes of a token, and of an event. */
function instance(issuer: TestIssuer, store: RevocationStore, clock: Clock = patient) {
  const hook = createHook(
    {
      authenticate: { secrets },
      issuers: [{ issuer: issuer.issuer, audiences: ['api://a'], org: 'example' }],
      clients: { '0oaApiA': {} },
      revocation: {
        store,
        whenUnavailable: 'deny',
        events: eventHooks({ org: 'example', secrets: [eventSecret] }),
      },
    },
    { clock },
  )
  return {
    load: () => hook.load(),
    async codeOf(iat: number): Promise<string> {
      const assertion = issuer.sign(userClaims(nowSeconds(), { iat }))
      const headers = new Map([['authorization', secrets]])
      const { body } = await hook.handle({ headers, body: JSON.stringify(hookEvent({ assertion })) })
      const { commands, debugContext } = JSON.parse(body)
      return commands === undefined ? debugContext.code : 'permit'
    },
    async suspend(atSeconds: number): Promise<number | undefined> {
      const event = {
        published: new Date(atSeconds * 1_000).toISOString(),
        eventType: 'user.lifecycle.suspend',
        outcome: { result: 'SUCCESS' },
        target: [{ id: '00uAnn', type: 'User' }],
      }
      const value = JSON.stringify({ data: { events: [event] } })
      const headers = new Map([['authorization', [eventSecret]]])
      return (await hook.events?.receive({ method: 'POST', headers, body: () => ({ ok: true, value }) }))
        ?.status
    },
  }
}

async function startIssuer(): Promise<TestIssuer> {
  const issuer = await TestIssuer.start()
  onTestFinished(() => issuer.close())
  return issuer
}

withOutsider({ name: 'Redis, as the store of cut-offs', ...redisServer }, () => {
  test.each([
    ['through Keyv', throughKeyv],
    ["by one's own store", onesOwn],
  ])('%s what one instance is told, all know, and it only moves later', async (_name, connect) => {
    const redis = await startRedis()
    const issuer = await startIssuer()
    const [one, two] = [instance(issuer, await connect(redis)), instance(issuer, await connect(redis))]
    await Promise.all([one.load(), two.load()])
    const now = nowSeconds()
    expect([await one.codeOf(now - 10), await two.codeOf(now - 10)]).toEqual(['permit', 'permit'])
    expect(await one.suspend(now - 5)).toBe(204)
    expect([await one.codeOf(now - 10), await two.codeOf(now - 10)]).toEqual([
      'assertion_revoked',
      'assertion_revoked',
    ])
    expect([await one.suspend(now - 500), await two.suspend(now - 5)]).toEqual([204, 204])
    expect([await two.codeOf(now - 10), await two.codeOf(now - 4)]).toEqual(['assertion_revoked', 'permit'])
  })

  test("one's own store leaves the latest of many that come at once to several instances", async () => {
    const redis = await startRedis()
    const stores = await Promise.all([onesOwn(redis), onesOwn(redis), onesOwn(redis)])
    const cutOffs = Array.from({ length: 60 }, (_, index) => ((index * 37) % 60) + 0.5)
    await Promise.all(cutOffs.map(async (cutOff, index) => stores[index % 3]?.raise(ann, cutOff)))
    expect(await stores[0]?.find(ann)).toBe(59.5)
  })

  test('keeps a cut-off for as long as tokens live, and nothing that names a user', async () => {
    const redis = await startRedis()
    const store = await throughKeyv(redis)
    await store.raise(ann, nowSeconds())
    const client = createClient({ url: redis.url })
    await client.connect()
    onTestFinished(() => client.destroy())
    const keys = await client.keys('*')
    expect(keys).toEqual([expect.stringMatching(new RegExp(`behalf:revoked:${ann}$`))])
    const [key = ''] = keys
    expect(await client.ttl(key)).toBeGreaterThan(30 * 86_400)
    expect(`${key} ${await client.get(key)}`).not.toMatch(/00uAnn|example/)
  })

  test.each(['stopped', 'stalled'] as const)(
    'that has %s denies, and an event is to be sent again',
    async (fault) => {
      const redis = await startRedis()
      const issuer = await startIssuer()
      const hook = instance(issuer, await throughKeyv(redis), systemClock)
      await hook.load()
      if (fault === 'stopped') await redis.stop()
      else redis.stall()
      expect(await hook.codeOf(nowSeconds())).toBe('revocation_unavailable')
      expect(await hook.suspend(nowSeconds())).toBe(503)
    },
  )
})
