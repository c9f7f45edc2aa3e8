import { type Clock, systemClock } from '@behalf/core'
import { runtimeFetch } from '@behalf/core/internal'
import { type FactId, playedOutcomes } from '@behalf/sandbox'
import { listen, ManualClock } from '@behalf/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { steerDeployedHook } from '../src/probe/deployed-hook.ts'
import type { Question } from '../src/probe/question.ts'
import { withRule } from '../src/probe/questions/rule-change.ts'
import { questions } from '../src/probe/questions.ts'
import { askQuestions } from '../src/probe/run-probe.ts'
import { hooksPath } from '../src/provisioning/hook-steps.ts'
import { CommandError } from '../src/terminal/command.ts'
import { expectExactly, flips, probeSandbox, withBench } from './probed-org.ts'

function question(id: FactId): Question {
  const found = questions.find((each) => each.id === id)
  if (found === undefined) throw new Error(`there is no question ${id}`)
  return found
}

describe('the questions of behalf probe', () => {
  it('are those that the sandbox can answer, each once, with its assumption', () => {
    expect(questions.map(({ id }) => id).toSorted()).toEqual(Object.keys(playedOutcomes).toSorted())
    for (const { id, assumed } of questions) expect([id, assumed]).toEqual([id, playedOutcomes[id][0]])
  })

  it('are all answered as assumed by a sandbox about which nothing is known', {
    timeout: 60_000,
  }, async () => {
    const facts = await probeSandbox({}, questions)
    for (const { id } of questions)
      expect([id, facts[id]]).toEqual([id, expect.objectContaining({ verdict: 'yes' })])
  })

  // Beside all other questions, and none of them is found, in tools/outside/probe.
  it.each(flips)('find $id: $outcome, and what needs it is unclear', async (flip) => {
    await expectExactly(flip, ({ needs = [] }) => needs.includes(flip.id))
  })
})

describe('a probe', () => {
  it('changes nothing that it has not made, whatever a question of ours may ask for', async () => {
    await withBench({}, async (bench) => {
      for (const [method, path] of [
        ['PUT', '/api/v1/authorizationServers/default'],
        ['DELETE', '/api/v1/apps/0oaApiA0000000000001'],
        ['POST', '/api/v1/authorizationServers'],
        ['POST', '/api/v1/authorizationServers/default/claims'],
        ['POST', '/api/v1/users'],
        ['DELETE', `/api/v1/authorizationServers/${bench.made.serverId}0/scopes/scp1`],
      ] as const)
        await expect(bench.manage(method, path, {})).rejects.toThrow(/which it has not made/)
      expect((await bench.manage('GET', '/api/v1/authorizationServers/default')).status).toBe(200)
      const own = `/api/v1/authorizationServers/${bench.made.serverId}/scopes`
      expect((await bench.manage('POST', own, { name: 'probe.own' })).status).toBe(201)
    })
  })

  it('waits for events of the System Log from when it looks for them, however long it has run', async () => {
    let nowMs = Date.now()
    const clock: Clock = {
      now: () => nowMs,
      schedule(callback, delayMs) {
        const wait = setImmediate(() => {
          nowMs += delayMs
          callback()
        })
        return () => clearImmediate(wait)
      },
    }
    const looks = async (bench: Parameters<Parameters<typeof withBench>[1]>[0]): Promise<number> => {
      nowMs += 600_000
      let count = 0
      await bench.awaitLog(() => ++count === 3)
      return count
    }
    expect(await withBench({}, looks, clock)).toBe(3)
  })

  it('is through with a question that took too long, and has put back what it changed, before it asks the next', async () => {
    const clock = new ManualClock()
    const refused: unknown[] = []
    const begun: string[] = []
    const late: Question = {
      ...question('inactive-hook'),
      observe: (bench) =>
        withRule(
          bench,
          (rule) => ({ ...rule, status: 'INACTIVE' }),
          async () => {
            clock.advance(120_000)
            const tries = [
              () => bench.requestToken(),
              () => bench.manage('GET', '/api/v1/apps'),
              () => bench.hook.answer({ body: '{}' }),
              () => bench.awaitLog(() => false),
            ]
            for (const attempt of tries) await attempt().catch((error: unknown) => refused.push(error))
            begun.push('the late one ends')
            return { outcome: 'too late' }
          },
        ),
    }
    const next: Question = {
      ...question('no-rule'),
      async observe(bench) {
        begun.push('the next begins')
        const { event } = await bench.requestToken()
        return { outcome: event === undefined ? 'disturbed' : this.assumed }
      },
    }
    const { facts } = await withBench({}, (bench) => askQuestions([late, next], bench, clock, () => {}))
    expect(refused).toEqual(Array(4).fill(new CommandError('it took too long')))
    expect(begun).toEqual(['the late one ends', 'the next begins'])
    expect(facts).toMatchObject({
      'inactive-hook': { verdict: 'unclear', why: 'it took too long' },
      'no-rule': { verdict: 'yes' },
    })
  })

  it('asks nothing more when a question is not over a minute after its time', async () => {
    const clock = new ManualClock()
    let pause: NodeJS.Immediate | undefined
    const timePasses = (): void => {
      clock.advance(60_000)
      pause = setImmediate(timePasses)
    }
    onTestFinished(() => clearImmediate(pause))
    let asked = 0
    const never: Question = {
      ...question('inactive-hook'),
      observe() {
        timePasses()
        return new Promise(() => undefined)
      },
    }
    const next: Question = {
      ...question('no-rule'),
      async observe() {
        asked++
        return { outcome: this.assumed }
      },
    }
    const { facts } = await withBench({}, (bench) => askQuestions([never, next], bench, clock, () => {}))
    expect(asked).toBe(0)
    expect(facts).toMatchObject({
      'inactive-hook': { verdict: 'unclear', why: 'it took too long' },
      'no-rule': { verdict: 'unclear', why: 'inactive-hook is not over and would disturb it' },
    })
  })

  it('goes on when an org takes no further hook or app', async () => {
    const ids = ['delete-active-hook', 'delete-active-app', 'list-limit']
    const chosen = questions.filter(({ id }) => ids.includes(id))
    const { facts } = await withBench({}, (bench) => {
      const full: typeof bench = {
        ...bench,
        manage: (method, path, body) =>
          bench.manage(
            method,
            path,
            method === 'POST' && [hooksPath, '/api/v1/apps'].includes(path) ? {} : body,
          ),
      }
      return askQuestions(chosen, full, systemClock, () => {})
    })
    expect(facts).toMatchObject({
      'delete-active-hook': { verdict: 'unclear', why: 'nothing was made to be deleted: E0000001' },
      'delete-active-app': {
        verdict: 'unclear',
        why: expect.stringMatching(/^nothing was made to be deleted: /),
      },
      'list-limit': { verdict: 'yes' },
    })
  })

  it('says what gave no answer when an answer breaks off in its middle', async () => {
    await using server = await listen((_request, response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('{"access', () => response.destroy())
    })
    const secrets = { hook: 'h'.repeat(24), control: 'c'.repeat(24) }
    await expect(steerDeployedHook(server.origin, secrets, runtimeFetch).seen()).rejects.toThrow(
      /^the hook cannot be steered at /,
    )
    await withBench(
      {},
      async (bench) => {
        await expect(bench.post('/v1/token', new URLSearchParams())).rejects.toThrow(
          /^\/v1\/token gave no answer: /,
        )
      },
      systemClock,
      (_url, init) => runtimeFetch(server.origin, init),
    )
  })
})
