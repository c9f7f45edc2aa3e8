import { type BehalfConfig, ConfigError, createHook, type Delegation, type Hook } from '@behalf/hook'
import { generateSigningKey, type LooseObject, ManualClock, TestIssuer, userClaims } from '@behalf/testing'
import { hookSecret } from '@behalf/testing/hook'
import { createVerifier, type DelegatedAccess } from '@behalf/verify'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Minting, mint } from '../minting.ts'
import { configOf, type Journey, journey, scopesOf, settings, userIssuers } from './chain-world.ts'
import { fuzz, fuzzRuns, fuzzTimeoutMs } from './fuzz.ts'

let issuers: readonly TestIssuer[]
let server: TestIssuer
const share = 0.3
const seen = { started: 0, refused: 0, denied: 0, hops: [0, 0, 0, 0, 0], restricted: 0 }

beforeAll(async () => {
  const key = generateSigningKey('key-1', 'EdDSA')
  issuers = await Promise.all(Array.from({ length: userIssuers }, () => TestIssuer.start([key])))
  server = await TestIssuer.start([key])
})
afterAll(() => Promise.all([...issuers, server].map((issuer) => issuer.close())))

interface World extends Minting {
  readonly config: BehalfConfig
  /** What the policy was asked about, the latest last. */
  readonly asked: Delegation[]
}

/** Undefined when the hook does not start with this configuration. */
function start(config: BehalfConfig, clock: ManualClock): World | undefined {
  const asked: Delegation[] = []
  const policy = (delegation: Delegation) => {
    asked.push(delegation)
    return { decision: 'permit' } as const
  }
  let hook: Hook
  try {
    hook = createHook({ ...config, policy }, { clock })
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
  return { hook, server, clock, config, asked, mintingMs: 4_000 }
}

test('however a token travels, it is its first user’s, and nobody gets more than the hop before', {
  timeout: fuzzTimeoutMs * 2,
}, async () => {
  await fuzz(
    'chains',
    fc.asyncProperty(settings, fc.array(journey, { minLength: 2, maxLength: 4 }), async (drawn, journeys) => {
      const clock = new ManualClock()
      const authenticate = { secrets: [hookSecret] }
      const urls = issuers.map(({ issuer }) => issuer)
      const world = start({ authenticate, ...configOf(drawn, urls, server.issuer) }, clock)
      seen[world === undefined ? 'refused' : 'started']++
      if (world === undefined) return
      await world.hook.load()
      const peopleBySubject = new Map<string, string>()
      for (const travelled of journeys) {
        const access = await travel(world, travelled)
        if (access === undefined) continue
        const { issuer, subject } = access.user
        const { org = issuer } = world.config.issuers.find((trusted) => trusted.issuer === issuer) ?? {}
        const person = `${org} ${subject}`
        expect(peopleBySubject.get(access.subject) ?? person, 'two people under one name').toBe(person)
        peopleBySubject.set(access.subject, person)
      }
    }),
    share,
  )
  console.log(JSON.stringify(seen))
  // Journeys that end at the first step would prove nothing.
  const runs = fuzzRuns * share
  expect(seen.started).toBeGreaterThan(runs / 6)
  expect(seen.refused).toBeGreaterThan(runs / 6)
  expect(seen.hops[1]).toBeGreaterThan(runs / 4)
  expect(seen.hops[2]).toBeGreaterThan(runs / 20)
  expect(seen.restricted).toBeGreaterThan(0)
})

/** Follows a token from hop to hop as far as it gets. @returns what the last API sees, if it got to one */
async function travel(world: World, { user, hops }: Journey): Promise<DelegatedAccess | undefined> {
  const { clock, asked } = world
  // Now and then of an issuer that nobody has configured.
  const own =
    issuers[user.issuer === userIssuers - 1 ? user.issuer : user.issuer % (world.config.issuers.length - 1)]
  if (own === undefined) throw new Error('no such issuer')
  const first: LooseObject = {
    ...userClaims(clock.seconds, {
      iss: own.issuer,
      sub: user.subject,
      aud: user.audience,
      scp: user.scopes,
    }),
    exp: clock.seconds + user.secondsLeft,
    ...(user.mayAct === undefined ? {} : { may_act: { sub: user.mayAct } }),
    ...user.lie,
  }
  let presented = first
  let token = own.sign(first)
  let access: DelegatedAccess | undefined
  for (const [index, { client, api, write, waitSeconds }] of hops.entries()) {
    clock.advance(waitSeconds * 1000)
    const [read, needing] = scopesOf(api)
    const scopes = write ? [read, needing] : [read]
    const query = `&assertion_resource=${encodeURIComponent(api)}`
    const minted = await mint(world, { clientId: client, assertion: token, scopes, query })
    if (minted.token === undefined) {
      seen.denied++
      break
    }
    judge({ world, first, presented, issued: minted.claims, client, api, asked: asked.at(-1) })
    presented = minted.claims
    token = minted.token
    access = await verifierOf(world, api).verify(token)
    expect(access.user).toEqual({ issuer: first['iss'], subject: first['sub'] })
    expect(access.expiresAt).toBeLessThanOrEqual(Number(first['exp']))
    seen.hops[index + 1] = (seen.hops[index + 1] ?? 0) + 1
  }
  return access
}

/** The verifier of an API, told of mappings what the hook is told. */
function verifierOf({ config, clock }: World, audience: string) {
  const users = config.issuers.filter(({ tokens }) => tokens !== 'delegated')
  return createVerifier({
    issuer: server.issuer,
    audience,
    algorithms: ['EdDSA'],
    assertionIssuers: Object.fromEntries(
      users.map(({ issuer, subject }) => [issuer, subject === undefined ? {} : { subject }]),
    ),
    clock,
  })
}

interface Hop {
  readonly world: World
  readonly first: LooseObject
  readonly presented: LooseObject
  readonly issued: LooseObject
  readonly client: string
  readonly api: string
  readonly asked: Delegation | undefined
}

/** What must hold of every token that is issued, however it was configured. */
function judge({ world, first, presented, issued, client, api, asked }: Hop): void {
  const { config, clock } = world
  expect(config.issuers.map(({ issuer }) => issuer)).toContain(first['iss'])
  expect(issued['aud']).toBe(api)
  expect(asked?.subject).toMatchObject({ issuer: first['iss'], id: first['sub'] })

  const before = actorsOf(presented)
  expect(actorsOf(issued)).toEqual([{ iss: server.issuer, sub: client, sub_profile: 'service' }, ...before])
  const [current, ...earlier] = before.map(({ sub }) => sub)
  expect(client).not.toBe(current)
  expect([first['sub'], issued['sub']]).not.toContain(client)
  const bound = config.clients === 'any' ? undefined : config.clients[client]
  if (bound?.reentry !== true) expect(earlier).not.toContain(client)
  if (bound?.issuers !== undefined) expect(bound.issuers).toContain(first['iss'])
  expect(bound?.resources).toContain(api)
  if (first['may_act'] !== undefined) expect(first['may_act']).toEqual({ sub: client })

  const { exp: end, ...conserved } = Object(issued['assertion'])
  const { exp: endBefore, ...conservedBefore } = before.length === 0 ? first : Object(presented['assertion'])
  expect(conserved).toEqual(conservedBefore)
  expect(end).toBeLessThanOrEqual(Math.min(Number(endBefore), Number(presented['exp'])))
  if (before.length > 0) expect(issued['sub']).toBe(presented['sub'])

  const resource = config.resources?.[api]
  if (resource?.verifier === 'any') expect(issued['exp']).toBeLessThanOrEqual(end)
  expect(Number(issued['exp']) - clock.seconds).toBeGreaterThanOrEqual(300)
  for (const scope of Object(issued['scp'])) {
    const { needs } = resource?.scopes?.[scope] ?? {}
    if (needs === undefined) continue
    seen.restricted++
    const needed = needs[String(presented['iss'])]
    expect(needed, 'granted to an issuer that it does not name').toBeDefined()
    expect(presented['scp']).toEqual(expect.arrayContaining([...(needed ?? [])]))
  }
}

function actorsOf({ act }: LooseObject): readonly LooseObject[] {
  if (typeof act !== 'object' || act === null) return []
  const { act: prior, ...actor } = Object(act)
  return [actor, ...actorsOf({ act: prior })]
}
