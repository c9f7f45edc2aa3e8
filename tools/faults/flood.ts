import { hookEvent, signJwt, userClaims } from '@behalf/testing'
import { type Connection, requestBytes } from './connection.ts'
import { type Fault, find } from './fault.ts'
import { connections, flood } from './load.ts'
import { deadlineMs, percentile, type Question, type Result } from './okta.ts'
import { keys, Stage } from './stage.ts'

const beyondCapacity: Fault = {
  name: 'five times the capacity of the processor',
  async run() {
    // A policy that computes for a while, so that this process can really offer five times what that one can do.
    await using stage = await Stage.set({
      config: `policy: () => { const end = performance.now() + 3; while (performance.now() < end); return { decision: 'permit' } },`,
    })
    await stage.hook.ready()
    const questions = stage.exchanges()
    const next = (index: number): Question => questions[index % questions.length] ?? {}
    const few = await connections(stage, 16)
    await flood(stage, few, 100_000, 1_000, next)
    const alone = await flood(stage, few, 100_000, 2_000, next)
    const capacity = alone.results.length / 2
    // In use already, as those of a load balancer are: Node takes over one new connection a turn, however
    // many wait, so that an overloaded process would not see some of them in time to refuse.
    // Each is used at once, because one on which nothing comes is closed after five seconds.
    const many: Connection[] = []
    while (many.length < 2_000) {
      const some = await connections(stage, 50)
      await flood(stage, some, 1_000, 100, next)
      many.push(...some)
    }
    const { results, offered } = await flood(stage, many, capacity * 5, 5_000, next)
    stage.expect(
      offered > capacity * 4,
      `only ${offered}/s were offered, with a capacity of ${Math.round(capacity)}/s`,
    )
    for (const connection of [...few, ...many]) connection.close()
    const times = results.map(({ elapsedMs }) => elapsedMs)
    const p99 = percentile(times, 0.99)
    stage.expect(p99 < deadlineMs, `p99 ${Math.round(p99)} ms`)
    const shed = results.filter(({ code }) => code === 'overloaded').length
    const other = results.find(({ code }) => code !== 'overloaded' && code !== 'permit')
    stage.expect(other === undefined, `also answered ${other?.code}`)
    const recoveryMs = await stage.recovery()
    return {
      ...find(stage, recoveryMs),
      answer: `${results.length - shed} permit, ${shed} overloaded; capacity ${Math.round(capacity)}/s, offered ${offered}/s on 2 000 connections, p99 ${Math.round(p99)} ms`,
      worstMs: percentile(times, 1),
    }
  },
}

const identities: Fault = {
  name: '1 000 exchanges at once for different users',
  async run() {
    await using stage = await Stage.set({
      config: `policy: async () => { await new Promise((resolve) => setTimeout(resolve, Math.random() * 200)); return { decision: 'permit' } },`,
    })
    await stage.hook.ready()
    await stage.load(100, 1_000, () => stage.exchange())
    const now = Math.floor(Date.now() / 1_000)
    const asked = Array.from({ length: 1_000 }, (_, index) => {
      const user = `person-${index}@example.com`
      const assertion = signJwt(keys.current, userClaims(now, { sub: user, iss: stage.issuer.issuer }))
      const question: Question = { assertion, user }
      return { question, request: requestBytes(JSON.stringify(hookEvent({ assertion }))) }
    })
    const open = await connections(stage, asked.length)
    const answered = await Promise.all(
      asked.map(
        ({ question, request }, index) =>
          new Promise<Result>((resolve) => {
            open[index]?.send(request, (answer) =>
              resolve(stage.okta.record(question, answer, answer.elapsedMs)),
            )
          }),
      ),
    )
    for (const connection of open) connection.close()
    stage.expect(
      answered.every(({ code }) => code === 'permit' || code === 'overloaded'),
      'another denial than overloaded',
    )
    stage.expect(answered.filter(({ code }) => code === 'permit').length > 100, 'hardly anything was granted')
    return find(stage)
  },
}

export const floodFaults: readonly Fault[] = [identities, beyondCapacity]
