import type { Attack, Category, DelegatedClaims } from '../attack.ts'
import { titles } from '../build.ts'
import {
  byApiB,
  firstClaims,
  hopToken,
  ownToken,
  presentedInChain,
  protectedExchange,
} from '../build-protected.ts'
import { chainForge } from '../forge.ts'
import { placeholder } from '../setup.ts'

const title = titles('T43')

/** The token ends with the user's own, though nobody reads when that is: some seconds for Okta to mint it included. */
const endsBefore =
  (left: number) =>
  ({ lifetimeSeconds }: DelegatedClaims): string | undefined =>
    typeof lifetimeSeconds === 'number' && lifetimeSeconds >= 300 && lifetimeSeconds < left
      ? undefined
      : 'the token outlives the assertion'

const left = (seconds: number) => ownToken(({ nowSeconds }) => ({ exp: nowSeconds + seconds }))

const ends: readonly Attack[] = [
  ...[1, 60, 299, 300, 304].map((seconds) =>
    protectedExchange(
      title(`${seconds} s left`, `${seconds} s are left, for a verifier that reads exp alone`),
      left(seconds),
      'assertion_expires_soon',
    ),
  ),
  ...[320, 600, 3_590].map((seconds) =>
    protectedExchange(title(`${seconds} s left`), left(seconds), 'permit', { inspect: endsBefore(seconds) }),
  ),
  protectedExchange(
    title('299 s left, of the first token of a chain'),
    hopToken((world) => ({
      act: { sub: '0oaFront' },
      cid: '0oaFront',
      assertion: firstClaims(world, { exp: world.nowSeconds + 299 }),
    })),
    'assertion_expires_soon',
    { clientId: '0oaBack' },
  ),
  protectedExchange(
    title('299 s left, of the presented token of a chain'),
    hopToken((world) => ({
      act: { sub: '0oaFront' },
      cid: '0oaFront',
      exp: world.nowSeconds + 299,
    })),
    'assertion_expires_soon',
    { clientId: '0oaBack' },
  ),
  protectedExchange(
    title('60 s left, where the api enforces the end itself'),
    hopToken((world) => ({ assertion: firstClaims(world, { exp: world.nowSeconds + 60 }) })),
    'permit',
    {
      ...byApiB,
      inspect: ({ lifetimeSeconds }) => (lifetimeSeconds === 300 ? undefined : 'not Okta\u2019s least'),
    },
  ),
]

/** What Okta issues when the hook is down, detached, or its patch was dropped. */
const plain: readonly Attack[] = [
  {
    ...title('plain token', 'its audience is nobody\u2019s'),
    apiTrusts: 'chains',
    token: (world) =>
      chainForge(world).sign({
        aud: placeholder,
        act: undefined,
        assertion: undefined,
        cid: '0oaApiA',
        sub: '0oaApiA',
      }),
    expect: { api: 'token_invalid' },
  },
  {
    ...title('plain token of a server that is not protected'),
    apiTrusts: 'chains',
    token: hopToken(() => ({ act: undefined, assertion: undefined, cid: '0oaApiA', sub: '0oaApiA' })),
    expect: { api: 'token_undelegated' },
  },
  presentedInChain(
    title('half a patch', 'delegated in every way, but for the placeholder'),
    () => ({ aud: placeholder }),
    'token_invalid',
  ),
]

/** What a verifier that is told issuer and audience alone relies on the hook for. */
export const stockVerifier: Category = { name: 'stock verifier', attacks: [...ends, ...plain] }
