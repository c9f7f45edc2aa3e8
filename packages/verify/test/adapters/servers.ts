import type { IncomingMessage, RequestListener } from 'node:http'
import { type LoopbackServer, listen } from '@behalf/testing'
import type { Verifier } from '@behalf/verify'
import { requireAccess as requireExpress } from '@behalf/verify/express'
import { requireAccess as requireFastify } from '@behalf/verify/fastify'
import { requireAccess as requireFetch } from '@behalf/verify/fetch'
import { requireAccess as requireHono } from '@behalf/verify/hono'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'

/** Serves `GET /orders`, for tokens with `orders:read`, on a free port of loopback. */
export type StartServer = (verifier: Verifier) => Promise<LoopbackServer>

const requiredScopes = ['orders:read']

/** The same API on every framework. */
export const servers: Readonly<Record<string, StartServer>> = {
  express: (verifier) => {
    const guard = requireExpress(verifier, { requiredScopes })
    const app = express()
    app.get('/orders', guard, (request, response) => {
      const { subject, actor } = guard.of(request)
      response.json({ subject, actor: actor.sub })
    })
    return listen(app)
  },
  'express, mounted': (verifier) => {
    const guard = requireExpress(verifier, { requiredScopes })
    const router = express.Router()
    router.use(guard)
    router.get('/', (request, response) => {
      const { subject, actor } = guard.of(request)
      response.json({ subject, actor: actor.sub })
    })
    return listen(express().use('/orders', router))
  },
  'express, guarded twice': (verifier) => {
    const guard = requireExpress(verifier, { requiredScopes })
    const app = express().use(requireExpress(verifier, { requiredScopes }))
    app.get('/orders', guard, (request, response) => {
      const { subject, actor } = guard.of(request)
      response.json({ subject, actor: actor.sub })
    })
    return listen(app)
  },
  'fastify, guarded twice': async (verifier) => {
    const guard = requireFastify(verifier, { requiredScopes })
    const app = fastify().addHook('onRequest', requireFastify(verifier, { requiredScopes }))
    app.get('/orders', { onRequest: guard }, async (request) => {
      const { subject, actor } = guard.of(request)
      return { subject, actor: actor.sub }
    })
    await app.ready()
    return listen((request, response) => app.routing(request, response))
  },
  'hono, guarded twice': (verifier) => {
    const app = new Hono()
      .use(requireHono(verifier, { requiredScopes }))
      .get('/orders', requireHono(verifier, { requiredScopes }), (c) => {
        const { subject, actor } = c.var.access
        return c.json({ subject, actor: actor.sub })
      })
    return listen(listener(app.fetch))
  },
  fastify: async (verifier) => {
    const guard = requireFastify(verifier, { requiredScopes })
    const app = fastify()
    app.get('/orders', { onRequest: guard }, async (request) => {
      const { subject, actor } = guard.of(request)
      return { subject, actor: actor.sub }
    })
    await app.ready()
    return listen((request, response) => app.routing(request, response))
  },
  hono: (verifier) => {
    const app = new Hono().get('/orders', requireHono(verifier, { requiredScopes }), (c) => {
      const { subject, actor } = c.var.access
      return c.json({ subject, actor: actor.sub })
    })
    return listen(listener(app.fetch))
  },
  fetch: (verifier) => {
    const guard = requireFetch(verifier, { requiredScopes })
    return listen(listener(guard((_, { subject, actor }) => Response.json({ subject, actor: actor.sub }))))
  },
}

function listener(fetch: (request: Request) => Response | Promise<Response>): RequestListener {
  return (request: IncomingMessage, response) => void getRequestListener(fetch)(request, response)
}
