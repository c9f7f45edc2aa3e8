import { HookBench } from '@behalf/testing/hook'
import { afterAll, describe, expect, it } from 'vitest'

const bench = await HookBench.startChain()
afterAll(() => bench.close())
const endingIn = (seconds: number): string => bench.assertion({ exp: bench.clock.seconds + seconds })

describe('the lifetime', () => {
  it.each([
    [3600, 3600, undefined],
    [3599, 3600, 3599],
    [301, 3600, 301],
    [300, 3600, 300],
    [1, 3600, 300],
    [1, 300, undefined],
    [1, 299, undefined],
    [86_400, 3600, undefined],
    [1000, 0, undefined],
  ])(
    'of an assertion with %i s left in a token of %i s becomes %s',
    async (left, lifetimeSeconds, expected) => {
      const answered = await bench.send(bench.event({ assertion: endingIn(left), lifetimeSeconds }))
      expect(answered.outcome).toBe('permit')
      expect(answered.lifetimeSeconds).toBe(expected)
    },
  )

  it('is left alone when the event does not tell it', async () => {
    const event = bench.event({ assertion: endingIn(600) }, ({ data }) =>
      Object.assign(data.access, { token: {} }),
    )
    expect(await bench.send(event)).toMatchObject({ outcome: 'permit', lifetimeSeconds: undefined })
  })
})

describe('the patch', () => {
  it('adds sub where the machine token has none, because only what is there can be replaced', async () => {
    const event = bench.event({}, ({ data }) => {
      delete data.access.claims?.['sub']
    })
    const { text } = await bench.send(event)
    expect(JSON.parse(text).commands[0].value[0]).toMatchObject({ op: 'add', path: '/claims/sub' })
  })

  it('is refused where no access token is minted', async () => {
    const event = bench.event({}, ({ data }) => Object.assign(data, { access: null }))
    expect((await bench.send(event)).record).toMatchObject({
      code: 'patch_inapplicable',
      step: 'commands',
      detail: 'no access token is being minted',
    })
  })

  it('may be as large as configured, to the byte', async () => {
    const event = bench.event({ assertion: bench.assertion({ note: '\u5b89'.repeat(500) }) })
    const { text } = await bench.send(event)
    const bytes = Buffer.byteLength(JSON.stringify(JSON.parse(text).commands))
    const within = (maxBytes: number) => bench.send(event, { claims: { maxBytes } })
    expect((await within(bytes)).outcome).toBe('permit')
    expect((await within(bytes - 1)).record).toMatchObject({ code: 'claims_too_large', step: 'commands' })
  })
})

describe('the conserved claims', () => {
  const claims = {
    department: 'sales',
    manager: { name: 'Bo', constructor: { prototype: 1 } },
    may_act: { sub: '0oaApiA' },
    cnf: { jkt: 'x' },
  }
  const copied = async (selection: object = {}): Promise<object> => {
    const event = bench.event({ assertion: bench.assertion(claims) })
    const { claims: patched } = await bench.send(event, { claims: selection, boundAssertions: 'allow' })
    return Object(patched?.['assertion'])
  }

  it('are all but those that mean something elsewhere or are dangerous as names', async () => {
    const found = await copied()
    expect(found).toMatchObject({ department: 'sales', manager: { name: 'Bo' }, uid: '00uAnn' })
    expect(found).not.toHaveProperty('cnf')
    expect(Object.keys(Object(Reflect.get(found, 'manager')))).toEqual(['name'])
  })

  it('are those that are listed, and those that later hops and API B need', async () => {
    expect(Object.keys(await copied({ include: ['department'] })).toSorted()).toEqual(
      ['department', 'exp', 'iat', 'iss', 'jti', 'may_act', 'sub', 'uid'].toSorted(),
    )
    expect(Object.keys(await copied({ include: [] })).toSorted()).toEqual([
      ...['exp', 'iat', 'iss', 'jti', 'may_act', 'sub', 'uid'],
    ])
  })

  it('lack those that are excluded, but for those', async () => {
    const found = await copied({ exclude: ['department', 'sub', 'exp', 'iss', 'jti'] })
    expect(found).not.toHaveProperty('department')
    expect(found).toMatchObject({ sub: 'ann@example.com', jti: 'AT.user-token' })
  })

  it('never include act and cnf, even when they are listed', async () => {
    expect(Object.keys(await copied({ include: ['act', 'cnf'] }))).not.toContain('cnf')
  })
})
