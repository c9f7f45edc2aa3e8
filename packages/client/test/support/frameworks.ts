import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { Client } from '@behalf/client'
import { type CallerOptions, forExpress } from '@behalf/client/express'
import { forFastify } from '@behalf/client/fastify'
import { forHono } from '@behalf/client/hono'
import { TokenError } from '@behalf/verify'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { onTestFinished } from 'vitest'

/** What every framework is given: an API A that fetches orders from API B, says who it got a token for, or breaks. */
export interface ApiA {
  readonly client: Client
  readonly b: string
  readonly options: CallerOptions
}

/** The same API A in every framework; 599 is what its own error handler answers. */
export const frameworks: Readonly<Record<string, (api: ApiA) => Promise<RequestListener>>> = {
  async 'Express 5'({ client, b, options }) {
    const { onBehalfOf, errorHandler } = forExpress(client, options)
    return express()
      .get('/orders', async (request, response) => {
        const answer = await onBehalfOf(request, ['orders:read']).fetch(`${b}/orders`)
        response.json(await answer.json())
      })
      .get('/subject', async (request, response) => {
        const wish = { scopes: ['orders:read'], resource: 'api://b' }
        const { subject } = await onBehalfOf(request, wish).acquireToken()
        response.json({ subject })
      })
      .get('/elsewhere', async (request) => {
        await onBehalfOf(request, []).fetch('https://elsewhere.example')
      })
      .get('/broken', () => {
        throw new Error('another fault')
      })
      .get('/refused', () => {
        throw new TokenError('insufficient_scope')
      })
      .use(errorHandler)
      .use((_error: unknown, _request: unknown, response: express.Response, _next: unknown) => {
        response.status(599).end()
      })
  },

  async 'Fastify 5'({ client, b, options }) {
    const { onBehalfOf, errorHandler } = forFastify(client, options)
    const app = fastify()
    app.setErrorHandler((_error, _request, reply) => reply.code(599).send())
    app.register(async (scope) => {
      scope.setErrorHandler(errorHandler)
      scope.get('/orders', async (request) => {
        const answer = await onBehalfOf(request, ['orders:read']).fetch(`${b}/orders`)
        return answer.json()
      })
      scope.get('/subject', async (request) => {
        const wish = { scopes: ['orders:read'], resource: 'api://b' }
        const { subject } = await onBehalfOf(request, wish).acquireToken()
        return { subject }
      })
      scope.get('/elsewhere', (request) => onBehalfOf(request, []).fetch('https://elsewhere.example'))
      scope.get('/broken', () => {
        throw new Error('another fault')
      })
      scope.get('/refused', () => {
        throw new TokenError('insufficient_scope')
      })
    })
    await app.ready()
    onTestFinished(() => app.close())
    return (request, response) => app.routing(request, response)
  },

  async 'Hono 4'({ client, b, options }) {
    const { onBehalfOf, answerError } = forHono(client, options)
    const app = new Hono()
    app.onError((error, c) => answerError(error, c) ?? new Response(null, { status: 599 }))
    app.get('/orders', (c) => onBehalfOf(c, ['orders:read']).fetch(`${b}/orders`))
    app.get('/subject', async (c) => {
      const wish = { scopes: ['orders:read'], resource: 'api://b' }
      const { subject } = await onBehalfOf(c, wish).acquireToken()
      return c.json({ subject })
    })
    app.get('/elsewhere', (c) => onBehalfOf(c, []).fetch('https://elsewhere.example'))
    app.get('/broken', () => {
      throw new Error('another fault')
    })
    app.get('/refused', () => {
      throw new TokenError('insufficient_scope')
    })
    return getRequestListener(app.fetch)
  },
}

/** Serves an app until the test ends; resolves with a way to call it. */
export async function serveApp(listener: RequestListener) {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return (path: string, authorization?: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${address.port}${path}`, {
      headers: authorization === undefined ? {} : { authorization },
    })
}
