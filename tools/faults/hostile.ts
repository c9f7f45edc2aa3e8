import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { hookEvent } from '@behalf/testing'
import { jsonShapes } from '../budget/shapes/json.ts'
import { urlShapes } from '../budget/shapes/url.ts'
import { callers } from './callers.ts'
import { type Fault, find } from './fault.ts'
import { connections, flood } from './load.ts'
import { peakWhile, residentBytes } from './memory.ts'
import { percentile } from './okta.ts'
import { Stage } from './stage.ts'

/** How much a client that may call Okta sends. */
const bytesPerSecond = 300_000

/** The worst inputs of one size, at a steady rate beside good exchanges. */
function worstInputs(kilobytes: number): Fault {
  return {
    name: `worst inputs of ${kilobytes} KB at 300 KB/s beside good exchanges`,
    async run() {
      await using stage = await Stage.set()
      await stage.hook.ready()
      const good = stage.exchanges()
      const length = kilobytes * 1_000 - 2_000
      const event = JSON.stringify(hookEvent({ assertion: good[0]?.assertion ?? '' }))
      const bodies = [
        ...urlShapes.map((shape) => JSON.stringify(hookEvent({ url: shape.write(length) }))),
        ...jsonShapes.map((shape) => `{"x":${shape.write(length)},${event.slice(1)}`),
      ]
      // Those that are well-formed in spite of all are granted to the user of their assertion.
      const hostile = bodies.map((body) => ({ body, user: good[0]?.user }))
      const [granted, attacked] = await Promise.all([
        stage.load(4, 10_000, (index) => good[index % good.length] ?? {}),
        stage.load(
          bytesPerSecond / (kilobytes * 1_000),
          10_000,
          (index) => hostile[index % hostile.length] ?? {},
        ),
      ])
      stage.expect(
        granted.every(({ outcome }) => outcome === 'delegated'),
        `${granted.filter(({ outcome }) => outcome !== 'delegated').length} of ${granted.length} good exchanges were not granted`,
      )
      const worst = percentile(
        granted.map(({ elapsedMs }) => elapsedMs),
        1,
      )
      stage.expect(worst < 500, `a good exchange took ${Math.round(worst)} ms`)
      return {
        ...find(stage),
        answer: `${granted.length} good ones granted, at worst after ${Math.round(worst)} ms; ${attacked.length} hostile ones answered`,
      }
    },
  }
}

const heldMs = 3_000

/** What callers without the secret did to a process, in megabytes. */
interface Toll {
  readonly before: number
  readonly growth: number
  readonly left: number
  readonly answered: number
}

const withoutSecret: Fault = {
  name: '2 000 callers without the secret, 255 KB each',
  async run() {
    const bare = fork(fileURLToPath(new URL('bare-server.ts', import.meta.url)))
    const [address] = await once(bare, 'message')
    const bareToll = await takeToll(`http://127.0.0.1:${address.port}`, bare)
    bare.kill()
    await using stage = await Stage.set()
    await stage.hook.ready()
    const good = stage.exchanges()
    // In use already, as those of a load balancer are: of a new one nobody knows how long it has waited among 2 000.
    const open = await connections(stage, 40)
    const ask = (perSecond: number, durationMs: number) =>
      flood(stage, open, perSecond, durationMs, (index) => good[index % good.length] ?? {})
    await ask(1_000, 200)
    const loaded = ask(20, 8_000)
    const toll = await takeToll(stage.hook.origin, stage.hook.child)
    await loaded
    for (const connection of open) connection.close()
    stage.expect(
      stage.okta.results.every(({ outcome }) => outcome === 'delegated'),
      'a good exchange was affected',
    )
    stage.expect(toll.answered === callers, `${callers - toll.answered} callers got no answer`)
    const ratio = toll.growth / bareToll.growth
    stage.expect(ratio <= 1.3, `${ratio.toFixed(2)} times the memory of a bare server`)
    stage.expect(
      toll.left <= Math.max(bareToll.left, bareToll.growth) * 1.3,
      `${Math.round(toll.left)} MB are left after 10 s`,
    )
    return find(
      stage,
      undefined,
      `${toll.before.toFixed(0)} MB and ${toll.growth.toFixed(0)} more at worst, ${toll.left.toFixed(0)} left after 10 s; a bare server ${bareToll.before.toFixed(0)} and ${bareToll.growth.toFixed(0)} more, ${bareToll.left.toFixed(0)} left: ${ratio.toFixed(2)} times`,
    )
  },
}

/** Has 2 000 callers without the secret call a server, and looks at its memory. */
async function takeToll(origin: string, { pid = 0 }: ChildProcess): Promise<Toll> {
  const before = residentBytes(pid)
  const crowd = fork(fileURLToPath(new URL('callers.ts', import.meta.url)), [origin])
  const held = once(crowd, 'message').then(async ([answered]) => {
    await sleep(heldMs)
    return Number(answered)
  })
  const peak = await peakWhile(pid, held)
  crowd.kill()
  await sleep(10_000)
  const megabytes = (bytes: number): number => bytes / 1_048_576
  return {
    before: megabytes(before),
    growth: megabytes(peak - before),
    left: megabytes(residentBytes(pid) - before),
    answered: await held,
  }
}

export const hostileFaults: readonly Fault[] = [
  withoutSecret,
  worstInputs(7),
  worstInputs(60),
  worstInputs(250),
]
