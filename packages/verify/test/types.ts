/** What must compile and what must not; checked by `tsc -p tsconfig.tests.json`, never run. */
import {
  type Access,
  type AccessByKind,
  createVerifier,
  type DelegatedAccess,
  type MachineAccess,
  TokenError,
  type TokenErrorCode,
  type TokenKind,
  type UserAccess,
  type Verifier,
  type VerifierOptions,
} from '@behalf/verify'
import { requireAccess as requireExpress } from '@behalf/verify/express'
import { requireAccess as requireFastify } from '@behalf/verify/fastify'
import { requireAccess as requireFetch } from '@behalf/verify/fetch'
import { requireAccess as requireHono } from '@behalf/verify/hono'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { expectTypeOf } from 'vitest'

const base = { issuer: 'https://example.okta.com/oauth2/default', audience: 'api://b' }

expectTypeOf(createVerifier(base)).toEqualTypeOf<Verifier<DelegatedAccess>>()
expectTypeOf(createVerifier({ ...base, accept: ['delegated'] })).toEqualTypeOf<Verifier<DelegatedAccess>>()
expectTypeOf(createVerifier({ ...base, accept: ['machine'] })).toEqualTypeOf<Verifier<MachineAccess>>()
expectTypeOf(createVerifier({ ...base, accept: ['user'] })).toEqualTypeOf<Verifier<UserAccess>>()
expectTypeOf(createVerifier({ ...base, accept: ['delegated', 'machine'] })).toEqualTypeOf<
  Verifier<AccessByKind['delegated' | 'machine']>
>()
declare const accept: readonly TokenKind[]
expectTypeOf(createVerifier({ ...base, accept })).toEqualTypeOf<Verifier<Access>>()
declare const options: VerifierOptions
expectTypeOf(createVerifier(options)).toEqualTypeOf<Verifier<Access>>()

// @ts-expect-error the audience is required
createVerifier({ issuer: base.issuer })
// @ts-expect-error the issuer is required
createVerifier({ audience: 'api://b' })
// @ts-expect-error undefined is not "do not check"
createVerifier({ ...base, requiredScopes: undefined })
// @ts-expect-error scopes are a list
createVerifier({ ...base, requiredScopes: 'orders:read' })
// @ts-expect-error a misspelt option
createVerifier({ ...base, requiredScope: ['orders:read'] })
// @ts-expect-error there is no such kind
createVerifier({ ...base, accept: ['any'] })
// @ts-expect-error one issuer or several
createVerifier({ ...base, issuers: [{ issuer: base.issuer }] })
// @ts-expect-error symmetric algorithms are not to be had
createVerifier({ ...base, algorithms: ['HS256'] })
// @ts-expect-error DPoP needs to know where clients call
createVerifier({ ...base, dpop: { required: true } })

async function results(): Promise<void> {
  const delegated = await createVerifier(base).verify('token')
  expectTypeOf(delegated.subject).toBeString()
  // @ts-expect-error results are read-only
  delegated.subject = 'somebody else'
  // @ts-expect-error a delegated access has an actor, not a client
  delegated.client

  const machine = await createVerifier({ ...base, accept: ['machine'] }).verify('token')
  // @ts-expect-error a machine has no user
  machine.subject

  const either = await createVerifier({ ...base, accept: ['delegated', 'machine'] }).verify('token')
  // @ts-expect-error not before it is known which it is
  either.subject
  if (either.kind === 'delegated') expectTypeOf(either.actor.sub).toBeString()
  else expectTypeOf(either.client).toBeString()

  const authorization = await createVerifier(base).authorize({ method: 'GET', url: '/', header: () => [] })
  // @ts-expect-error not before it is known whether it was refused
  authorization.access
  if (!authorization.ok) expectTypeOf(authorization.refusal.error.code).toEqualTypeOf<TokenErrorCode>()
}

// @ts-expect-error codes of other sides are not thrown here
new TokenError('assertion_missing')

const user = createVerifier(base)
const machine = createVerifier({ ...base, accept: ['machine'] })

express().get('/orders/:id', requireExpress(user), (request, response) => {
  expectTypeOf(requireExpress(user).of(request)).toEqualTypeOf<DelegatedAccess>()
  expectTypeOf(requireExpress(machine).of(request)).toEqualTypeOf<MachineAccess>()
  expectTypeOf(request.params.id).toBeString()
  response.end()
})
express().use(requireExpress(user))

fastify().get<{ Params: { id: string } }>(
  '/orders/:id',
  { onRequest: requireFastify(user) },
  async (request) => {
    expectTypeOf(requireFastify(user).of(request)).toEqualTypeOf<DelegatedAccess>()
    return request.params.id
  },
)
fastify().addHook('onRequest', requireFastify(user))
fastify().get('/orders', { preHandler: [requireFastify(user)] }, async () => '')

new Hono().get('/orders/:id', requireHono(user), (c) => {
  expectTypeOf(c.var.access).toEqualTypeOf<DelegatedAccess>()
  return c.text(c.req.param('id'))
})
// @ts-expect-error nothing put an access there
new Hono().get('/orders', (c) => c.json(c.var.access.subject))

const handler = requireFetch(user)((_request, access, environment: { readonly name: string }) => {
  expectTypeOf(access).toEqualTypeOf<DelegatedAccess>()
  return new Response(environment.name)
})
expectTypeOf(handler).parameters.toEqualTypeOf<[Request, { readonly name: string }]>()
// @ts-expect-error options of a verifier are not options of a route
requireFetch(user, { allowedActors: ['0oaApiA'] })

export { results }
