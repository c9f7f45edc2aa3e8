import { inspect } from 'node:util'
import { createHook, type Hook } from '@behalf/hook'
import { type SealingOptions, sealed } from '@behalf/hook/sealing'
import { type LooseObject, SealingPair } from '@behalf/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { faultsOf } from './config-faults.ts'
import { SealBench } from './seal-bench.ts'

const seals = await SealBench.start()
afterAll(() => seals.close())
const { bench, pair } = seals
const next = new SealingPair('seal-2')
const outcome = (hook: Hook, by: SealingPair, changes: LooseObject = {}): Promise<unknown> =>
  seals.outcome(hook, `assertion=${seals.seal(changes, by)}`)

describe('the keys', () => {
  it.each<[string, SealingOptions['keys']]>([
    ['a JWK', pair.jwk],
    ['a list', [next.jwk, pair.jwk]],
    ['a JWK set', { keys: [pair.jwk] }],
    ['JSON of a JWK', JSON.stringify(pair.jwk)],
    ['JSON of a list, with a line break', `${JSON.stringify([pair.jwk])}\n`],
    ['a function', async () => [JSON.stringify({ keys: [pair.jwk] })]],
  ])('may be %s', async (_, keys) => {
    expect(await outcome(seals.hook({ keys }), pair)).toBe('permit')
  })

  const { d, kid, ...open } = pair.jwk
  it.each<[unknown, string, RegExp]>([
    [undefined, 'sealing.keys', /is the environment variable set/],
    [[], 'sealing.keys', /at least one key/],
    [{ ...open, kid }, 'sealing.keys', /is a public key/],
    [{ ...open, d }, 'sealing.keys', /needs a kid/],
    [[{ ...pair.jwk, crv: 'P-384' }], 'sealing.keys[0]', /crv P-256/],
    [[pair.jwk, { ...next.jwk, kid }], 'sealing.keys', /same kid/],
    [{ keys: [pair.jwk, pair.jwk] }, 'sealing.keys', /same kid/],
    [{ keys: [pair.jwk, 7] }, 'sealing.keys.keys[1]', /must be a JWK/],
    [{ ...pair.jwk, d: next.jwk.d }, 'sealing.keys', /not that of x and y/],
    [{ ...pair.jwk, d: 'AAAA' }, 'sealing.keys', /not 32 bytes/],
    [{ ...pair.jwk, use: 'sig' }, 'sealing.keys', /another use/],
    [{ ...pair.jwk, alg: 'RSA-OAEP' }, 'sealing.keys', /another alg/],
    ['x', 'sealing.keys', /no JWK in JSON/],
    ['arn:aws:secretsmanager:eu-central-1:123456789012:secret:a', 'sealing.keys', /on AWS Lambda only/],
  ])('are refused at start when they are %j', (keys, path, problem) => {
    const start = (): unknown => createHook(bench.config({ sealing: sealed(Object({ keys })) }))
    const faults = faultsOf(start)
    expect(faults).toEqual([{ path, problem: expect.stringMatching(problem) }])
    expect(JSON.stringify(faults)).not.toContain(pair.jwk.d)
  })

  it('are refused with all other options that are unusable', () => {
    const options: object = {
      keys: pair.jwk,
      required: 'no',
      clockToleranceSeconds: 301,
      store: {},
      colour: 1,
    }
    expect(
      faultsOf(() => createHook(bench.config({ sealing: sealed(Object(options)) }))).map(({ path }) => path),
    ).toEqual(
      expect.arrayContaining([
        'sealing.required',
        'sealing.clockToleranceSeconds',
        'sealing.store',
        'sealing.colour',
      ]),
    )
  })

  it('show their private halves nowhere', async () => {
    const sealing = sealed({ keys: [pair.jwk, async () => [JSON.stringify(next.jwk)]] })
    const hook = bench.hook({ sealing })
    await hook.load()
    expect(await outcome(hook, next)).toBe('permit')
    const shown = [sealing, hook].map((value) => inspect(value, { depth: 20, showHidden: true })).join()
    const texts = [shown, JSON.stringify(sealing), JSON.stringify(hook), await hook.sealingKeys()].join()
    for (const { jwk } of [pair, next]) expect(texts).not.toContain(jwk.d)
  })
})
