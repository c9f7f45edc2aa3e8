import type { AcceptanceOptions, OneIssuer } from '@behalf/verify'
import type { Prover } from '../dpop/prover.ts'
import type { TestBed } from '../setup.ts'

/** One request and what it must be answered with, whatever the framework. */
export interface AdapterCase {
  readonly name: string
  readonly options?: AcceptanceOptions<'delegated'> & Pick<OneIssuer, 'jwksUri'>
  /** The headers of the request, names and values in turn. */
  readonly headers: (bed: TestBed, prover: Prover) => readonly string[]
  readonly status: 200 | 401 | 403 | 503
  /** `WWW-Authenticate`; null when there must be none. */
  readonly challenge: string | null
}

const algs = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'
const dpop = { baseUrl: 'https://b.example.com' }
const required = { dpop: { ...dpop, required: true } }
const resourceMetadata = 'https://b.example.com/.well-known/oauth-protected-resource'

const accepted = { status: 200, challenge: null } as const
const missing = { status: 401, challenge: 'Bearer' } as const
const invalid = { status: 401, challenge: 'Bearer error="invalid_token"' } as const

const bearer = (token: string): readonly string[] => ['Authorization', `Bearer ${token}`]

function bound(bed: TestBed, prover: Prover): string {
  return bed.delegated({ cnf: { jkt: prover.thumbprint } })
}

function proven(bed: TestBed, prover: Prover, htu?: string): readonly string[] {
  const token = bound(bed, prover)
  const proof = prover.prove(prover.claims(token, bed.clock.seconds, htu === undefined ? {} : { htu }))
  return ['Authorization', `DPoP ${token}`, 'DPoP', proof]
}

export const cases: readonly AdapterCase[] = [
  { name: 'a delegated token', headers: (bed) => bearer(bed.delegated()), ...accepted },
  {
    name: 'a scheme in another case',
    headers: (bed) => ['authorization', `bearer ${bed.delegated()}`],
    ...accepted,
  },
  { name: 'no token', headers: () => [], ...missing },
  { name: 'another scheme', headers: () => ['Authorization', 'Basic YTpi'], ...missing },
  { name: 'a scheme without a token', headers: () => ['Authorization', 'Bearer'], ...missing },
  {
    name: 'the scheme DPoP where it is not configured',
    headers: (bed, prover) => proven(bed, prover),
    ...missing,
  },
  {
    name: 'no token, with metadata',
    options: { resourceMetadata },
    headers: () => [],
    status: 401,
    challenge: `Bearer resource_metadata="${resourceMetadata}"`,
  },
  { name: 'garbage', headers: () => bearer('garbage'), ...invalid },
  { name: 'two tokens in a header', headers: (bed) => bearer(`${bed.delegated()} x`), ...invalid },
  {
    name: 'two headers',
    headers: (bed) => [...bearer(bed.delegated()), ...bearer(bed.delegated())],
    ...invalid,
  },
  { name: 'a plain machine token', headers: (bed) => bearer(bed.machine()), ...invalid },
  { name: "a user's own token", headers: (bed) => bearer(bed.user()), ...invalid },
  {
    name: 'an expired token',
    headers: (bed) => bearer(bed.delegated({ exp: bed.clock.seconds })),
    ...invalid,
  },
  {
    name: 'an expired token, with metadata',
    options: { resourceMetadata },
    headers: (bed) => bearer(bed.delegated({ exp: bed.clock.seconds })),
    status: 401,
    challenge: `Bearer error="invalid_token", resource_metadata="${resourceMetadata}"`,
  },
  {
    name: 'a scope too few',
    options: { requiredScopes: ['orders:list'] },
    headers: (bed) => bearer(bed.delegated()),
    status: 403,
    challenge: 'Bearer error="insufficient_scope", scope="orders:list orders:read"',
  },
  {
    name: 'an actor who may not act',
    options: { allowedActors: ['0oaOther'] },
    headers: (bed) => bearer(bed.delegated()),
    status: 403,
    challenge: null,
  },
  {
    name: 'keys out of reach',
    options: { jwksUri: 'http://127.0.0.1:9/keys' },
    headers: (bed) => bearer(bed.delegated()),
    status: 503,
    challenge: null,
  },
  {
    name: 'a bound token without its proof',
    options: { dpop },
    headers: (bed, prover) => bearer(bound(bed, prover)),
    status: 401,
    challenge: `Bearer error="invalid_token", DPoP algs="${algs}"`,
  },
  {
    name: 'a bearer token where proofs are required',
    options: required,
    headers: (bed) => bearer(bed.delegated()),
    status: 401,
    challenge: `DPoP algs="${algs}", error="invalid_token"`,
  },
]

/** Cases that need the method, the path and the header `DPoP`. */
export const dpopCases: readonly AdapterCase[] = [
  { name: 'a proof', options: { dpop }, headers: proven, ...accepted },
  {
    name: 'no token where proofs are accepted',
    options: { dpop },
    headers: () => [],
    status: 401,
    challenge: `Bearer, DPoP algs="${algs}"`,
  },
  {
    name: 'the scheme DPoP without a proof',
    options: { dpop },
    headers: (bed, prover) => ['Authorization', `DPoP ${bound(bed, prover)}`],
    status: 401,
    challenge: `Bearer, DPoP algs="${algs}", error="invalid_dpop_proof"`,
  },
  {
    name: 'two proofs',
    options: { dpop },
    headers: (bed, prover) => [...proven(bed, prover), 'DPoP', 'x.y.z'],
    status: 401,
    challenge: `Bearer, DPoP algs="${algs}", error="invalid_dpop_proof"`,
  },
  {
    name: 'a proof for another path',
    options: required,
    headers: (bed, prover) => proven(bed, prover, 'https://b.example.com/'),
    status: 401,
    challenge: `DPoP algs="${algs}", error="invalid_dpop_proof"`,
  },
]
