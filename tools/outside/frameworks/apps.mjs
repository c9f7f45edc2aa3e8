// Each framework with what docs/frameworks.md shows of it; `recipe` is the compiled block. All answer whose orders they are.
import { createServer } from 'node:http'

/** @param handler - answers requests of the Fetch standard, as Next.js, Deno and others call it */
function serveFetch(handler) {
  return createServer(async (incoming, response) => {
    const headers = new Headers()
    for (const [name, values] of Object.entries(incoming.headersDistinct))
      for (const value of values) headers.append(name, value)
    const { method, url } = incoming
    try {
      const answer = await handler(new Request(`http://api.example${url}`, { method, headers }))
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
    } catch {
      response.writeHead(500).end()
    }
  })
}

/** API B, by the name of its block: makes a server that is not listening yet. */
export const apisB = {
  async koa({ requireAccess }, { verifier }) {
    const { default: Koa } = await import('koa')
    const app = new Koa({ env: 'test' })
    app.silent = true
    app.use(requireAccess(verifier))
    app.use((ctx) => {
      ctx.body = `orders of ${ctx.state.access.subject}`
    })
    return createServer(app.callback())
  },

  async nestjs({ AccessGuard }, { verifier }) {
    const app = await createNest((request) => `orders of ${request.access.subject}`)
    // biome-ignore lint/correctness/useHookAtTopLevel: Nest's word, not React's
    app.useGlobalGuards(new AccessGuard(verifier))
    await app.init()
    return createServer(app.getHttpAdapter().getInstance())
  },

  trpc: async ({ createHandler }, { verifier }) => serveFetch(createHandler(verifier)),

  yoga: async ({ createHandler }, { verifier }) => serveFetch(createHandler(verifier)),
}

/** API A, by the name of its block. */
export const apisA = {
  async 'nestjs-filter'({ DelegationFilter }, { client, verifier, orders }) {
    const { forExpress } = await import('@behalf/client/express')
    const { onBehalfOf, errorHandler } = forExpress(client, { verifier, onError: () => undefined })
    const app = await createNest(async (request) => {
      const answer = await onBehalfOf(request, ['orders:read']).fetch(orders)
      return answer.text()
    })
    // biome-ignore lint/correctness/useHookAtTopLevel: Nest's word, not React's
    app.useGlobalFilters(new DelegationFilter(errorHandler))
    await app.init()
    return createServer(app.getHttpAdapter().getInstance())
  },

  async next({ createRoute }, { client, verifier, orders }) {
    const { NextRequest } = await import('next/server.js')
    const { GET } = createRoute(client, verifier, orders)
    return serveFetch((request) => GET(new NextRequest(request)))
  },
}

/** A module with one route, without decorators, which JavaScript does not have. */
async function createNest(answer) {
  await import('reflect-metadata')
  const { Controller, Get, Module, Req } = await import('@nestjs/common')
  const { NestFactory } = await import('@nestjs/core')
  class Orders {
    get(request) {
      return answer(request)
    }
  }
  Get('orders')(Orders.prototype, 'get', Object.getOwnPropertyDescriptor(Orders.prototype, 'get'))
  Req()(Orders.prototype, 'get', 0)
  Controller()(Orders)
  class App {}
  Module({ controllers: [Orders] })(App)
  return NestFactory.create(App, { logger: false })
}
