import { type Fault, find } from './fault.ts'
import { Stage } from './stage.ts'

/** A store of cut-offs, as somebody writes one, and what may come of it. */
function store(name: string, source: string, whenUnavailable: 'deny' | 'permit', code: string): Fault {
  return {
    name: `store of cut-offs ${name}, ${whenUnavailable}`,
    async run() {
      await using stage = await Stage.set({
        issuerConfig: `org: 'example'`,
        config: `revocation: { store: { find: ${source}, raise: () => undefined }, whenUnavailable: '${whenUnavailable}' },`,
      })
      await stage.hook.ready()
      const questions = stage.exchanges()
      const results = await stage.load(20, 2_000, (index) => questions[index % questions.length] ?? {})
      const other = results.find((result) => result.code !== code)
      stage.expect(other === undefined, `something else than ${code}: ${other?.code}`)
      const slowest = Math.max(...results.map(({ elapsedMs }) => elapsedMs))
      stage.expect(slowest < 1_000, `an answer took ${Math.round(slowest)} ms, and the store has 200`)
      return find(stage)
    },
  }
}

const unavailable = 'revocation_unavailable'
const throws = "() => { throw new Error('no') }"
const hangs = '() => new Promise(() => undefined)'

export const revocationFaults: readonly Fault[] = [
  store('throws', throws, 'deny', unavailable),
  store('throws', throws, 'permit', 'permit'),
  store('hangs', hangs, 'deny', unavailable),
  store('hangs', hangs, 'permit', 'permit'),
  store('rejects', "() => Promise.reject(new Error('no'))", 'deny', unavailable),
  store('answers a text', "() => '1'", 'deny', unavailable),
  store('answers no number', '() => Number.NaN', 'deny', unavailable),
  store('says that everybody was cut off', '() => Number.POSITIVE_INFINITY', 'permit', 'assertion_revoked'),
]
