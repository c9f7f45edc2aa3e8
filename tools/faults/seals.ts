import { randomUUID } from 'node:crypto'
import { hookEvent, SealingPair } from '@behalf/testing'
import { type Fault, find } from './fault.ts'
import { deadlineMs, percentile, type Question } from './okta.ts'
import { Stage } from './stage.ts'

const pair = new SealingPair()
const sealing = new URL('../../packages/hook/dist/sealing/index.js', import.meta.url)
const badPerSecond = 300
const goodPerSecond = 50

/** A new seal around the assertion of a good exchange, as a client makes it. */
function sealed({ assertion, user }: Question, by: SealingPair = pair): Question {
  const { iss: aud } = hookEvent().data.access.claims
  const iat = Math.floor(Date.now() / 1_000)
  return {
    assertion: by.seal({ assertion, client_id: '0oaApiA', aud, iat, jti: randomUUID() }),
    user,
  }
}

const undecryptable: Fault = {
  name: `${badPerSecond} undecryptable seals a second beside good exchanges`,
  async run() {
    await using stage = await Stage.set({
      config: `sealing: (await import('${sealing}')).sealed({ keys: ${JSON.stringify(pair.jwk)} }),`,
    })
    await stage.hook.ready()
    const exchanges = stage.exchanges()
    const good = (index: number): Question => sealed(exchanges[index % exchanges.length] ?? {})
    await stage.load(goodPerSecond, 1_000, good)
    const bare = await stage.okta.ask(stage.exchange())
    stage.expect(bare.code === 'seal_required', `a bare one was answered ${bare.code}`)
    // For the key that the hook has, by its name, and yet for another.
    const bad = exchanges.map(({ assertion = '' }) => sealed({ assertion }, new SealingPair(pair.kid)))
    const [asked, answered] = await Promise.all([
      stage.load(badPerSecond, 5_000, (index) => bad[index % bad.length] ?? {}),
      stage.load(goodPerSecond, 5_000, good),
    ])
    const permitted = answered.filter(({ code }) => code === 'permit').length
    stage.expect(
      permitted === answered.length,
      `of ${answered.length} good exchanges ${permitted} were granted`,
    )
    const other = asked.find(({ code }) => code !== 'seal_invalid' && code !== 'overloaded')
    stage.expect(other === undefined, `an undecryptable one was answered ${other?.code}`)
    const p99 = percentile(
      answered.map(({ elapsedMs }) => elapsedMs),
      0.99,
    )
    stage.expect(p99 < deadlineMs, `p99 of good exchanges ${Math.round(p99)} ms`)
    const found = find(stage, await stage.recovery(() => good(0)))
    return {
      ...found,
      answer: `${permitted} of ${answered.length} good exchanges permit, p99 ${Math.round(p99)} ms; ${asked.length} seal_invalid or overloaded`,
    }
  },
}

export const sealFaults: readonly Fault[] = [undecryptable]
