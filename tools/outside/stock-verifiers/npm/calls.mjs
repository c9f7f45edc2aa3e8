import { once } from 'node:events'
import express from 'express'
import { judge } from './told.mjs'

/** Runs an API behind a guard, and calls it with each token. @param guard - middleware of Express @param subjectOf - of a request */
export async function judgeCalls(guard, subjectOf) {
  const app = express()
  app.get('/', guard, (request, response) => response.json({ sub: subjectOf(request) }))
  // What a middleware passes on says why it has refused.
  app.use((error, _request, response, _next) => response.status(error.status ?? 401).send(error.message))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  await judge(async (token) => {
    const response = await fetch(`http://127.0.0.1:${server.address().port}/`, {
      headers: { authorization: `Bearer ${token}` },
    })
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
    return response.json()
  })
  server.closeAllConnections()
  server.close()
}
