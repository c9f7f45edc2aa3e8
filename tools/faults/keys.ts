import { setTimeout as sleep } from 'node:timers/promises'
import { type BrokenEndpoint, brokenEndpoints, slow } from '@behalf/testing'
import { type Fault, find, seconds } from './fault.ts'
import { connections, flood } from './load.ts'
import { keys, Stage } from './stage.ts'

/** Nobody listens there, and nobody may look. */
const elsewhere = 'http://127.0.0.1:9/keys'

/** The issuer's endpoint broken from the start, then healed. */
function coldStart({ name, answer }: BrokenEndpoint): Fault {
  return {
    name: `keys ${name}, cold start`,
    async run() {
      await using stage = await Stage.set({}, (issuer) => {
        issuer.keysAnswer = answer
      })
      const questions = stage.exchanges(40)
      const results = await stage.load(10, 4_000, (index) => questions[index % 40] ?? {})
      stage.expect(
        results.every(({ code }) => code === 'keys_unavailable'),
        'something else than keys_unavailable',
      )
      stage.expect(stage.issuer.keyFetches <= 3, `${stage.issuer.keyFetches} fetches in 4 s`)
      stage.issuer.keysAnswer = undefined
      const recoveryMs = await stage.recovery()
      return find(stage, recoveryMs)
    },
  }
}

/** The issuer's endpoint broken with keys loaded, until past the stale bound, then healed. */
function warm({ name, answer }: BrokenEndpoint): Fault {
  return {
    name: `keys ${name}, warm`,
    async run() {
      await using stage = await Stage.set({ config: 'keys: { maxAgeMs: 1_000, staleForMs: 4_000 },' })
      await stage.hook.ready()
      stage.issuer.keysAnswer = answer
      const brokenAt = performance.now()
      const questions = stage.exchanges(40)
      await stage.load(10, 2_500, (index) => questions[index % 40] ?? {})
      stage.expect(
        stage.okta.results.every(({ outcome }) => outcome === 'delegated'),
        'a known key did not serve',
      )
      await sleep(Math.max(0, 4_200 - (performance.now() - brokenAt)))
      const afterBound = await stage.load(10, 1_000, (index) => questions[index % 40] ?? {})
      stage.expect(
        afterBound.every(({ code }) => code === 'keys_unavailable'),
        'a key served past its bound',
      )
      stage.issuer.keysAnswer = undefined
      const recoveryMs = await stage.recovery()
      return find(stage, recoveryMs)
    },
  }
}

function slowBy(delayMs: number): Fault {
  return {
    name: `keys slow by ${delayMs} ms, warm`,
    async run() {
      await using stage = await Stage.set({ config: 'keys: { maxAgeMs: 1_000 },' })
      await stage.hook.ready()
      stage.issuer.keysAnswer = slow(delayMs, () => ({ keys: stage.issuer.keys.map(({ jwk }) => jwk) }))
      const questions = stage.exchanges()
      await stage.load(20, 5_000, (index) => questions[index % questions.length] ?? {})
      stage.expect(
        stage.okta.results.every(({ outcome }) => outcome === 'delegated'),
        'a known key did not serve',
      )
      return find(stage)
    },
  }
}

const flapping: Fault = {
  name: 'keys flapping',
  async run() {
    await using stage = await Stage.set({ config: 'keys: { maxAgeMs: 1_000 },' })
    await stage.hook.ready()
    let good = false
    const timer = setInterval(() => {
      good = !good
      stage.issuer.keysAnswer = good ? undefined : { status: 500 }
    }, 400)
    const questions = stage.exchanges()
    await stage.load(50, 5_000, (index) => questions[index % questions.length] ?? {})
    clearInterval(timer)
    stage.expect(
      stage.okta.results.every(({ outcome }) => outcome === 'delegated'),
      'an exchange was lost',
    )
    return find(stage)
  },
}

function lyingMetadata(name: string, lie: (issuer: string) => object): Fault {
  return {
    name: `metadata ${name}`,
    async run() {
      await using stage = await Stage.set({}, (issuer) => {
        issuer.metadataAnswer = { body: lie(issuer.issuer) }
      })
      const questions = stage.exchanges(20)
      await stage.load(10, 2_000, (index) => questions[index % 20] ?? {})
      stage.expect(stage.issuer.keyFetches === 0, 'the lie was used')
      stage.expect(
        stage.okta.results.every(({ code }) => code === 'keys_unavailable'),
        'something else than keys_unavailable',
      )
      stage.issuer.metadataAnswer = undefined
      const recoveryMs = await stage.recovery()
      return find(stage, recoveryMs)
    },
  }
}

const storm: Fault = {
  name: '1 000 unknown kids a second, then a rotation',
  async run() {
    await using stage = await Stage.set()
    await stage.hook.ready()
    const { assertion = '' } = stage.exchange(0, keys.foreign)
    const [, payload, signature] = assertion.split('.')
    const unknownKid = (index: number): string => {
      const header = JSON.stringify({ alg: 'RS256', kid: `unknown-${index}` })
      return `${Buffer.from(header).toString('base64url')}.${payload}.${signature}`
    }
    const good = stage.exchanges()
    const fetchesBefore = stage.issuer.keyFetches
    let unknown = 0
    const open = await connections(stage, 50)
    const stormed = flood(stage, open, 1_000, 16_000, () => ({ assertion: unknownKid(unknown++) }))
    const loaded = await stage.load(20, 3_000, (index) => good[index % good.length] ?? {})
    stage.expect(
      loaded.every(({ outcome }) => outcome === 'delegated'),
      'a good token was affected',
    )
    stage.issuer.keys = [keys.current, keys.next]
    const rotatedAt = performance.now()
    let healedMs = 0
    while (healedMs === 0 && performance.now() - rotatedAt < 12_000) {
      const { outcome } = await stage.okta.ask(stage.exchange(1, keys.next))
      if (outcome === 'delegated') healedMs = performance.now() - rotatedAt
      await sleep(100)
    }
    const { offered } = await stormed
    for (const connection of open) connection.close()
    const fetches = stage.issuer.keyFetches - fetchesBefore
    stage.expect(fetches <= 2, `${fetches} fetches in 16 s`)
    stage.expect(healedMs > 0 && healedMs <= 10_500, 'the rotation did not get through within 10 s')
    return {
      ...find(stage, undefined, `${offered} a second, ${fetches} fetches in 16 s`),
      recovery: seconds(healedMs),
    }
  },
}

const rotation: Fault = {
  name: 'rotation under load, old and new key overlap',
  async run() {
    await using stage = await Stage.set({ config: 'keys: { maxAgeMs: 2_000 },' })
    await stage.hook.ready()
    const old = stage.exchanges()
    const load = stage.load(100, 3_000, (index) => old[index % old.length] ?? {})
    await sleep(1_000)
    stage.issuer.keys = [keys.current, keys.next]
    await stage.load(20, 1_500, (index) => stage.exchange(index, keys.next))
    await load
    stage.expect(
      stage.okta.results.every(({ outcome }) => outcome === 'delegated'),
      'an exchange failed',
    )
    return find(stage)
  },
}

const withdrawal: Fault = {
  name: 'key withdrawn under load (maximum age 2 s)',
  async run() {
    await using stage = await Stage.set({ config: 'keys: { maxAgeMs: 2_000 },' })
    stage.issuer.keys = [keys.current, keys.next]
    await stage.hook.ready()
    const old = stage.exchanges()
    await stage.load(50, 500, (index) => old[index % old.length] ?? {})
    stage.issuer.keys = [keys.next]
    const results = await stage.load(50, 4_000, (index) => old[index % old.length] ?? {})
    const lastGrantMs = ((results.findLastIndex(({ outcome }) => outcome === 'delegated') + 1) * 1_000) / 50
    stage.expect(lastGrantMs <= 2_500, `the withdrawn key served for ${Math.round(lastGrantMs)} ms`)
    const { outcome } = await stage.okta.ask(stage.exchange(0, keys.next))
    stage.expect(outcome === 'delegated', 'the key that is left was refused')
    return { ...find(stage), recovery: `refused after ${seconds(lastGrantMs)}` }
  },
}

export const keyFaults: readonly Fault[] = [
  ...brokenEndpoints(elsewhere).map(coldStart),
  ...brokenEndpoints(elsewhere).map(warm),
  ...[100, 700, 2_000, 10_000].map(slowBy),
  flapping,
  lyingMetadata('names another issuer', (issuer) => ({
    issuer: `${issuer}/`,
    jwks_uri: `${issuer}/v1/keys`,
  })),
  lyingMetadata('points to another origin', (issuer) => ({ issuer, jwks_uri: elsewhere })),
  storm,
  rotation,
  withdrawal,
]
