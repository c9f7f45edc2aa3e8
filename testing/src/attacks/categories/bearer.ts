import { encodePart, type LooseObject, signHmacJwt, signJwt } from '../../signing-key.ts'
import type { Attack, Category } from '../attack.ts'
import { goodAssertion, oktaCall, sent, titles } from '../build.ts'
import { nonCanonical, tampered, withSignature } from '../forge.ts'
import type { World } from '../world.ts'

const title = titles('T18')

/** The token that Okta's client obtains to call the hook with. */
function oktaToken(world: World, changes: LooseObject = {}, header: LooseObject = {}): string {
  const { nowSeconds } = world
  return world.gatekeeper.sign(
    {
      aud: 'api://hook',
      cid: '0oaOktaCalls',
      sub: '0oaOktaCalls',
      scp: ['hook:call'],
      iat: nowSeconds,
      exp: nowSeconds + 300,
      ...changes,
    },
    header,
  )
}

const refused: Readonly<Record<string, (world: World) => readonly string[]>> = {
  'no header': () => [],
  'empty header': () => [''],
  'no scheme': (world) => [oktaToken(world)],
  'scheme alone': () => ['Bearer'],
  'scheme and a space': () => ['Bearer '],
  'scheme basic': (world) => [`Basic ${oktaToken(world)}`],
  'scheme dpop': (world) => [`DPoP ${oktaToken(world)}`],
  'two spaces': (world) => [`Bearer  ${oktaToken(world)}`],
  'two tokens': (world) => [`Bearer ${oktaToken(world)}, Bearer ${oktaToken(world)}`],
  'sent twice': (world) => [`Bearer ${oktaToken(world)}`, `Bearer ${oktaToken(world)}`],
  'the secret of another setup': (world) => [world.secret],
  'the secret as a bearer token': (world) => [`Bearer ${world.secret}`],
  garbage: () => ['Bearer garbage'],
  unsigned: (world) => [`Bearer ${oktaToken(world).replace(/[^.]*$/, '')}`],
  'alg none': (world) => [
    `Bearer ${encodePart({ alg: 'none' })}.${encodePart({ iss: world.gatekeeper.issuer, cid: '0oaOktaCalls' })}.`,
  ],
  'hmac with the public key': (world) => [
    `Bearer ${signHmacJwt(JSON.stringify(world.gatekeeper.key.jwk), { iss: world.gatekeeper.issuer }, { kid: 'key-1' })}`,
  ],
  tampered: (world) => [`Bearer ${withSignature(oktaToken(world), (signature) => signature.reverse())}`],
  'foreign key': (world) => [
    `Bearer ${signJwt(world.keys.foreign, { iss: world.gatekeeper.issuer, aud: 'api://hook', cid: '0oaOktaCalls', exp: world.nowSeconds + 60 })}`,
  ],
  'foreign issuer': (world) => [
    `Bearer ${world.okta.sign({ aud: 'api://hook', cid: '0oaOktaCalls', scp: ['hook:call'], exp: world.nowSeconds + 60 })}`,
  ],
  'the assertion': (world) => [`Bearer ${goodAssertion(world)}`],
  expired: (world) => [`Bearer ${oktaToken(world, { exp: world.nowSeconds - 5 })}`],
  'without exp': (world) => [`Bearer ${oktaToken(world, { exp: undefined })}`],
  'not yet valid': (world) => [`Bearer ${oktaToken(world, { nbf: world.nowSeconds + 200 })}`],
  'another audience': (world) => [`Bearer ${oktaToken(world, { aud: 'api://a' })}`],
  'no audience': (world) => [`Bearer ${oktaToken(world, { aud: undefined })}`],
  'another client': (world) => [`Bearer ${oktaToken(world, { cid: '0oaApiA' })}`],
  'no client': (world) => [`Bearer ${oktaToken(world, { cid: undefined })}`],
  'client of wrong type': (world) => [`Bearer ${oktaToken(world, { cid: ['0oaOktaCalls'] })}`],
  'client names that disagree': (world) => [
    `Bearer ${oktaToken(world, { cid: '0oaApiA', client_id: '0oaOktaCalls' })}`,
  ],
  'client names that disagree, the other way': (world) => [
    `Bearer ${oktaToken(world, { cid: '0oaOktaCalls', client_id: '0oaApiA' })}`,
  ],
  "a user's token of the client": (world) => [
    `Bearer ${oktaToken(world, { sub: 'ann@example.com', uid: '00u1' })}`,
  ],
  "a user's token, of a user with the client's id": (world) => [
    `Bearer ${oktaToken(world, { uid: '00u1' })}`,
  ],
  'a delegated token of the client': (world) => [
    `Bearer ${oktaToken(world, { sub: 'ann@example.com', act: { sub: '0oaOktaCalls' } })}`,
  ],
  'a delegated token with a kept subject': (world) => [
    `Bearer ${oktaToken(world, { act: { sub: '0oaOktaCalls' }, assertion: { sub: 'ann@example.com' } })}`,
  ],
  'an id token of the client': (world) => [`Bearer ${oktaToken(world, { nonce: 'n', at_hash: 'x' })}`],
  'a token bound to a key': (world) => [`Bearer ${oktaToken(world, { cnf: { jkt: 'x' } })}`],
  'another subject': (world) => [`Bearer ${oktaToken(world, { sub: '0oaOther' })}`],
  'no subject': (world) => [`Bearer ${oktaToken(world, { sub: undefined })}`],
  'without scope': (world) => [`Bearer ${oktaToken(world, { scp: undefined })}`],
  'another scope': (world) => [`Bearer ${oktaToken(world, { scp: ['hook:read'] })}`],
  'scope as a prefix': (world) => [`Bearer ${oktaToken(world, { scp: ['hook:call:more'] })}`],
  'scope as text in scp': (world) => [`Bearer ${oktaToken(world, { scp: { 0: 'hook:call' } })}`],
  'id token type': (world) => [`Bearer ${oktaToken(world, {}, { typ: 'id_token+jwt' })}`],
  encrypted: () => [`Bearer ${encodePart({ alg: 'dir', enc: 'A128GCM' })}..aXY.dGV4dA.dGFn`],
  'key in the header': (world) => [
    `Bearer ${signJwt(world.keys.foreign, { iss: world.gatekeeper.issuer }, { jku: world.trapUrl, jwk: world.keys.foreign.jwk })}`,
  ],
}

const accepted: Readonly<Record<string, (world: World) => string>> = {
  'as okta sends it': (world) => `Bearer ${oktaToken(world)}`,
  'scheme in lower case': (world) => `bearer ${oktaToken(world)}`,
  'client_id and scope': (world) =>
    `Bearer ${oktaToken(world, { cid: undefined, client_id: '0oaOktaCalls', scp: undefined, scope: 'x hook:call' })}`,
}

function calledWith(
  world: World,
  values: readonly string[],
  assertion = goodAssertion(world),
): ReturnType<typeof oktaCall> {
  const call = oktaCall(world, { assertion })
  const others = call.headers.filter(([name]) => name !== 'Authorization')
  return { ...call, headers: [...others, ...values.map((value) => ['Authorization', value] as const)] }
}

const refusals: readonly Attack[] = Object.entries(refused).map(([name, values]) =>
  sent(
    title(name, `bearer: ${name}`),
    (world) => calledWith(world, values(world)),
    'caller_unauthenticated',
    {
      setup: 'bearer',
    },
  ),
)

const calls: readonly Attack[] = Object.entries(accepted).map(([name, value]) =>
  sent(title(name, `bearer: ${name}`), (world) => calledWith(world, [value(world)]), 'permit', {
    setup: 'bearer',
  }),
)

/** One token that the hook has accepted before. */
const seen = (world: World): string =>
  world.reuse('seen caller', () => oktaToken(world, { jti: 'AT.caller' }))

const seenAccepted: Readonly<Record<string, (world: World) => string>> = {
  'a token for the first time': (world) => `Bearer ${seen(world)}`,
  'a token that was seen': (world) => `Bearer ${seen(world)}`,
  'a token that was seen, scheme in capitals': (world) => `BEARER ${seen(world)}`,
  'a token that was seen, scheme in both': (world) => `bEaReR ${seen(world)}`,
}

const seenRefused: Readonly<Record<string, (world: World) => string>> = {
  'a token that was seen, no scheme': (world) => seen(world),
  'a token that was seen, scheme dpop': (world) => `DPoP ${seen(world)}`,
  'a token that was seen, two spaces': (world) => `Bearer  ${seen(world)}`,
  'a token that was seen, a tab for the space': (world) => `Bearer\t${seen(world)}`,
  'a token that was seen, one character less': (world) => `Bearer ${seen(world).slice(0, -1)}`,
  'a token that was seen, last bits not canonical': (world) => `Bearer ${nonCanonical(seen(world))}`,
  'a token that was seen, other claims': (world) => `Bearer ${tampered(seen(world), { jti: 'AT.other' })}`,
}

/** What the hook knows of its callers: the whole token, and as a caller's alone. */
const remembered: readonly Attack[] = [
  ...Object.entries(seenAccepted).map(([name, value]) =>
    sent(title(name, `bearer: ${name}`), (world) => calledWith(world, [value(world)]), 'permit', {
      setup: 'bearer',
    }),
  ),
  ...Object.entries(seenRefused).map(([name, value]) =>
    sent(
      title(name, `bearer: ${name}`),
      (world) => calledWith(world, [value(world)]),
      'caller_unauthenticated',
      { setup: 'bearer' },
    ),
  ),
  sent(
    title('a token that was seen, as the assertion'),
    (world) => calledWith(world, [`Bearer ${seen(world)}`], seen(world)),
    'assertion_issuer_untrusted',
    { setup: 'bearer' },
  ),
  sent(
    title('an assertion that was seen, as the token'),
    (world) => calledWith(world, [`Bearer ${goodAssertion(world)}`]),
    'caller_unauthenticated',
    { setup: 'bearer' },
  ),
]

/** Who calls the hook, by a bearer token. */
export const bearer: Category = { name: 'bearer', attacks: [...refusals, ...calls, ...remembered] }
