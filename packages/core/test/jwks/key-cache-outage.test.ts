import { type Answer, generateSigningKey, listen, ManualClock, TestIssuer } from '@behalf/testing'
import { describe, expect, it, onTestFinished, test, vi } from 'vitest'
import type { Fetch } from '../../src/http/fetch-json.ts'
import { KeyCache, type KeyCacheOptions } from '../../src/jwks/key-cache.ts'

const seconds = 1_000
const hours = 3_600 * seconds

async function setUp(
  options: Partial<KeyCacheOptions> = {},
): Promise<{ issuer: TestIssuer; clock: ManualClock; keys: KeyCache }> {
  const issuer = await TestIssuer.start()
  onTestFinished(() => issuer.close())
  const clock = new ManualClock()
  return { issuer, clock, keys: new KeyCache({ issuer: issuer.issuer, clock, ...options }) }
}

const kindOf = async (keys: KeyCache, kid = 'key-1'): Promise<string> => (await keys.find(kid, 'RS256')).kind

/** Lets the keys endpoint hang; resolves when it is asked. */
function hang(issuer: TestIssuer, begin?: string): Promise<void> {
  const asked = Promise.withResolvers<void>()
  issuer.keysAnswer = (response) => {
    if (begin !== undefined) response.write(begin)
    asked.resolve()
  }
  return asked.promise
}

const flood: Answer = (response) => {
  const write = (): void => {
    while (response.write(' '.repeat(10_000)));
  }
  response.on('drain', write)
  write()
}
const weak = generateSigningKey('key-1', 'RS256', 1024).jwk

const closed =
  "the issuer's key set could not be reached (UND_ERR_SOCKET: the connection was broken off; look at proxies and firewalls on the way, and at its own log)"

const badAnswers: readonly (readonly [what: string, answer: Answer, fault: string])[] = [
  ['500', { status: 500 }, "the issuer's key set answered 500"],
  ['404', { status: 404 }, "the issuer's key set answered 404"],
  ['204', { status: 204 }, "the issuer's key set answered 204"],
  [
    'a redirect',
    (response) => response.writeHead(302, { location: 'https://evil.example/keys' }).end(),
    "the issuer's key set answered 302",
  ],
  ['garbage', { body: '<html>' }, "the issuer's key set answered with something that is not JSON"],
  ['an empty set', { body: { keys: [] } }, "the issuer's key set holds no usable key"],
  ['only weak keys', { body: { keys: [weak] } }, "the issuer's key set holds no usable key"],
  ['another document', { body: { error: 'oops' } }, "the issuer's key set holds no usable key"],
  ['a body without an end', flood, "the issuer's key set answered with more than 262144 bytes"],
  ['a reset connection', (response) => response.destroy(), closed],
  [
    'a cut body',
    (response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"keys":')
      setImmediate(() => response.destroy())
    },
    closed,
  ],
]

const codeIn = (fault: string): string | undefined => /\(([A-Z_]+): /.exec(fault)?.[1]

/** What stays so until somebody changes something. */
const lasting = (fault: string) => (/answered [34]/.test(fault) ? { permanent: true } : {})

describe('KeyCache while the issuer does not give its keys', () => {
  test.each(badAnswers)('has no keys at cold start when the answer is %s', async (_what, answer, fault) => {
    const { issuer, clock, keys } = await setUp()
    issuer.keysAnswer = answer
    expect(await kindOf(keys)).toBe('unavailable')
    expect(keys.status()).toEqual({ ready: false, fault, ...lasting(fault), code: codeIn(fault) })
    expect(await kindOf(keys)).toBe('unavailable')
    expect(issuer.keyFetches).toBe(1)
    issuer.keysAnswer = undefined
    clock.advance(3 * seconds)
    expect(await kindOf(keys)).toBe('found')
    expect(keys.status()).toEqual({ ready: true, ageMs: 0 })
  })

  test.each(badAnswers)(
    'keeps its keys, once it has some, when the answer is %s',
    async (_what, answer, fault) => {
      const { issuer, clock, keys } = await setUp()
      await keys.load()
      issuer.keysAnswer = answer
      clock.advance(1 * hours)
      expect(await kindOf(keys)).toBe('found')
      const state = { ready: true, ageMs: 1 * hours, fault, ...lasting(fault), code: codeIn(fault) }
      expect(keys.status()).toEqual(state)
      issuer.keysAnswer = undefined
      clock.advance(3 * seconds)
      await keys.load()
      expect(keys.status()).toEqual({ ready: true, ageMs: 0 })
    },
  )

  test('keeps its keys for 24 hours and no longer', async () => {
    const { issuer, clock, keys } = await setUp()
    await keys.load()
    issuer.keysAnswer = { status: 500 }
    clock.advance(24 * hours)
    expect(await kindOf(keys)).toBe('found')
    clock.advance(1)
    expect(await kindOf(keys)).toBe('unavailable')
    expect(keys.status()).toMatchObject({ ready: false, ageMs: 24 * hours + 1 })
    issuer.keysAnswer = undefined
    clock.advance(3 * seconds)
    expect(await kindOf(keys)).toBe('found')
  })

  test('tries again every three seconds at most, however many lookups there are', async () => {
    const { issuer, clock, keys } = await setUp()
    issuer.keysAnswer = { status: 500 }
    for (let second = 0; second < 30; second++) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => kindOf(keys, `key-${index}`)))
      clock.advance(1 * seconds)
    }
    expect(issuer.keyFetches).toBe(10)
  })

  test('says nothing of an unknown kid when its keys grow too old while it asks', async () => {
    const { issuer, clock, keys } = await setUp({ maxAgeMs: 1_000, staleForMs: 1_000 })
    await keys.load()
    clock.advance(400)
    const asked = hang(issuer, undefined)
    const lookup = kindOf(keys, 'key-2')
    await asked
    clock.advance(800)
    expect(await lookup).toBe('unavailable')
  })

  test('is not put off by a clock that was set back', async () => {
    const { issuer, clock, keys } = await setUp()
    issuer.keysAnswer = { status: 500 }
    await keys.load()
    issuer.keysAnswer = undefined
    clock.advance(-1 * hours)
    expect(await kindOf(keys)).toBe('found')
  })

  it.each([
    ['before its first byte', undefined],
    ['in the middle of its body', '{"keys":['],
  ])('waits 800 ms at cold start for an answer that hangs %s', async (_where, begin) => {
    const { issuer, clock, keys } = await setUp()
    const asked = hang(issuer, begin)
    const lookup = kindOf(keys)
    await asked
    clock.advance(800)
    expect(await lookup).toBe('unavailable')
    expect(keys.status()).toEqual({ ready: false })
  })

  test('uses an answer that comes after the lookups have stopped waiting for it', async () => {
    const { issuer, clock, keys } = await setUp()
    const held = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    const body = JSON.stringify({ keys: [issuer.key.jwk] })
    issuer.keysAnswer = (response) => {
      asked.resolve()
      void held.promise.then(() => response.end(body))
    }
    const lookup = kindOf(keys)
    await asked.promise
    clock.advance(2 * seconds)
    expect(await lookup).toBe('unavailable')
    held.resolve()
    expect(await keys.load()).toEqual({ ready: true, ageMs: 2 * seconds })
    expect(issuer.keyFetches).toBe(1)
  })

  test('gives a hanging fetch up after four seconds, and tries again at once', async () => {
    const { issuer, clock, keys } = await setUp()
    const asked = hang(issuer)
    const loading = keys.load()
    await asked
    clock.advance(4 * seconds)
    expect(await loading).toEqual({ ready: false, fault: "the issuer's key set did not answer in time" })
    issuer.keysAnswer = undefined
    expect(await kindOf(keys)).toBe('found')
  })

  test('gives up on a fetch that ignores its signal', async () => {
    const { clock, keys } = await setUp({ fetch: () => new Promise(() => undefined) })
    const loading = keys.load()
    clock.advance(4 * seconds)
    expect(await loading).toEqual({ ready: false, fault: "the issuer's metadata did not answer in time" })
    expect(clock.pending).toBe(0)
  })

  test('lets lookups wait for hanging keys once, then serves the old ones at once', async () => {
    const { issuer, clock, keys } = await setUp()
    await keys.load()
    const asked = hang(issuer)
    clock.advance(1 * hours)
    const lookup = kindOf(keys)
    await asked
    clock.advance(800)
    expect(await lookup).toBe('found')
    const loading = keys.load()
    clock.advance(4 * seconds)
    await loading
    // With the clock standing still, a lookup that waited would never be answered.
    expect(await kindOf(keys)).toBe('found')
  })

  test('lets no lookup wait again while fetch after fetch hangs', async () => {
    const { issuer, clock, keys } = await setUp()
    await keys.load()
    clock.advance(1 * hours)
    for (let attempt = 0; attempt < 5; attempt++) {
      const asked = hang(issuer)
      const loading = keys.load()
      await asked
      for (let waited = 0; waited < 4 * seconds; waited += 500) {
        if (attempt > 0) expect(await kindOf(keys)).toBe('found')
        clock.advance(500)
      }
      await loading
    }
  })

  test('waits for new keys again once the outage is long over, so that a withdrawn key is not served', async () => {
    const { issuer, clock, keys } = await setUp()
    await keys.load()
    issuer.keysAnswer = { status: 500 }
    clock.advance(1 * hours)
    expect(await kindOf(keys)).toBe('found')
    issuer.keysAnswer = undefined
    issuer.keys = [generateSigningKey('key-2')]
    clock.advance(1 * hours)
    expect(await kindOf(keys)).toBe('unknown')
  })

  test('survives a fetch that throws instead of rejecting', async () => {
    const fetch: Fetch = () => {
      throw new Error('no network here')
    }
    const { keys } = await setUp({ fetch })
    expect(await kindOf(keys)).toBe('unavailable')
    expect(keys.status().fault).toBe("the issuer's metadata could not be reached")
  })

  test('survives an issuer that is gone', async () => {
    const { issuer, clock, keys } = await setUp()
    await keys.load()
    await issuer.close()
    clock.advance(1 * hours)
    expect(await kindOf(keys)).toBe('found')
    expect(keys.status()).toMatchObject({
      fault: expect.stringMatching(/^the issuer's key set could not be reached \(/),
      code: expect.stringMatching(/^(UND_ERR_SOCKET|ECONNREFUSED|ECONNRESET)$/),
    })
  })

  test('looks for the key URL anew after a failure, and not otherwise', async () => {
    const { issuer, clock, keys } = await setUp()
    const metadata = '/oauth2/default/.well-known/openid-configuration'
    await keys.load()
    clock.advance(1 * hours)
    await keys.load()
    expect(issuer.requests.get(metadata)).toBe(1)
    issuer.keysAnswer = { status: 404 }
    clock.advance(1 * hours)
    await keys.load()
    issuer.keysAnswer = undefined
    clock.advance(3 * seconds)
    await keys.load()
    expect(issuer.requests.get(metadata)).toBe(2)
  })
})

describe('KeyCache on metadata', () => {
  it.each([
    ['another issuer', { issuer: 'https://evil.example' }, "the issuer's metadata names another issuer"],
    [
      'an untrustworthy key URL',
      { jwks_uri: 'http://192.0.2.1/keys' },
      "the issuer's metadata names no usable jwks_uri: it is plain http to another machine; use https, or name the host in insecureHosts (INSECURE_HOSTS)",
    ],
  ])('fetches no keys when they name %s', async (_what, changes, fault) => {
    const { issuer, keys } = await setUp()
    issuer.metadataAnswer = {
      body: { issuer: issuer.issuer, jwks_uri: `${issuer.issuer}/v1/keys`, ...changes },
    }
    expect(await kindOf(keys)).toBe('unavailable')
    expect(keys.status().fault).toBe(fault)
    expect(issuer.keyFetches).toBe(0)
  })

  test('asks no other origin for keys unless it is configured', async () => {
    const foreign = generateSigningKey('key-1')
    let asked = 0
    await using elsewhere = await listen((_request, response) => {
      asked++
      response.end(JSON.stringify({ keys: [foreign.jwk] }))
    })
    const jwksUri = `${elsewhere.origin}/keys`
    const { issuer, keys, clock } = await setUp()
    issuer.metadataAnswer = { body: { issuer: issuer.issuer, jwks_uri: jwksUri } }
    expect(await kindOf(keys)).toBe('unavailable')
    expect(keys.status().fault).toMatch(/another origin; configure it as jwksUri$/)
    expect(asked).toBe(0)
    const configured = new KeyCache({ issuer: issuer.issuer, jwksUri, clock })
    expect(await kindOf(configured)).toBe('found')
  })

  test('falls back to the keys path of Okta when there are none', async () => {
    const { issuer, keys } = await setUp()
    issuer.metadataAnswer = { status: 404 }
    expect(await kindOf(keys)).toBe('found')
    expect(issuer.keyFetches).toBe(1)
  })

  test('keeps its keys when they turn false later', async () => {
    const { issuer, clock, keys } = await setUp()
    await keys.load()
    issuer.keysAnswer = { status: 500 }
    issuer.metadataAnswer = {
      body: { issuer: 'https://evil.example', jwks_uri: 'https://evil.example/keys' },
    }
    clock.advance(1 * hours)
    await keys.load()
    clock.advance(3 * seconds)
    await keys.load()
    expect(keys.status()).toMatchObject({ ready: true, fault: "the issuer's metadata names another issuer" })
    expect(await kindOf(keys)).toBe('found')
  })
})

describe('KeyCache after its runtime was frozen', () => {
  /** Keys of which one was withdrawn while a refresh in the background was under way and the runtime stood still. */
  async function freeze(
    setTimers: boolean,
  ): Promise<{ issuer: TestIssuer; keys: KeyCache; thaw: () => void }> {
    let frozenMs = 0
    const clock = new ManualClock()
    const { issuer, keys } = await setUp({
      clock: {
        now: () => clock.now() + frozenMs,
        schedule: (callback, delayMs) => (setTimers ? clock.schedule(callback, delayMs) : () => undefined),
      },
    })
    await keys.load()
    clock.advance(400 * seconds)
    const asked = hang(issuer)
    expect(await kindOf(keys)).toBe('found')
    await asked
    return {
      issuer,
      keys,
      thaw() {
        frozenMs = 6 * hours
        issuer.keysAnswer = undefined
        issuer.keys = [generateSigningKey('key-2')]
        // Timers that fell due meanwhile run before anything else.
        if (setTimers) clock.advance(4 * seconds)
      },
    }
  }

  it.each([true, false])('asks the issuer before a key counts again (timers run: %s)', async (setTimers) => {
    const { issuer, keys, thaw } = await freeze(setTimers)
    const before = issuer.keyFetches
    thaw()
    // The abort has reached the fetch that was under way before anybody looks.
    if (setTimers) await vi.waitFor(() => expect(keys.status().fault).toBeDefined())
    expect(await kindOf(keys)).toBe('unknown')
    expect(await kindOf(keys, 'key-2')).toBe('found')
    expect(issuer.keyFetches).toBe(before + 1)
  })
})
