import type { BehalfConfig, ClientConfig, IssuerConfig } from '@behalf/hook'
import fc from 'fast-check'

/** How many issuers of users' own tokens a world has at most. */
export const userIssuers = 4
const clients = ['0oaA', '0oaB', '0oaC', '0oaD'] as const
const apis = ['https://one.example', 'https://two.example', 'https://three.example'] as const
const ours = ['api://a', 'api://b']

/** The scopes of an API; the second one may presuppose others. */
export const scopesOf = (api: string): readonly [string, string] => [`${api}/read`, `${api}/write`]

/** Other names, which begin with none of the prefixes; a function that serves two issuers is a fault. */
const renamed = ['~', '^'].map((mark) => (subject: string) => `${mark}${subject}`)
const subject = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  {
    weight: 6,
    arbitrary: fc.constantFrom('p|', 'q|', 'p|p|', 'r', 's|', 't|').map((prefix) => ({ prefix })),
  },
  { weight: 2, arbitrary: fc.constantFrom(...renamed) },
)
const org = fc.constantFrom(undefined, undefined, 'x', 'y')
/** Mostly everything, so that journeys get somewhere. */
const some = <T>(all: T[]): fc.Arbitrary<T[]> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(all) },
    { weight: 1, arbitrary: fc.subarray(all, { minLength: 1 }) },
  )

/** What a user's issuer signs; a hostile one may name anybody, and claim that somebody acts. */
const user = fc.record({
  issuer: fc.nat({ max: userIssuers - 1 }),
  subject: fc.oneof(
    { weight: 2, arbitrary: fc.constant('ann') },
    fc.constantFrom('ann', 'bob', 'p|ann', 'q|ann', 'p|p|ann', 'rann', 'r|p|ann', '0oaA'),
  ),
  audience: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...ours) },
    fc.shuffledSubarray([...ours, ...apis], { minLength: 1 }),
  ),
  secondsLeft: fc.constantFrom(200, 320, 900, 3_600, 3_600, 86_400, 86_400),
  mayAct: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, fc.constantFrom(...clients)),
  scopes: some(['s1', 's2', 's3']),
  lie: fc.oneof(
    { weight: 12, arbitrary: fc.constant({}) },
    fc.constantFrom({ act: { sub: '0oaB' } }, { assertion: { sub: 'ann' } }),
  ),
})

const hop = fc.record({
  api: fc.constantFrom(...apis),
  write: fc.boolean(),
  waitSeconds: fc.constantFrom(0, 1, 100, 290),
})

/** A journey: a user's token, and who exchanges it for what, one after the other. */
export const journey = fc
  .record({
    user,
    hops: fc.array(hop, { minLength: 1, maxLength: 4 }),
    order: fc.shuffledSubarray([...clients], { minLength: clients.length }),
    // After how many hops it is the first client's turn again.
    round: fc.constantFrom(2, clients.length, clients.length),
  })
  .map(({ user, hops, order, round }) => ({
    user,
    hops: hops.map((next, index) => ({ ...next, client: order[index % round] ?? clients[0] })),
  }))
export type Journey = typeof journey extends fc.Arbitrary<infer T> ? T : never

/** Scopes of users' own tokens, and of delegated ones. */
const needable = ['s1', 's2', ...apis.map((api) => `${api}/read`)]

/** The parts of a configuration that are drawn. */
export const settings = fc.record({
  issuers: fc.array(fc.record({ subject, org, audiences: some([...ours]) }), {
    minLength: 1,
    maxLength: userIssuers,
  }),
  clients: fc.tuple(
    ...clients.map(() =>
      fc.record({
        audiences: some([...ours, ...apis]),
        resources: some([...apis]),
        issuers: fc.oneof(
          { weight: 3, arbitrary: fc.constant(undefined) },
          fc.subarray([0, 1, 2, 3], { minLength: 1, maxLength: 3 }),
        ),
        reentry: fc.boolean(),
      }),
    ),
  ),
  apis: fc.tuple(
    ...apis.map(() =>
      fc.record({
        verifier: fc.constantFrom('any' as const, 'behalf' as const),
        needs: fc.array(fc.tuple(fc.nat({ max: userIssuers }), fc.subarray(needable, { maxLength: 2 })), {
          minLength: 1,
          maxLength: 5,
        }),
        restricted: fc.boolean(),
      }),
    ),
  ),
})
export type Settings = typeof settings extends fc.Arbitrary<infer T> ? T : never

/** The configuration, which may be one that the hook refuses to start with. */
export function configOf(
  drawn: Settings,
  users: readonly string[],
  delegating: string,
): Omit<BehalfConfig, 'authenticate'> {
  const named = users.slice(0, drawn.issuers.length)
  const issuers: IssuerConfig[] = drawn.issuers.map((issuer, index) => ({
    issuer: named[index] ?? '',
    algorithms: ['EdDSA'],
    ...issuer,
  }))
  issuers.push({ issuer: delegating, audiences: [...apis], tokens: 'delegated', algorithms: ['EdDSA'] })
  const bound = drawn.clients.map(({ issuers: which, ...client }, index): [string, ClientConfig] => {
    const vouching = which?.flatMap((issuer) => named[issuer] ?? []) ?? []
    return [clients[index] ?? '', { ...client, ...(vouching.length === 0 ? {} : { issuers: vouching }) }]
  })
  const servers = [...named, delegating]
  const resources = drawn.apis.map(({ verifier, needs, restricted }, index) => {
    const [read, write] = scopesOf(apis[index] ?? '')
    const needed = Object.fromEntries(
      needs.flatMap(([issuer, scopes]) => (servers[issuer] === undefined ? [] : [[servers[issuer], scopes]])),
    )
    return [apis[index], { verifier, scopes: { [read]: {}, [write]: restricted ? { needs: needed } : {} } }]
  })
  return { issuers, clients: Object.fromEntries(bound), resources: Object.fromEntries(resources) }
}
