import type { LooseObject } from '../../signing-key.ts'
import type { Attack, Category } from '../attack.ts'
import { titles } from '../build.ts'
import { byApiB, hopToken, ownToken, protectedExchange } from '../build-protected.ts'
import { assertionForge, delegatedForge } from '../forge.ts'
import type { World } from '../world.ts'

const title = titles('T39')

/** A chain of actors, the current one first, each vouched for by the delegation server. */
const chain =
  (...[current = '', ...earlier]: readonly string[]) =>
  (world: World): LooseObject => ({
    act: {
      iss: world.delegating.issuer,
      sub: current,
      ...(earlier.length === 0 ? {} : chain(...earlier)(world)),
    },
  })

const itself: readonly Attack[] = [
  protectedExchange(
    title('the current actor presents'),
    hopToken(chain('0oaApiB')),
    'actor_not_permitted',
    byApiB,
  ),
  protectedExchange(
    title('the current actor presents, who may come back'),
    hopToken(chain('0oaBack')),
    'actor_not_permitted',
    { clientId: '0oaBack' },
  ),
  protectedExchange(
    title('an earlier actor presents'),
    hopToken(chain('0oaApiA', '0oaApiB')),
    'actor_not_permitted',
    byApiB,
  ),
  protectedExchange(
    title('the first actor presents'),
    hopToken(chain('0oaApiA', '0oaFront', '0oaApiB')),
    'actor_not_permitted',
    byApiB,
  ),
  protectedExchange(
    title('an earlier actor of a foreign issuer presents', 'whoever vouched for it'),
    hopToken((world) => ({
      act: {
        iss: world.delegating.issuer,
        sub: '0oaApiA',
        act: { iss: 'https://evil.example', sub: '0oaApiB' },
      },
    })),
    'actor_not_permitted',
    byApiB,
  ),
  protectedExchange(
    title('an earlier actor presents, who may come back'),
    hopToken(chain('0oaApiA', '0oaBack')),
    'permit',
    { clientId: '0oaBack' },
  ),
  protectedExchange(
    title('the user is the client'),
    ownToken(() => ({ sub: '0oaApiA', cid: '0oaSpa' })),
    'assertion_subject_machine',
  ),
]

/** What comes to API A, which takes people's own tokens and nothing else. */
const atApiA: Readonly<Record<string, (world: World) => string>> = {
  'delegated token of one server for both': (world) =>
    delegatedForge(world).sign({ aud: 'api://a', uid: '00uAnn' }),
  'delegated token without assertion': (world) => assertionForge(world).sign({ act: { sub: '0oaApiB' } }),
  'delegated token without act': (world) =>
    assertionForge(world).sign({ assertion: { iss: world.okta.issuer, sub: 'ann@example.com' } }),
  'delegated token of the delegation server': hopToken(() => ({ aud: 'api://a' })),
  'plain token': (world) => assertionForge(world).sign({ uid: undefined, sub: '0oaApiB', cid: '0oaApiB' }),
  'agent\u2019s token': (world) => assertionForge(world).sign({ sub_profile: 'ai_agent' }),
  'token for another api': (world) => assertionForge(world).sign({ aud: 'api://b' }),
  'token for sign-in': (world) => assertionForge(world).sign({ nonce: 'n-0S6' }),
  'token that nobody signed': (world) => assertionForge(world).sign({}, {}, world.keys.foreign),
}

const presentedToApiA: readonly Attack[] = [
  ...Object.entries(atApiA).map(
    ([name, token]): Attack => ({
      ...title(`${name} at api a`),
      apiTrusts: 'users',
      token,
      expect: { api: 'token_invalid' },
    }),
  ),
  {
    ...title('user\u2019s own token at api a'),
    apiTrusts: 'users',
    token: ownToken(),
    expect: { api: 'accept' },
  },
]

/** Nobody acts for itself, and what was delegated is nobody's own. */
export const ownActor: Category = { name: 'own actor', attacks: [...itself, ...presentedToApiA] }
