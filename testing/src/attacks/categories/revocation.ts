import type { LooseObject } from '../../signing-key.ts'
import type { ApiOutcome, Attack, Category, HookCall, HookOutcome } from '../attack.ts'
import { chained, type Extras, exchanged, presented, sent, titles } from '../build.ts'
import { assertionForge } from '../forge.ts'
import { introspectionAnswers } from '../introspection-endpoint.ts'
import type { World } from '../world.ts'

const title = titles('T54')
const good = titles('control')
const setup: Extras = { setup: 'revocation' }

/** Makes claims of a moment so many seconds after the world began. */
const at =
  (seconds: number, changes: LooseObject = {}) =>
  (world: World): LooseObject => ({ iat: world.startedSeconds + seconds, ...changes })

/** Somebody's token that was issued so many seconds after the world began. */
const presents = (name: string, seconds: number, hook: HookOutcome, changes: LooseObject = {}): Attack =>
  exchanged(
    hook === 'permit' ? good(name) : title(name),
    (forge) => forge.sign(at(seconds, changes)(forge.world)),
    hook,
    setup,
  )

/** One and the same token of Ann's, which is remembered from the first time on. */
const presentsKept = (name: string, hook: HookOutcome): Attack =>
  exchanged(
    hook === 'permit' ? good(name) : title(name),
    ({ world }) =>
      world.reuse('remembered before the cut-off', () => assertionForge(world).sign(at(-100)(world)), 3_600),
    hook,
    setup,
  )

/** One and the same token, of an issuer that is asked about it, before and after it was ended there. */
const presentsEnded = (name: string, hook: 'permit' | 'assertion_revoked'): Attack =>
  exchanged(
    hook === 'permit' ? good(name) : title(name),
    ({ world }) => {
      if (hook === 'permit') world.ended.delete('AT.ended')
      else world.ended.add('AT.ended')
      const forge = assertionForge(world, world.mixed)
      return world.reuse('remembered before its end', () => forge.sign({ jti: 'AT.ended' }), 3_600)
    },
    hook,
    setup,
  )

/** A delegated token of now, whose first token was issued so many seconds after the world began. */
const hops = (name: string, seconds: number, hook: HookOutcome): Attack =>
  chained(
    hook === 'permit' ? good(name) : title(name),
    (forge) => {
      const { assertion } = forge.claims()
      return forge.sign({ assertion: { ...Object(assertion), ...at(seconds)(forge.world) } })
    },
    hook,
    setup,
  )

interface Told {
  /** So many seconds after the world began. */
  readonly seconds: number
  readonly uid?: string
  readonly changes?: LooseObject
}

const eventOf = (world: World, { seconds, uid = '00uAnn', changes = {} }: Told): LooseObject => ({
  uuid: 'b5b3a9c0-0000-11f0-8000-000000000001',
  published: new Date((world.startedSeconds + seconds) * 1_000).toISOString(),
  eventType: 'user.lifecycle.suspend',
  outcome: { result: 'SUCCESS' },
  actor: { id: '00uAdmin', type: 'User', alternateId: 'admin@example.com' },
  target: [{ id: uid, type: 'User', alternateId: 'ann@example.com' }],
  ...changes,
})

const bodyOf = (...events: readonly unknown[]): string =>
  JSON.stringify({ eventType: 'com.okta.event_hook', data: { events } })

const headersOf = (secret: string): HookCall['headers'] => [
  ['Content-Type', 'application/json'],
  ['Authorization', secret],
]

/** A call of the event hook, with the right secret unless it is changed. */
const tells = (
  name: string,
  status: HookOutcome,
  body: (world: World) => string,
  call: (world: World) => Partial<HookCall> = () => ({}),
): Attack =>
  sent(
    status === 204 ? good(name) : title(name),
    (world) => ({
      target: '/event-hook',
      headers: headersOf(world.eventSecret),
      body: body(world),
      ...call(world),
    }),
    status,
    setup,
  )

const suspension =
  (told: Told) =>
  (world: World): string =>
    bodyOf(eventOf(world, told))
const now = suspension({ seconds: 0 })

/** Nothing of this cuts Ann off. */
const forged: readonly Attack[] = [
  tells('without a secret', 401, now, () => ({ headers: [['Content-Type', 'application/json']] })),
  tells('with the secret of the inline hook', 401, now, ({ secret }) => ({ headers: headersOf(secret) })),
  tells('with a part of the secret', 401, now, ({ eventSecret }) => ({
    headers: headersOf(eventSecret.slice(0, -1)),
  })),
  tells('with a longer secret', 401, now, ({ eventSecret }) => ({ headers: headersOf(`${eventSecret}x`) })),
  tells('with the secret twice', 401, now, ({ eventSecret }) => ({
    headers: [...headersOf(eventSecret), ['Authorization', eventSecret]],
  })),
  tells('with the secret in the query', 401, now, ({ eventSecret }) => ({
    target: `/event-hook?authorization=${eventSecret}`,
    headers: [],
  })),
  tells('with a scheme before the secret', 401, now, ({ eventSecret }) => ({
    headers: headersOf(`Bearer ${eventSecret}`),
  })),
  tells(
    'a proof of the URL without a secret',
    401,
    () => '',
    () => ({
      method: 'GET',
      headers: [['X-Okta-Verification-Challenge', 'challenge']],
    }),
  ),
  tells('no JSON', 400, () => 'data=events'),
  tells('no events', 400, () => '{"data":{}}'),
  tells('events that are no list', 400, () => '{"data":{"events":{"0":{}}}}'),
  tells(
    'not UTF-8',
    400,
    () => '',
    () => ({ body: new Uint8Array([0x7b, 0xff, 0x7d]) }),
  ),
  tells('another method', 405, now, () => ({ method: 'PUT' })),
  tells('nothing but oddities', 204, () =>
    bodyOf(null, 7, 'event', [], { eventType: 'user.lifecycle.suspend' }),
  ),
  tells(
    'an attempt that failed',
    204,
    suspension({ seconds: 0, changes: { outcome: { result: 'FAILURE' } } }),
  ),
  tells('another event', 204, suspension({ seconds: 0, changes: { eventType: 'user.lifecycle.create' } })),
  tells(
    'a user who is none',
    204,
    suspension({ seconds: 0, changes: { target: [{ id: '00uAnn', type: 'AppUser' }] } }),
  ),
  tells('a user by login', 204, suspension({ seconds: 0, uid: 'ann@example.com' })),
  tells('a user named like a member of the prototype', 204, suspension({ seconds: 0, uid: '__proto__' })),
  presents('a token after all that was forged', -100, 'permit'),
]

/** Ann is cut off, and nobody else, from the moment that the event names. */
const suspended: readonly Attack[] = [
  presentsKept('a token that is then remembered', 'permit'),
  presentsKept('a token that is remembered', 'permit'),
  tells('a suspension', 204, suspension({ seconds: -50 })),
  presents('a token from before it', -100, 'assertion_revoked'),
  presentsKept('a token from before it that is remembered', 'assertion_revoked'),
  presentsKept('a token from before it that is remembered, again', 'assertion_revoked'),
  presents('a token of that very second', -50, 'assertion_revoked'),
  presents('a token from after it', -49, 'permit'),
  presents('a token that does not say when it was issued', 0, 'assertion_revoked', { iat: undefined }),
  presents('a login that was changed since', -100, 'assertion_revoked', { sub: 'ann.new@example.com' }),
  presents('a login that was given to somebody else', -100, 'permit', { uid: '00uNew' }),
  exchanged(
    good('a user of another org with the same id'),
    ({ world }) => assertionForge(world, world.partner).sign(at(-100)(world)),
    'permit',
    setup,
  ),
  hops('a later hop that began before', -100, 'assertion_revoked'),
  hops('a later hop that began after', -49, 'permit'),
]

const again: readonly Attack[] = [
  tells('the same event again', 204, suspension({ seconds: -50 })),
  tells('an earlier event later', 204, suspension({ seconds: -500 })),
  presents('a token from between the two', -100, 'assertion_revoked'),
  presents('a token from after both', -49, 'permit'),
  tells('two events at once, the earlier one last', 204, (world) =>
    bodyOf(eventOf(world, { seconds: -20 }), eventOf(world, { seconds: -45 })),
  ),
  presents('a token from before the later one', -21, 'assertion_revoked'),
  hops('an exchange that was faster than the event', -21, 'assertion_revoked'),
  tells(
    'an event of the far future',
    204,
    suspension({ seconds: 0, changes: { published: '9999-12-31T23:59:59.000Z' } }),
  ),
  presents('a token from before the call', -1, 'assertion_revoked'),
  exchanged(
    good('a token from after the call'),
    (forge) => forge.sign({ iat: forge.nowSeconds + 50 }),
    'permit',
    setup,
  ),
]

/** Tokens of an issuer that is asked about each of them, by what it answers. */
const asked: readonly Attack[] = [
  exchanged(
    good('a token that its issuer calls active'),
    ({ world }) => assertionForge(world, world.mixed).sign(),
    'permit',
    setup,
  ),
  ...Object.keys(introspectionAnswers).map((jti) =>
    exchanged(
      title(`an introspection endpoint ${jti}`),
      ({ world }) => assertionForge(world, world.mixed).sign({ jti }),
      jti === 'inactive' ? 'assertion_revoked' : 'revocation_unavailable',
      setup,
    ),
  ),
  presentsEnded('a token that its issuer calls active for now', 'permit'),
  presentsEnded('a token that its issuer calls active, again', 'permit'),
  presentsEnded('a remembered token that its issuer has ended', 'assertion_revoked'),
]

/** What the first token says in a token at API B, beside when it was issued, and what must come of it. */
const firstTokens: Readonly<Record<string, readonly [number, LooseObject, ApiOutcome]>> = {
  'a first token from before': [-100, {}, 'assertion_revoked'],
  'a first token of that very second': [-50, {}, 'assertion_revoked'],
  'a first token from after': [-49, {}, 'accept'],
  'no time': [0, { iat: undefined }, 'assertion_revoked'],
  'a time that is a text': [0, { iat: '9999999999' }, 'assertion_revoked'],
  'another user of the same login': [-100, { uid: '00uNew' }, 'accept'],
  'no id': [-49, { uid: undefined }, 'token_invalid'],
  'a list of ids': [-49, { uid: ['00uNew'] }, 'token_invalid'],
}

/** API B looks at the first token, however young the one is that it gets. */
const apis: readonly Attack[] = Object.entries(firstTokens).map(([name, [seconds, changes, api]]) =>
  presented(
    (api === 'accept' ? good : title)(`at API B ${name}`),
    ({ world, claims }) => {
      const { issuer: iss } = world.okta
      const first = { ...Object(claims()['assertion']), iss, uid: '00uAnn', ...at(seconds, changes)(world) }
      return world.delegating.sign(claims({ iss: world.delegating.issuer, assertion: first }))
    },
    api,
    { apiTrusts: 'revoking' },
  ),
)

/** What is told of users who were cut off, what is forged of it, and the tokens that are presented before and after. */
export const revocation: Category = {
  name: 'revocation',
  attacks: [
    presents('a token before anything is told', -100, 'permit'),
    ...forged,
    ...asked,
    ...suspended,
    ...again,
    ...apis,
  ],
}
