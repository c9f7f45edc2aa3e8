import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import { type Client, clientSecretBasic, createClient } from '@behalf/client'
import { forExpress } from '@behalf/client/express'
import { forFastify } from '@behalf/client/fastify'
import { delegatedClaims, listen, TestIssuer, userClaims } from '@behalf/testing'
import { createVerifier, type UserAccess, type Verifier } from '@behalf/verify'
import { requireAccess as requireExpress } from '@behalf/verify/express'
import { requireAccess as requireFastify } from '@behalf/verify/fastify'
import type express from 'express'
import type fastify from 'fastify'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { installOnDemand } from '../../on-demand.ts'

beforeAll(() => installOnDemand('tools/outside/former-majors'), 120_000)

const require = createRequire(import.meta.url)

/** What each app has: `/orders` for the caller at API B, and `/me`, which a guard of its own protects. */
interface ApiA {
  readonly client: Client
  readonly verifier: Verifier<UserAccess>
  readonly b: string
}

const majors: Readonly<Record<string, (api: ApiA) => Promise<RequestListener>>> = {
  async 'Express 4'({ client, verifier, b }) {
    const express4: typeof express = require('express')
    const { onBehalfOf, errorHandler } = forExpress(client, { verifier, onError: () => undefined })
    const guard = requireExpress(verifier)
    const answerOrders = async (request: express.Request, response: express.Response) => {
      const answer = await onBehalfOf(request, ['orders:read']).fetch(`${b}/orders`)
      response.json(await answer.json())
    }
    return express4()
      .get('/orders', (request, response, next) => {
        answerOrders(request, response).catch(next)
      })
      .get('/me', guard, (request, response) => {
        response.json(guard.of(request).subject)
      })
      .use(errorHandler)
      .use((_error: unknown, _request: unknown, response: express.Response, _next: unknown) => {
        response.status(599).end()
      })
  },

  async 'Fastify 4'({ client, verifier, b }) {
    const fastify4: typeof fastify = require('fastify')
    const { onBehalfOf, errorHandler } = forFastify(client, { verifier, onError: () => undefined })
    const guard = requireFastify(verifier)
    const app = fastify4()
    app.setErrorHandler((_error, _request, reply) => reply.code(599).send())
    app.register(async (scope) => {
      scope.setErrorHandler(errorHandler)
      scope.get('/orders', async (request) => {
        const answer = await onBehalfOf(request, ['orders:read']).fetch(`${b}/orders`)
        return answer.json()
      })
      scope.get('/me', { onRequest: guard }, async (request) => JSON.stringify(guard.of(request).subject))
    })
    await app.ready()
    onTestFinished(() => app.close())
    return (request, response) => app.routing(request, response)
  },
}

describe.each(Object.entries(majors))('%s', (_, createApp) => {
  async function start(onRefusal: () => void = () => undefined) {
    const users = await TestIssuer.start()
    onTestFinished(() => users.close())
    const nowSeconds = Math.floor(Date.now() / 1000)
    const token = users.sign(userClaims(nowSeconds))
    let tokenRequests = 0
    // API B and the token endpoint in one.
    const others = await listen((request, response) => {
      response.setHeader('content-type', 'application/json')
      if (request.url === '/orders') return response.end('["order 1"]')
      tokenRequests++
      const assertion = { ...userClaims(nowSeconds), iss: users.issuer }
      const access_token = users.sign(delegatedClaims(nowSeconds, { assertion }))
      return response.end(JSON.stringify({ access_token, token_type: 'Bearer' }))
    })
    onTestFinished(() => others.close())
    const client = createClient({
      issuer: users.issuer,
      clientId: '0oaApiA',
      auth: clientSecretBasic('secret'),
      tokenEndpoint: `${others.origin}/token`,
      allowedOrigins: [others.origin],
    })
    const verifier = createVerifier({
      issuer: users.issuer,
      audience: 'api://a',
      accept: ['user'],
      onRefusal,
    })
    const a = createServer(await createApp({ client, verifier, b: others.origin }))
    a.listen(0, '127.0.0.1')
    await once(a, 'listening')
    onTestFinished(() => void a.close())
    const address = a.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const call = async (path: string, authorization: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization } })
      return [response.status, response.headers.get('www-authenticate'), await response.text()]
    }
    return { call, token, tokenRequests: () => tokenRequests }
  }

  test('lets good callers through, to API B as well', async () => {
    const { call, token } = await start()
    expect(await call('/me', `Bearer ${token}`)).toEqual([200, null, '"ann@example.com"'])
    expect(await call('/orders', `Bearer ${token}`)).toEqual([200, null, '["order 1"]'])
  })

  test('answers those who are refused, and asks nobody for a token', async () => {
    const { call, token, tokenRequests } = await start()
    const forged = `Bearer ${token.slice(0, -8)}AAAAAAAA`
    for (const path of ['/me', '/orders'])
      expect(await call(path, forged)).toEqual([401, 'Bearer error="invalid_token"', ''])
    expect(tokenRequests()).toBe(0)
  })

  test('hands a fault inside on, so that the request does not hang', async () => {
    const { call } = await start(() => {
      throw new Error('the log is full')
    })
    for (const path of ['/me', '/orders']) expect((await call(path, 'Bearer x'))[0]).toBe(599)
  })
})
