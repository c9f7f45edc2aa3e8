import type { RequestListener } from 'node:http'
import { fetchJson } from '@behalf/core/internal'
import { listen } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { nodeHttpFetch } from '../../src/runtimes/lambda/node-http-fetch.ts'

async function get(
  listener: RequestListener,
  abort: AbortController = new AbortController(),
): Promise<unknown> {
  await using server = await listen(listener)
  return await fetchJson(server.origin, { fetch: nodeHttpFetch, signal: abort.signal, maxBytes: 1_000 })
}

describe("a document, through Node's own HTTP client", () => {
  it('is read', async () => {
    let accept: string | undefined
    const answer = await get((request, response) => {
      accept = request.headers.accept
      response.end('{"keys":[]}')
    })
    expect(answer).toEqual({ ok: true, value: { keys: [] } })
    expect(accept).toBe('application/json')
  })

  it('is not looked for elsewhere', async () => {
    let requests = 0
    const answer = await get((_, response) => {
      requests++
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect(answer).toEqual({ ok: false, fault: { status: 302, detail: 'answered 302', permanent: true } })
    expect(requests).toBe(1)
  })

  it('is read no further than its limit, and the connection is given up', async () => {
    const closed = Promise.withResolvers<void>()
    const answer = await get((_, response) => {
      response.once('close', () => closed.resolve())
      const more = (): void => {
        if (!response.destroyed) response.write('x'.repeat(100), () => setImmediate(more))
      }
      more()
    })
    expect(answer).toEqual({ ok: false, fault: { detail: 'answered with more than 1000 bytes' } })
    await closed.promise
  })

  it('is waited for no longer than the signal says, headers or body', async () => {
    for (const begin of [false, true]) {
      const abort = new AbortController()
      const answer = await get((_request, response) => {
        if (begin) response.write('{')
        abort.abort()
      }, abort)
      expect(answer).toEqual({ ok: false, fault: { detail: 'did not answer in time' } })
    }
  })

  it('that breaks off, or has nobody to give it, is a fault and no exception', async () => {
    const broken = await get((_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{', () => response.destroy())
    })
    expect(broken).toMatchObject({ ok: false, fault: { code: 'ECONNRESET' } })
    const { origin, close } = await listen(() => undefined)
    await close()
    const { signal } = new AbortController()
    expect(await fetchJson(origin, { fetch: nodeHttpFetch, signal, maxBytes: 1_000 })).toEqual({
      ok: false,
      fault: {
        detail:
          'could not be reached (ECONNREFUSED: nothing listens there; check that it runs, and the port)',
        code: 'ECONNREFUSED',
        remedy: 'nothing listens there; check that it runs, and the port',
      },
    })
  })
})
