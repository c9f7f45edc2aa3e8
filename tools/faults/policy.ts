import { type LoopbackServer, listen } from '@behalf/testing'
import { type Fault, find } from './fault.ts'
import { Stage } from './stage.ts'

/** A policy, as an operator writes it, and the codes that it may lead to. */
function policy(name: string, source: string, ...codes: readonly string[]): Fault {
  return {
    name: `policy ${name}`,
    async run() {
      await using stage = await Stage.set({ config: `policy: ${source},` })
      await stage.hook.ready()
      const questions = stage.exchanges()
      await stage.load(20, 1_500, (index) => questions[index % questions.length] ?? {})
      const others = stage.okta.results.filter(({ code }) => !codes.includes(code))
      stage.expect(others.length === 0, `also answered ${others[0]?.code}`)
      stage.expect(stage.hook.child.exitCode === null, 'the process ended')
      return find(stage)
    },
  }
}

type Answer = Parameters<typeof listen>[0]

/** A remote decision point that breaks and heals again. */
function decisionPoint(name: string, answer: Answer): Fault {
  return {
    name: `decision point ${name}`,
    async run() {
      let broken = false
      await using point: LoopbackServer = await listen((request, response) => {
        request.resume()
        if (request.url?.startsWith('/.well-known') === true) response.writeHead(404).end()
        else if (broken) answer(request, response)
        else
          response
            .writeHead(200, { 'content-type': 'application/json' })
            .end(JSON.stringify({ decision: true }))
      })
      const authzen = import.meta.resolve('@behalf/hook/authzen')
      await using stage = await Stage.set({
        config: `policy: (await import('${authzen}')).authzen({ pdp: '${point.origin}' }),`,
      })
      await stage.hook.ready()
      const questions = stage.exchanges()
      const before = await stage.load(20, 500, (index) => questions[index % questions.length] ?? {})
      stage.expect(
        before.every(({ outcome }) => outcome === 'delegated'),
        'denied before anything was broken',
      )
      broken = true
      const under = await stage.load(20, 5_000, (index) => questions[index % questions.length] ?? {})
      stage.expect(
        under.every(({ code }) => code === 'policy_unavailable'),
        'something else than policy_unavailable',
      )
      const late = under.slice(-40).filter(({ elapsedMs }) => elapsedMs > 200).length
      stage.expect(
        late <= 2,
        `${late} of the last 40 answers waited for a decision point that is known to fail`,
      )
      broken = false
      return find(stage, await stage.recovery())
    },
  }
}

export const policyFaults: readonly Fault[] = [
  policy('hangs', '() => new Promise(() => undefined)', 'policy_unavailable'),
  policy('throws', "() => { throw new Error('no') }", 'policy_unavailable'),
  policy('rejects', "() => Promise.reject(new Error('no'))", 'policy_unavailable'),
  policy(
    'rejects late',
    "() => new Promise((_, reject) => setTimeout(() => reject(new Error('no')), 1_000))",
    'policy_unavailable',
  ),
  policy(
    'permits late',
    "() => new Promise((resolve) => setTimeout(() => resolve({ decision: 'permit' }), 1_000))",
    'policy_unavailable',
  ),
  policy(
    'answers nonsense',
    "(() => { let n = 0; const all = [undefined, null, true, 'permit', [], {}, { decision: 'PERMIT' }]; return () => all[n++ % 7] })()",
    'policy_unavailable',
  ),
  policy(
    'leaves rejections and exceptions to nobody',
    "() => { void Promise.reject(new Error('no')); setTimeout(() => { throw new Error('no') }); return { decision: 'permit' } }",
    'permit',
  ),
  policy(
    'keeps the process busy for 300 ms now and then',
    "(() => { let n = 0; return () => { if (n++ % 10 === 0) { const end = Date.now() + 300; while (Date.now() < end); } return { decision: 'permit' } } })()",
    'permit',
    'overloaded',
  ),
  decisionPoint('down', (_, response) => response.destroy()),
  decisionPoint('hanging', () => undefined),
  decisionPoint('answers 500', (_, response) => response.writeHead(500).end()),
  decisionPoint('answers garbage', (_, response) => response.writeHead(200).end('<html>')),
  decisionPoint('answers a wrong type', (_, response) => response.writeHead(200).end('{"decision":"true"}')),
  decisionPoint('resets mid-body', (_, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('{"decision":', () => response.destroy())
  }),
]
