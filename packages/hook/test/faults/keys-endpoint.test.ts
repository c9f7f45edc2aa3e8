import { brokenEndpoints, listen, slow } from '@behalf/testing'
import { deadlineMs, ServedBench } from '@behalf/testing/hook'
import { afterAll, describe, expect, it } from 'vitest'

let followed = 0
const elsewhere = await listen((_, response) => {
  followed++
  response.writeHead(200).end('{}')
})
afterAll(() => elsewhere.close())

const faults = brokenEndpoints(`${elsewhere.origin}/keys`)
const granted = { status: 200, outcome: 'ann@example.com' }
const minute = 60_000
const hour = 60 * minute

/** Sends exchanges until one is granted and returns how long that took. */
async function recover(rig: ServedBench): Promise<number> {
  const healedAt = rig.clock.now()
  for (;;) {
    const { outcome } = await rig.exchange()
    const elapsed = rig.clock.now() - healedAt
    if (outcome === granted.outcome || elapsed > 10_000) return elapsed
    rig.clock.advance(200)
  }
}

describe.concurrent.each(['keysAnswer', 'metadataAnswer'] as const)(
  'at a cold start, with %s',
  (endpoint) => {
    // An Okta server without metadata still has its keys where Okta has them.
    const fatal = faults.filter(({ name }) => endpoint === 'keysAnswer' || name !== 'gone 404')

    it.each(fatal)(
      '$name: denied in time, asked for rarely, and recovered within 5 s',
      async ({ answer }) => {
        await using rig = await ServedBench.start()
        rig.issuer[endpoint] = answer
        const startedAt = rig.clock.now()
        for (let attempt = 0; attempt < 5; attempt++) {
          const { status, outcome, elapsedMs } = await rig.exchange()
          expect({ status, outcome }).toEqual({ status: 200, outcome: 'keys_unavailable' })
          expect(elapsedMs).toBeLessThan(deadlineMs)
        }
        const fetches = Math.max(...rig.issuer.requests.values())
        expect(fetches).toBeLessThanOrEqual(1 + (rig.clock.now() - startedAt) / 3_000)
        expect(rig.hook.status()).toMatchObject([{ ready: false }])
        rig.issuer[endpoint] = undefined
        expect(await recover(rig)).toBeLessThanOrEqual(5_000)
        expect(followed).toBe(0)
      },
    )
  },
)

describe.concurrent('with keys loaded', () => {
  it.each(faults)(
    '$name: known keys serve at once until the stale bound, then all is denied until it heals',
    async ({ answer }) => {
      await using rig = await ServedBench.start()
      expect(await rig.exchange()).toMatchObject(granted)
      rig.issuer.keysAnswer = answer
      for (const age of [6 * minute, 10 * minute, 2 * hour, 11 * hour, 10 * hour]) {
        rig.clock.advance(age)
        const { elapsedMs, ...answered } = await rig.exchange()
        expect(answered).toEqual(granted)
        expect(elapsedMs).toBeLessThan(deadlineMs)
      }
      expect(rig.hook.status()).toMatchObject([{ ready: true, fault: expect.any(String) }])
      expect(rig.hook.status()[0]?.ageMs).toBeGreaterThan(23 * hour)
      rig.clock.advance(hour)
      const { elapsedMs, ...answered } = await rig.exchange()
      expect(answered).toEqual({ status: 200, outcome: 'keys_unavailable' })
      expect(elapsedMs).toBeLessThan(deadlineMs)
      rig.issuer.keysAnswer = undefined
      expect(await recover(rig)).toBeLessThanOrEqual(5_000)
      expect(followed).toBe(0)
    },
  )

  it('flapping between good and bad answers loses no exchange', async () => {
    await using rig = await ServedBench.start()
    await rig.hook.load()
    for (let turn = 0; turn < 20; turn++) {
      rig.issuer.keysAnswer = turn % 2 === 0 ? { status: 500 } : undefined
      rig.clock.advance(7 * minute)
      expect(await rig.exchange()).toMatchObject(granted)
    }
  })
})

describe.concurrent('with keys that have reached the maximum age and an issuer that has become slow', () => {
  it.each([100, 500])('%d ms: the exchange waits for the new keys', async (delayMs) => {
    await using rig = await ServedBench.start()
    await rig.hook.load()
    rig.clock.advance(11 * minute)
    rig.issuer.keysAnswer = (response) => {
      rig.clock.advance(delayMs)
      const body = JSON.stringify({ keys: rig.issuer.keys.map(({ jwk }) => jwk) })
      response.writeHead(200).end(body)
    }
    expect(await rig.exchange()).toMatchObject(granted)
    expect(rig.hook.status()[0]?.ageMs).toBeLessThan(minute)
  })

  it('10 s: no exchange waits for longer than the deadline allows, and known keys serve', async () => {
    await using rig = await ServedBench.start()
    await rig.hook.load()
    rig.clock.advance(11 * minute)
    rig.issuer.keysAnswer = slow(10_000, () => ({}))
    for (let attempt = 0; attempt < 5; attempt++) {
      const { elapsedMs, ...answered } = await rig.exchange()
      expect(answered).toEqual(granted)
      expect(elapsedMs).toBeLessThan(1_000)
      rig.clock.advance(1_000)
    }
  })
})

describe.concurrent('metadata', () => {
  it.each([
    ['names another issuer', (issuer: string) => ({ issuer: `${issuer}/`, jwks_uri: `${issuer}/v1/keys` })],
    ['leads to keys elsewhere', (issuer: string) => ({ issuer, jwks_uri: `${elsewhere.origin}/keys` })],
    ['leads to keys without TLS', (issuer: string) => ({ issuer, jwks_uri: 'http://keys.example.com/' })],
    ['has keys that are no URL', (issuer: string) => ({ issuer, jwks_uri: 7 })],
  ])('that %s is not used, nothing it names is called, and the truth heals it', async (_, lie) => {
    await using rig = await ServedBench.start()
    rig.issuer.metadataAnswer = { body: lie(rig.issuer.issuer) }
    expect(await rig.exchange()).toMatchObject({ status: 200, outcome: 'keys_unavailable' })
    expect(rig.issuer.keyFetches).toBe(0)
    expect(followed).toBe(0)
    rig.issuer.metadataAnswer = undefined
    expect(await recover(rig)).toBeLessThanOrEqual(5_000)
  })
})
