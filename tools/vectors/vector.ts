import { type LooseObject, signJwt } from '@behalf/testing'
import { keys } from './keys.ts'

/** What an API sees when it accepts a token. */
export interface Accepted {
  readonly subject: string
  readonly user: { readonly issuer: string; readonly subject: string }
  /** All actors, the current one first. */
  readonly actors: readonly string[]
  readonly scopes: readonly string[]
  readonly expiresAt: number
}

/** Why an API refuses a token: a code of Behalf's own, and the status that it answers with. */
export interface Refused {
  readonly code: string
  readonly status: 401 | 403
}

/** One token and what becomes of it. */
export interface Vector {
  /** Unlike any other's. */
  readonly name: string
  readonly token: string
  readonly accept?: Accepted
  readonly refuse?: Refused
  /** Holds at the instant of the file alone: for verifiers that can be told the time. */
  readonly needsClock?: true
}

const users = 'https://example.okta.com/oauth2/users'
/** Their users' names get a prefix, so that they meet nobody else's. */
export const partners = 'https://partners.example.com/oauth2/default'
export const issuer = 'https://example.okta.com/oauth2/behalf'
export const orders = 'https://orders.example'

/** 2027-01-15T08:00:00Z: the instant of the file. */
export const now = 1_800_000_000
/** 2001 and 2020, then 2100 and 2110: on the same side of the instant as of any day on which somebody runs this. */
export const longAgo = 1_000_000_000
const issuedAt = 1_577_836_800
export const farAhead = 4_102_444_800
const furtherAhead = 4_418_064_000

/** What the API is that the verdicts are of. */
export const api = {
  issuer,
  audience: orders,
  algorithms: ['RS256'],
  requiredScopes: ['orders:read'],
  allowedActors: ['0oaApiA', '0oaApiB'],
  assertionIssuers: { [users]: {}, [partners]: { subject: { prefix: 'partners|' } } },
  maxActorDepth: 4,
  clockToleranceSeconds: 60,
} as const

/** An actor as the hook writes it. */
export const actor = (sub: string, more: LooseObject = {}): LooseObject => ({
  iss: issuer,
  sub,
  sub_profile: 'service',
  ...more,
})

/** The claims of the user's own token. */
export const assertion = (changes: LooseObject = {}): LooseObject => ({
  iss: users,
  sub: 'ann@example.com',
  uid: '00uAnn',
  iat: issuedAt,
  exp: furtherAhead,
  ...changes,
})

/** The claims of a delegated token; one that is changed to undefined is left out. */
export const delegated = (changes: LooseObject = {}): LooseObject => ({
  ver: 1,
  jti: 'AT.vector',
  iss: issuer,
  aud: orders,
  iat: issuedAt,
  exp: farAhead,
  cid: '0oaApiA',
  scp: ['orders:read'],
  sub: 'ann@example.com',
  act: actor('0oaApiA'),
  assertion: assertion(),
  ...changes,
})

/** A delegated token that the issuer has signed. */
export const sign = (changes: LooseObject = {}, header: LooseObject = {}): string =>
  signJwt(keys.signing, delegated(changes), header)

/** A vector that is accepted; what is seen is what it is without changes. */
export const accepts = (name: string, token: string, seen: Partial<Accepted> = {}): Vector => ({
  name,
  token,
  accept: {
    subject: 'ann@example.com',
    user: { issuer: users, subject: 'ann@example.com' },
    actors: ['0oaApiA'],
    scopes: ['orders:read'],
    expiresAt: farAhead,
    ...seen,
  },
})

/** A vector that is refused with 401. */
export const refuses = (name: string, token: string, code = 'token_invalid'): Vector => ({
  name,
  token,
  refuse: { code, status: 401 },
})

/** A vector that is refused with 403: another token for the same client would not help. */
export const forbids = (name: string, token: string, code: string): Vector => ({
  name,
  token,
  refuse: { code, status: 403 },
})
