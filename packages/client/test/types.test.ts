import {
  type Client,
  type ClientOptions,
  clientSecretBasic,
  createClient,
  type DelegatedAccessToken,
  ExchangeError,
  privateKeyJwt,
} from '@behalf/client'
import { forExpress } from '@behalf/client/express'
import { forHono } from '@behalf/client/hono'
import type { BehalfError, ErrorCode } from '@behalf/core'
import { Hono } from 'hono'
import { expect, expectTypeOf, test } from 'vitest'

const good = {
  issuer: 'https://example.okta.com/oauth2/default',
  clientId: '0oaApiA',
  auth: clientSecretBasic('secret'),
} satisfies ClientOptions

const unverified = { dangerouslyUnverifiedCaller: true } as const

/** Never called: what counts is what compiles. */
export function misuse(client: Client, token: DelegatedAccessToken): void {
  // @ts-expect-error - how the client authenticates must be said
  createClient({ issuer: good.issuer, clientId: good.clientId })
  // @ts-expect-error - a secret alone does not say how it is presented
  createClient({ ...good, auth: 'secret' })
  // @ts-expect-error - a misspelt option
  createClient({ ...good, alowedOrigins: ['https://b.example'] })
  // @ts-expect-error - a variable that may be missing must not switch the check of the audience off
  createClient({ ...good, expectedAudience: process.env['AUDIENCE'] })
  // @ts-expect-error - nor the check of the resource
  createClient({ ...good, resource: process.env['RESOURCE'] })
  // @ts-expect-error - one origin is still a list
  createClient({ ...good, allowedOrigins: 'https://b.example' })
  // @ts-expect-error - times are numbers of the unit that the name says
  createClient({ ...good, timeoutMs: '10s' })
  // @ts-expect-error - symmetric algorithms sign no client assertion
  privateKeyJwt({ privateKey: 'PEM', algorithm: 'HS256' })

  // @ts-expect-error - scopes must be said, even if none
  void client.acquireToken({ assertion: 'a.b.c' })
  // @ts-expect-error - scopes are a list
  void client.acquireToken({ assertion: 'a.b.c', scopes: 'orders:read' })
  // @ts-expect-error - a token is for one API
  void client.acquireToken({ assertion: 'a.b.c', scopes: [], resource: ['https://orders.example'] })
  // @ts-expect-error - a resource that may be missing is not the default one
  void client.fetch('a.b.c', { scopes: [], resource: process.env['RESOURCE'] })
  // @ts-expect-error - the assertion is what the exchange is about
  void client.acquireToken({ scopes: [] })
  // @ts-expect-error - an assertion is not an option
  void client.fetch({ assertion: 'a.b.c', scopes: [] })

  // @ts-expect-error - a token is read, not made over
  token.accessToken = 'another'
  // @ts-expect-error - nor is its list of scopes
  token.scopes.push('admin')
  // @ts-expect-error - the token is in accessToken; the whole is not a string
  const header: string = token
  void header

  // @ts-expect-error - who verifies the caller must be said
  forExpress(client)
  // @ts-expect-error - not by a variable
  forExpress(client, { dangerouslyUnverifiedCaller: process.env['NODE_ENV'] === 'development' })
  // @ts-expect-error - a request comes first
  forExpress(client, unverified).onBehalfOf(['orders:read'])
  // @ts-expect-error - the handler takes Hono's context, not a bare request
  new Hono().get('/', (c) => forHono(client, unverified).onBehalfOf(c.req.raw, []).fetch('https://b.example'))
}

test('types say what there is', () => {
  expectTypeOf<Client['acquireToken']>().returns.resolves.toEqualTypeOf<DelegatedAccessToken>()
  expectTypeOf<DelegatedAccessToken['expiresAt']>().toEqualTypeOf<number>()
  expectTypeOf<DelegatedAccessToken['tokenType']>().toEqualTypeOf<'Bearer' | 'DPoP'>()
  expectTypeOf<ExchangeError['code']>().toEqualTypeOf<ErrorCode>()
  expectTypeOf<ExchangeError>().toExtend<BehalfError>()
  expectTypeOf(globalThis.fetch).toExtend<NonNullable<ClientOptions['fetch']>>()
  expectTypeOf<ReturnType<Client['fetch']>>().toBeCallableWith('https://b.example', { method: 'PUT' })
  expect(new ExchangeError('policy_denied')).toMatchObject({ name: 'ExchangeError', refusedBy: 'client' })
})
