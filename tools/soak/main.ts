/**
 * Keeps a hook, in a process of its own, under steady load with random faults and hostile requests, and
 * prints what came of it. Exits with 1 on an answer other than 200, a false grant, an inapplicable patch, an
 * answer later than the deadline and 300 ms, or memory that grows by more than 20 MB after the warm-up.
 *
 * `npm run soak -- --minutes 10 --rate 100`
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { brokenEndpoints, generateSigningKey } from '@behalf/testing'
import { summarise } from '../faults/fault.ts'
import { percentile, type Question } from '../faults/okta.ts'
import { keys, Stage } from '../faults/stage.ts'
import { hostileQuestions } from './hostile.ts'
import type { MemoryReport } from './memory-probe.ts'

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, rate: { type: 'string', default: '100' } },
})
const durationMs = Number(values.minutes) * 60_000
const perSecond = Number(values.rate)
if (!(durationMs > 0 && perSecond > 0)) throw new RangeError('--minutes and --rate must be numbers over 0')
const warmUpMs = Math.min(60_000, durationMs / 4)
const hostileShare = 0.2
const maxGrowth = 20 * 1_048_576

await using stage = await Stage.set({
  // V8 would let its young generation grow by up to 90 MB in the course of minutes, leak or not.
  nodeOptions: [
    '--max-semi-space-size=4',
    '--expose-gc',
    '--import',
    new URL('./memory-probe.ts', import.meta.url).href,
  ],
  // A policy that fails in every way now and then, and keys that have to be fetched often.
  config: `keys: { maxAgeMs: 4_000 },
    policy: async () => {
      const dice = Math.random()
      if (dice < 0.005) return new Promise(() => undefined)
      if (dice < 0.01) throw new Error('no')
      if (dice < 0.015) return 'nonsense'
      if (dice < 0.1) await new Promise((resolve) => setTimeout(resolve, Math.random() * 400))
      return { decision: 'permit' }
    },`,
})
await stage.hook.ready()
let good = stage.exchanges()
let hostile = hostileQuestions(stage.issuer.issuer)
const startedAt = performance.now()
const isRunning = (): boolean => performance.now() - startedAt < durationMs
const faults: string[] = []

async function measure(): Promise<MemoryReport> {
  const answer = once(stage.hook.child, 'message')
  stage.hook.child.send('measure')
  const [report] = await answer
  return report
}

/** One fault after the other, at random, with a pause between them. */
async function breakThings(): Promise<void> {
  const endpoints = brokenEndpoints('http://127.0.0.1:9/keys')
  while (isRunning()) {
    await sleep(500 + Math.random() * 3_000)
    const fault = Math.random()
    if (fault < 0.6) await breakEndpoint(endpoints[Math.floor(Math.random() * endpoints.length)])
    else if (fault < 0.8) await rotate()
    else await goAway(20)
  }
}

async function breakEndpoint(
  endpoint: ReturnType<typeof brokenEndpoints>[number] | undefined,
): Promise<void> {
  if (endpoint === undefined) return
  faults.push('keys endpoint')
  stage.issuer.keysAnswer = endpoint.answer
  await sleep(500 + Math.random() * 6_000)
  stage.issuer.keysAnswer = undefined
}

/** The new key signs as soon as it is published; the old one goes a little later. */
async function rotate(): Promise<void> {
  faults.push('rotation')
  const renewed = generateSigningKey(`key-${faults.length}`)
  stage.issuer.keys = [renewed, ...stage.issuer.keys]
  good = Array.from({ length: 50 }, (_, index) => stage.exchange(index, renewed))
  await sleep(5_000)
  stage.issuer.keys = [renewed, keys.current]
  hostile = hostileQuestions(stage.issuer.issuer)
}

async function goAway(count: number): Promise<void> {
  faults.push('aborted requests')
  const { hostname, port } = new URL(stage.hook.origin)
  for (let index = 0; index < count; index++) {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    const head = 'POST /inline-hook HTTP/1.1\r\nhost: hook\r\ncontent-length: 1000\r\n\r\n'
    socket.write(head + 'x'.repeat(index % 2 === 0 ? 1_000 : 10), () => socket.destroy())
  }
}

function next(index: number): Question {
  const from = Math.random() < hostileShare ? hostile : good
  return from[index % from.length] ?? {}
}

const breaking = breakThings()
await stage.load(perSecond, warmUpMs, next)
const atStart = await measure()
await stage.load(perSecond, durationMs - warmUpMs, next)
await breaking
const atEnd = await measure()

const { results, breaches } = stage.okta
const times = results.map(({ elapsedMs }) => elapsedMs)
const count = (outcome: string): number => results.filter((result) => result.outcome === outcome).length
const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`
const growth = Math.max(atEnd.heap - atStart.heap, atEnd.rss - atStart.rss)
const [p50, p95, p99, worst] = [0.5, 0.95, 0.99, 1].map((share) => Math.round(percentile(times, share)))

console.log(`minutes        ${values.minutes} at ${perSecond} requests/s, ${faults.length} faults`)
console.log(`exchanges      ${count('delegated')}`)
console.log(
  `denials        ${count('refused')}: ${summarise(results.filter(({ outcome }) => outcome === 'refused'))}`,
)
console.log(`latency        p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, worst ${worst} ms`)
console.log(`heap           ${megabytes(atStart.heap)} after warm-up, ${megabytes(atEnd.heap)} at the end`)
console.log(`resident       ${megabytes(atStart.rss)} after warm-up, ${megabytes(atEnd.rss)} at the end`)
console.log(`open resources ${atStart.resources} after warm-up, ${atEnd.resources} at the end`)
for (const [kind, breached] of Object.entries(breaches)) console.log(`${kind.padEnd(14)} ${breached}`)
const failed = Object.values(breaches).some((breached) => breached > 0) || growth > maxGrowth
if (growth > maxGrowth) console.log(`memory has grown by ${megabytes(growth)}`)
process.exitCode = failed ? 1 : 0
