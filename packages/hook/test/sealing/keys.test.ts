import { inspect } from 'node:util'
import {
  type BehalfConfig,
  ConfigError,
  configFromEnvironment,
  createHook,
  type SecretSource,
} from '@behalf/hook'
import { createFetchHandler } from '@behalf/hook/fetch'
import { createLambdaHandler, startLambda } from '@behalf/hook/lambda'
import { startNodeServer } from '@behalf/hook/node'
import { type SealingOptions, type SealStore, sealed } from '@behalf/hook/sealing'
import { type LooseObject, SealingPair } from '@behalf/testing'
import { authenticated, HookBench, hookSecret } from '@behalf/testing/hook'
import { afterAll, describe, expect, it } from 'vitest'

const bench = await HookBench.start()
afterAll(() => bench.close())
const pair = new SealingPair()
const next = new SealingPair('seal-2')
const server = 'https://example.okta.com/oauth2/default'
let seals = 0

function requestFor(by: SealingPair, changes: LooseObject = {}) {
  const assertion = by.seal({
    assertion: bench.assertion(),
    client_id: '0oaApiA',
    aud: server,
    iat: bench.clock.seconds,
    jti: `seal-${seals++}`,
    ...changes,
  })
  return authenticated(bench.event({ url: `${server}/v1/token?assertion=${assertion}` }))
}

const hookWith = (options: SealingOptions) => bench.hook({ sealing: sealed(options) })

async function outcome(hook: ReturnType<typeof hookWith>, by: SealingPair, changes: LooseObject = {}) {
  const { commands, debugContext } = JSON.parse((await hook.handle(requestFor(by, changes))).body)
  return commands === undefined ? debugContext.code : 'permit'
}

const published = async (hook: ReturnType<typeof hookWith>): Promise<readonly string[]> =>
  JSON.parse((await hook.sealingKeys()) ?? '').keys.map(({ kid }: LooseObject) => kid)

describe('the keys', () => {
  it.each<[string, SealingOptions['keys']]>([
    ['a JWK', pair.jwk],
    ['a list', [next.jwk, pair.jwk]],
    ['a JWK set', { keys: [pair.jwk] }],
    ['JSON of a JWK', JSON.stringify(pair.jwk)],
    ['JSON of a list, with a line break', `${JSON.stringify([pair.jwk])}\n`],
    ['a function', async () => [JSON.stringify({ keys: [pair.jwk] })]],
  ])('may be %s', async (_, keys) => {
    expect(await outcome(hookWith({ keys }), pair)).toBe('permit')
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

function faultsOf(start: () => unknown): ConfigError['faults'] {
  try {
    start()
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

describe('a rotation', () => {
  it('under load denies no exchange', async () => {
    let keys: readonly SealingPair[] = [pair]
    const source: SecretSource = async () => [JSON.stringify(keys.map(({ jwk }) => jwk))]
    const hook = hookWith({ keys: source })
    await hook.load()
    const outcomes = new Set<unknown>()
    let kept: readonly string[] = []
    let minutes = 0
    for (const step of [[pair], [pair, next], [next, pair], [next]]) {
      keys = step
      // Both ends notice within ten minutes: the hook what its source says, clients what the hook publishes.
      for (let minute = 0; minute < 21; minute += 3) {
        if (minutes % 9 === 0) kept = await published(hook)
        const by = kept[0] === next.kid ? next : pair
        const assertion = bench.assertion()
        const underWay = Array.from({ length: 4 }, () => outcome(hook, by, { assertion }))
        for (const found of await Promise.all(underWay)) outcomes.add(found)
        await bench.clock.advance(180_000)
        minutes += 3
      }
    }
    expect([...outcomes]).toEqual(['permit'])
    expect(await published(hook)).toEqual(['seal-2'])
    expect(await outcome(hook, pair)).toBe('seal_key_unknown')
  })

  it('is noticed when a seal is for a key that is new, and unknown kids cause few fetches', async () => {
    let keys = [pair.jwk]
    let asked = 0
    const source: SecretSource = async () => {
      asked++
      return [JSON.stringify(keys)]
    }
    const hook = hookWith({ keys: source })
    await hook.load()
    keys = [pair.jwk, next.jwk]
    expect(await outcome(hook, next)).toBe('permit')
    expect(asked).toBe(2)
    const assertion = bench.assertion()
    const unknown = Array.from({ length: 50 }, (_, index) => {
      const by = new SealingPair(`unknown-${index}`)
      return requestFor(by, { assertion })
    })
    const flood = Array.from({ length: 20 }, () => unknown)
      .flat()
      .map(async (request) => JSON.parse((await hook.handle(request)).body).debugContext.code)
    const good = outcome(hook, pair)
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['seal_key_unknown']))
    expect(await good).toBe('permit')
    expect(asked).toBe(2)
  })

  it('to keys that are none leaves those before, and says so', async () => {
    const hook = hookWith({ keys: async () => ['{"kty":"EC"}'] })
    await hook.load()
    expect(hook.secretsStatus()).toEqual({
      ready: false,
      fault: expect.stringContaining('must be a key of kty EC'),
    })
    expect(await hook.sealingKeys()).toBe('')
    expect(await outcome(hook, pair)).toBe('seal_key_unknown')
  })
})

describe('a store of used seals', () => {
  const claims: unknown[] = []
  const remembering: SealStore = {
    claim: (...claim) => {
      const isNew = !claims.some((each) => JSON.stringify(each) === JSON.stringify(claim))
      claims.push(claim)
      return isNew
    },
  }

  it('is asked last, by all instances, with room for its clock', async () => {
    const [one, other] = [
      hookWith({ keys: pair.jwk, store: remembering }),
      hookWith({ keys: pair.jwk, store: remembering }),
    ]
    expect(await outcome(one, pair, { jti: 'shared' })).toBe('permit')
    expect(await outcome(other, pair, { jti: 'shared' })).toBe('seal_replayed')
    expect(claims[0]).toEqual(['0oaApiA', 'shared', bench.clock.seconds + 180])
  })

  it.each<[string, SealStore['claim']]>([
    [
      'throws',
      () => {
        throw new Error('down')
      },
    ],
    ['rejects', () => Promise.reject(new Error('down'))],
    ['answers something else', () => Object('yes')],
  ])('that %s denies', async (_, claim) => {
    expect(await outcome(hookWith({ keys: pair.jwk, store: { claim } }), pair)).toBe('seal_store_unavailable')
  })

  it('that hangs denies after 200 ms', async () => {
    const asked = Promise.withResolvers<void>()
    const claim = (): Promise<boolean> => {
      asked.resolve()
      return new Promise(() => undefined)
    }
    const answered = outcome(hookWith({ keys: pair.jwk, store: { claim } }), pair)
    await asked.promise
    await bench.clock.advance(200)
    expect(await answered).toBe('seal_store_unavailable')
  })

  it('of one instance that is full sheds', async () => {
    const hook = hookWith({ keys: pair.jwk, maxClaims: 1 })
    expect([await outcome(hook, pair), await outcome(hook, pair)]).toEqual(['permit', 'overloaded'])
  })
})

describe('/.well-known/jwks.json', () => {
  const sealing = (): Partial<BehalfConfig> => ({ sealing: sealed({ keys: [next.jwk, pair.jwk] }) })
  const url = 'https://hook.example/.well-known/jwks.json'

  it('has the public halves, the one to seal for first', async () => {
    const response = await createFetchHandler(bench.hook(sealing()))(new Request(url))
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'public, max-age=300'])
    const { d: _, ...first } = { ...next.jwk, use: 'enc', alg: 'ECDH-ES' }
    const { d: __, ...second } = { ...pair.jwk, use: 'enc', alg: 'ECDH-ES' }
    expect(await response.json()).toEqual({ keys: [first, second] })
  })

  it('is nothing without sealing, and takes nothing', async () => {
    expect((await createFetchHandler(bench.hook())(new Request(url))).status).toBe(404)
    const posted = await createFetchHandler(bench.hook(sealing()))(new Request(url, { method: 'POST' }))
    expect(posted.status).toBe(404)
    const headers = { authorization: hookSecret }
    const asOkta = await createFetchHandler(bench.hook(sealing()))(
      new Request(url, { method: 'POST', headers }),
    )
    expect([asOkta.status, JSON.parse(await asOkta.text()).debugContext.code]).toEqual([200, 'path_unknown'])
    expect(
      (await createFetchHandler(bench.hook(sealing()))(new Request(url, { method: 'DELETE' }))).status,
    ).toBe(405)
  })

  it('is there on Node’s own server', async () => {
    const source: SecretSource = async () => known.map(({ jwk }) => JSON.stringify(jwk))
    let known = [pair]
    const running = await startNodeServer(bench.hook({ sealing: sealed({ keys: [source] }) }), {
      drainDelayMs: 0,
    })
    try {
      const ask = (method: string, path = '/.well-known/jwks.json') =>
        fetch(`${running.origin}${path}`, { method, headers: { connection: 'close' } })
      const got = await ask('GET', '/.well-known/jwks.json?cached=no')
      expect([got.status, got.headers.get('content-type'), got.headers.get('cache-control')]).toEqual([
        200,
        'application/jwk-set+json',
        'public, max-age=300',
      ])
      const text = await got.text()
      expect(JSON.parse(text).keys.map(({ kid }: LooseObject) => kid)).toEqual([pair.kid])
      expect(text).not.toContain(pair.jwk.d)
      const head = await ask('HEAD')
      expect([head.status, await head.text()]).toEqual([200, ''])
      const deleted = await ask('DELETE')
      expect([deleted.status, deleted.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
      expect((await ask('POST')).status).toBe(404)
      expect((await ask('GET', '/.well-known/jwks.json/')).status).toBe(404)
      known = [next, pair]
      await bench.clock.advance(601_000)
      expect(JSON.parse(await (await ask('GET')).text()).keys).toHaveLength(2)
    } finally {
      await running.stop()
    }
  })

  it('has nothing to give while no key is known, and never without sealing', async () => {
    const fails: SecretSource = () => Promise.reject(new Error('down'))
    const without = [bench.hook({ sealing: sealed({ keys: [fails] }) }), bench.hook()]
    const statuses = without.map(async (hook) => {
      const running = await startNodeServer(hook, { drainDelayMs: 0 })
      try {
        const url = `${running.origin}/.well-known/jwks.json`
        const { status, headers } = await fetch(url, { headers: { connection: 'close' } })
        return [status, headers.get('cache-control')]
      } finally {
        await running.stop()
      }
    })
    expect(await Promise.all(statuses)).toEqual([
      [503, 'no-store'],
      [404, null],
    ])
  })

  it('is there on Lambda, behind a stage, too', async () => {
    const handler = createLambdaHandler(bench.hook(sealing()))
    const { statusCode, body } = await handler({ httpMethod: 'GET', path: '/live/.well-known/jwks.json' })
    expect([statusCode, JSON.parse(body).keys.length]).toEqual([200, 2])
  })
})

describe('the variables of sealing', () => {
  const env = { ISSUER: bench.issuer.issuer, AUDIENCE: 'api://a', HOOK_SECRET: hookSecret }
  const SEALING_KEYS = JSON.stringify(pair.jwk)

  it('configure it where sealed is brought along', async () => {
    const config = configFromEnvironment({ ...env, SEALING_KEYS }, { sealed })
    const hook = createHook(config, { clock: bench.clock })
    expect(await outcome(hook, pair)).toBe('permit')
    const moving = configFromEnvironment({ ...env, SEALING_KEYS, SEALING_REQUIRED: 'false' }, { sealed })
    const bare = authenticated(bench.event())
    expect((await hook.handle(bare)).body).toContain('seal_required')
    expect((await createHook(moving, { clock: bench.clock }).handle(bare)).body).not.toContain('"code"')
  })

  it.each<[LooseObject, boolean, readonly string[]]>([
    [{}, true, ['SEALING_KEYS']],
    [{ SEALING_KEYS, SEALING_REQUIRED: 'no' }, true, ['SEALING_REQUIRED']],
    [{ SEALING_KEYS: 'x' }, true, ['SEALING_KEYS']],
    [{ SEALING_KEYS, SEALING_KEYS_FILE: 'x' }, true, ['SEALING_KEYS_FILE']],
    [{ SEAL_KEYS: SEALING_KEYS }, false, ['SEAL_KEYS']],
    [{ SEALING_KEYS }, false, ['SEALING_KEYS']],
    [{ SEALING_KEYS_FILE: 'x', SEALING_REQUIRED: 'true' }, false, ['SEALING_KEYS_FILE', 'SEALING_REQUIRED']],
  ])('are refused when they are %o (brought along: %s)', (variables, isBrought, paths) => {
    const faults = faultsOf(() =>
      configFromEnvironment(Object({ ...env, ...variables }), isBrought ? { sealed } : {}),
    )
    expect(faults.map(({ path }) => path)).toEqual(paths)
  })

  it('make a function that was packed without sealing deny everything, and say why', async () => {
    const lines: string[] = []
    const variables = { ...env, SEALING_KEYS }
    const handler = await startLambda(() => configFromEnvironment(variables), {
      log: (line) => lines.push(line),
    })
    const body = JSON.stringify(bench.event())
    const headers = { authorization: hookSecret }
    const answer = await handler({ httpMethod: 'POST', path: '/inline-hook', headers, body })
    expect([answer.statusCode, JSON.parse(answer.body).debugContext.code]).toEqual([200, 'internal_error'])
    expect(lines[0]).toMatch(/configurationRefused.*SEALING_KEYS.*--sealing/)
    expect(lines.join()).not.toContain(pair.jwk.d)
  })
})
