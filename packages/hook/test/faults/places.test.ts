import { createHook } from '@behalf/hook'
import { hookEvent, ManualClock, TestIssuer, userClaims } from '@behalf/testing'
import { expect, it, onTestFinished } from 'vitest'

const limits = { maxConcurrentRequests: 64 }

/** Many requests, each handled as far as it gets at once. */
async function flood(ask: (index: number) => Promise<unknown>): Promise<readonly Promise<unknown>[]> {
  const asked: Promise<unknown>[] = []
  for (let index = 0; index < 200; index++) {
    asked.push(ask(index))
    await new Promise(setImmediate)
  }
  return asked
}

it('callers without a secret leave room for Okta while one of two sources hangs', async () => {
  const clock = new ManualClock()
  const hook = createHook(
    {
      authenticate: { secrets: ['hook-secret-0123456789', () => new Promise(() => undefined)] },
      issuers: [{ issuer: 'https://example.okta.com/oauth2/default', audiences: ['api://a'] }],
      clients: 'any',
      limits,
    },
    { clock },
  )
  const ask = (secret: string) => hook.handle({ headers: new Map([['authorization', [secret]]]), body: '{}' })
  const guesses = await flood((index) => ask(`guess-${index}`))
  expect((await ask('hook-secret-0123456789')).body).toContain('request_malformed')
  clock.advance(2_000)
  await Promise.all(guesses)
})

/** A hook that trusts three issuers, and what asks it for one of them. */
async function startWithIssuers() {
  const clock = new ManualClock()
  const issuers = [await TestIssuer.start(), await TestIssuer.start(), await TestIssuer.start()] as const
  onTestFinished(() => Promise.all(issuers.map((issuer) => issuer.close())).then(() => undefined))
  const hook = createHook(
    {
      authenticate: { secrets: ['hook-secret-0123456789'] },
      issuers: issuers.map(({ issuer }) => ({ issuer, audiences: ['api://a'], org: 'one' })),
      clients: 'any',
      limits,
    },
    { clock },
  )
  const ask = (issuer: TestIssuer, header: { kid?: string } = {}) => {
    const assertion = issuer.sign(userClaims(clock.seconds), header)
    const body = JSON.stringify(hookEvent({ assertion }))
    return hook.handle({ headers: new Map([['authorization', ['hook-secret-0123456789']]]), body })
  }
  return { clock, issuers, hook, ask }
}

it.each([1, 2])(
  'tokens that nobody has signed leave room while %d of three issuers hang',
  async (hanging) => {
    const { clock, issuers, hook, ask } = await startWithIssuers()
    await hook.load()
    for (const issuer of issuers.slice(0, hanging)) issuer.keysAnswer = () => undefined
    const unsigned = await flood((index) => ask(issuers[index % hanging === 0 ? 0 : 1], { kid: 'nobody' }))
    expect((await ask(issuers[2])).body).toContain('"commands"')
    clock.advance(2_000)
    await Promise.all(unsigned)
  },
)

it.each([
  ['were never loaded', 0],
  ['have grown old', 601_000],
])('they leave room, too, when the keys of the issuer that hangs %s', async (_, ageMs) => {
  const { clock, issuers, hook, ask } = await startWithIssuers()
  const [hanging, , other] = issuers
  if (ageMs > 0) await hook.load()
  clock.advance(ageMs)
  expect((await ask(other)).body).toContain('"commands"')
  hanging.keysAnswer = () => undefined
  const unsigned = await flood(() => ask(hanging, { kid: 'nobody' }))
  expect((await ask(other)).body).toContain('"commands"')
  clock.advance(2_000)
  await Promise.all(unsigned)
})
