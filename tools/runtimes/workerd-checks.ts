import { match } from 'node:assert/strict'
import { connect } from 'node:net'
import { hookEvent, TestIssuer, userClaims } from '@behalf/testing'
import { WorkerdServer } from './workerd.ts'

/** What is checked of the hook on `workerd`, which ends what a request has begun together with the request. */
export const workerdChecks: Readonly<Record<string, () => Promise<void>>> = {
  'goes on fetching keys although the sender that it began for goes away': async () => {
    await using issuer = await TestIssuer.start()
    const asked = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    issuer.keysAnswer = (response) => {
      asked.resolve()
      void held.promise.then(() => response.end(JSON.stringify({ keys: issuer.keys.map(({ jwk }) => jwk) })))
    }
    const setup = {
      authenticate: { secrets: ['hook-secret-0123456789'] },
      issuers: [{ issuer: issuer.issuer, audiences: ['api://a'] }],
      clients: { '0oaApiA': {} },
      limits: { maxConcurrentRequests: 1 },
    }
    await using server = await WorkerdServer.start('worker.mjs', { SETUP: JSON.stringify(setup) })
    const assertion = issuer.sign(userClaims(Math.floor(Date.now() / 1_000)))
    const body = JSON.stringify(hookEvent({ assertion }))
    const headers = { authorization: 'hook-secret-0123456789', 'content-type': 'application/json' }

    const { hostname, port } = new URL(server.origin)
    const sender = connect(Number(port), hostname)
    const lines = Object.entries({ host: hostname, ...headers, 'content-length': String(body.length) })
    sender.write(
      `POST /inline-hook HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
    )
    await asked.promise
    sender.resetAndDestroy()
    held.resolve()

    // The one place for a request is free once the first is done, which nobody waits for any more.
    let answer = 'overloaded'
    for (let attempt = 0; attempt < 100 && answer.includes('overloaded'); attempt++) {
      const response = await fetch(`${server.origin}/inline-hook`, { method: 'POST', headers, body })
      answer = await response.text()
    }
    match(answer, /"commands"/)
  },
}
