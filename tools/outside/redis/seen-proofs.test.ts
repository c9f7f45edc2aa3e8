import { type Clock, systemClock } from '@behalf/core'
import { delegatedClaims, TestIssuer } from '@behalf/testing'
import { createVerifier, type PresentedProof, type ReplayStore, TokenError } from '@behalf/verify'
import { createClient } from '@redis/client'
import { expect, onTestFinished, test } from 'vitest'
import { Prover } from '../../../packages/verify/test/dpop/prover.ts'
import { withOutsider } from '../outsider.ts'
import { redisServer, startRedis } from './redis-server.ts'

const baseUrl = 'https://b.example.com'
const nowSeconds = (): number => Math.floor(Date.now() / 1_000)

/** Waits as long as it takes, so that a busy machine refuses nothing. */
const patient: Clock = { now: () => Date.now(), schedule: () => () => undefined }

/** Two instances of an API that share a store, as the README of verify has it. */
async function start(clock: Clock = patient) {
  const server = await startRedis()
  const redis = createClient({ url: server.url, disableOfflineQueue: true })
  redis.on('error', () => undefined)
  await redis.connect()
  onTestFinished(() => redis.destroy())
  const store: ReplayStore = {
    remember: async (id, ttlSeconds) =>
      (await redis.set(`dpop:${id}`, '1', {
        condition: 'NX',
        expiration: { type: 'EX', value: ttlSeconds },
      })) === 'OK',
  }
  const issuer = await TestIssuer.start()
  onTestFinished(() => issuer.close())
  const prover = new Prover()
  const token = issuer.sign(delegatedClaims(nowSeconds(), { cnf: { jkt: prover.thumbprint } }))
  const instance = () =>
    createVerifier({
      issuer: issuer.issuer,
      audience: 'api://b',
      clock,
      dpop: { baseUrl, replayCache: { store } },
    })
  const proof = (): PresentedProof => ({
    proof: prover.prove(prover.claims(token, nowSeconds())),
    method: 'GET',
    url: '/orders',
  })
  const outcome = (verifier: ReturnType<typeof instance>, dpop: PresentedProof): Promise<string> =>
    verifier.verify(token, { dpop }).then(
      () => 'accepted',
      (error: unknown) => (error instanceof TokenError ? (error.challengeError ?? error.code) : 'no refusal'),
    )
  return { server, redis, one: instance(), two: instance(), proof, outcome }
}

withOutsider({ name: 'Redis, as the store of seen proofs', ...redisServer }, () => {
  test('has a proof accepted once by all instances, and forgets it when it could not be accepted', async () => {
    const { redis, one, two, proof, outcome } = await start()
    const stolen = proof()
    expect([
      await outcome(one, stolen),
      await outcome(two, stolen),
      await outcome(one, stolen),
      await outcome(two, proof()),
    ]).toEqual(['accepted', 'invalid_dpop_proof', 'invalid_dpop_proof', 'accepted'])
    const keys = await redis.keys('*')
    expect(keys).toEqual(Array(2).fill(expect.stringMatching(/^dpop:[\w-]{43}$/)))
    // A minute, the tolerance of the clocks on both sides.
    for (const key of keys) expect(await redis.ttl(key)).toBeLessThanOrEqual(180)
  })

  test('has one of many uses at the same time win', async () => {
    const { one, two, proof, outcome } = await start()
    const stolen = proof()
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, use) => outcome(use % 2 === 0 ? one : two, { ...stolen })),
    )
    expect(outcomes.filter((each) => each === 'accepted')).toHaveLength(1)
    expect(new Set(outcomes)).toEqual(new Set(['accepted', 'invalid_dpop_proof']))
  })

  test.each(['stopped', 'stalled'] as const)(
    'that has %s refuses, and says that it is not there',
    async (fault) => {
      const { server, one, proof, outcome } = await start(systemClock)
      if (fault === 'stopped') await server.stop()
      else server.stall()
      expect(await outcome(one, proof())).toBe('replay_store_unavailable')
    },
  )
})
