import type { Attack, Category, HookCall } from '../attack.ts'
import { goodAssertion, oktaCall, sent, titles } from '../build.ts'
import type { World } from '../world.ts'

const title = titles('T17')

/** A header value as bytes; beyond ASCII it is the UTF-8 of the text. */
const bytes = (text: string): string => Buffer.from(text).toString('latin1')

/** A good call but for how it authenticates. */
function calledWith(world: World, credentials: HookCall['headers'], target = '/inline-hook'): HookCall {
  const call = oktaCall(world, { assertion: goodAssertion(world) })
  const headers = call.headers.filter(([name]) => name !== 'Authorization')
  return { ...call, target, headers: [...headers, ...credentials] }
}

const wrong: Readonly<Record<string, (world: World) => string>> = {
  'another secret': () => 'another-secret',
  'first half': ({ secret }) => secret.slice(0, secret.length / 2),
  'all but the last letter': ({ secret }) => secret.slice(0, -1),
  'all but the first letter': ({ secret }) => secret.slice(1),
  'one letter more': ({ secret }) => `${secret}x`,
  'last letter changed': ({ secret }) => `${secret.slice(0, -1)}~`,
  'first letter changed': ({ secret }) => `~${secret.slice(1)}`,
  'upper case': ({ secret }) => secret.toUpperCase(),
  'lower case': ({ secret }) => secret.toLowerCase(),
  twice: ({ secret }) => `${secret}${secret}`,
  'twice with a comma': ({ secret }) => `${secret}, ${secret}`,
  'among others': ({ secret, formerSecret }) => `${formerSecret},${secret}`,
  'of another hook': ({ formerSecret }) => formerSecret,
  'as a bearer token': ({ secret }) => `Bearer ${secret}`,
  'as basic credentials': ({ secret }) => `Basic ${Buffer.from(`okta:${secret}`).toString('base64')}`,
  'in base64': ({ secret }) => Buffer.from(secret).toString('base64'),
  'in hex': ({ secret }) => Buffer.from(secret).toString('hex'),
  quoted: ({ secret }) => `"${secret}"`,
  'percent encoded': ({ secret }) => secret.replaceAll('-', '%2D'),
  'with letters of several bytes': ({ secret }) => bytes(secret.replace('e', '\u0435')),
  'with an accent': ({ secret }) => bytes(`${secret}\u0301`),
  'with a no-break space': ({ secret }) => bytes(`${secret}\u00a0`),
  'with half a letter': ({ secret }) => `${secret}\u00c3`,
  'four kilobytes': () => 'a'.repeat(4_096),
  'a wildcard': () => '*',
  'a pattern': () => '.*',
  sql: () => "' OR '1'='1",
  'text of undefined': () => 'undefined',
  'text of null': () => 'null',
  'text of true': () => 'true',
  __proto__: () => '__proto__',
  'an unsigned jwt': () => 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIwb2FPa3RhIn0.',
  'the assertion': (world) => goodAssertion(world),
  'the assertion as a bearer token': (world) => `Bearer ${goodAssertion(world)}`,
}

const refused: readonly Attack[] = [
  sent(title('no header'), (world) => calledWith(world, []), 'caller_unauthenticated'),
  sent(
    title('empty header'),
    (world) => calledWith(world, [['Authorization', '']]),
    'caller_unauthenticated',
  ),
  ...Object.entries(wrong).map(([name, value]) =>
    sent(
      title(name, `secret: ${name}`),
      (world) => calledWith(world, [['Authorization', value(world)]]),
      'caller_unauthenticated',
    ),
  ),
  sent(
    title('secret twice'),
    (world) =>
      calledWith(world, [
        ['Authorization', world.secret],
        ['Authorization', world.secret],
      ]),
    'caller_unauthenticated',
  ),
  sent(
    title('right and wrong secret'),
    (world) =>
      calledWith(world, [
        ['Authorization', world.secret],
        ['authorization', 'wrong'],
      ]),
    'caller_unauthenticated',
  ),
  sent(
    title('wrong and right secret'),
    (world) =>
      calledWith(world, [
        ['Authorization', 'wrong'],
        ['AUTHORIZATION', world.secret],
      ]),
    'caller_unauthenticated',
  ),
  ...['Proxy-Authorization', 'X-Authorization', 'Cookie', 'X-Hook-Secret', 'Authentication'].map((name) =>
    sent(
      title(`secret in ${name}`),
      (world) => calledWith(world, [[name, world.secret]]),
      'caller_unauthenticated',
    ),
  ),
  sent(
    title('secret in the query'),
    (world) =>
      calledWith(
        world,
        [],
        `/inline-hook?Authorization=${world.secret}&secret=${world.secret}&access_token=${world.secret}`,
      ),
    'caller_unauthenticated',
  ),
  sent(
    title('secret in the body'),
    (world) => ({
      headers: [['Content-Type', 'application/json']],
      body: JSON.stringify({ authorization: world.secret, secret: world.secret }),
    }),
    'caller_unauthenticated',
  ),
]

/** What is wrong with the caller is said before anything is said of the request. */
const bodies: Readonly<Record<string, string>> = {
  'empty body': '',
  'no json': 'not json',
  'deep json': '['.repeat(10_000),
  'empty event': '{}',
}

const first: readonly Attack[] = Object.entries(bodies).map(([name, body]) =>
  sent(
    title(`wrong secret and ${name}`),
    () => ({ headers: [['Authorization', 'wrong']], body }),
    'caller_unauthenticated',
  ),
)

const rotating: readonly Attack[] = [
  sent(
    title('new secret while rotating'),
    (world) => calledWith(world, [['X-Hook-Secret', world.secret]]),
    'permit',
    {
      setup: 'rotating',
    },
  ),
  sent(
    title('former secret while rotating'),
    (world) => calledWith(world, [['x-hook-secret', world.formerSecret]]),
    'permit',
    { setup: 'rotating' },
  ),
  sent(
    title('both secrets while rotating'),
    (world) => calledWith(world, [['X-Hook-Secret', `${world.secret},${world.formerSecret}`]]),
    'caller_unauthenticated',
    { setup: 'rotating' },
  ),
  sent(
    title('secret in authorization although another header is configured'),
    (world) => calledWith(world, [['Authorization', world.secret]]),
    'caller_unauthenticated',
    { setup: 'rotating' },
  ),
]

/** Who calls the hook, by the secret in a header. */
export const caller: Category = { name: 'caller', attacks: [...refused, ...first, ...rotating] }
