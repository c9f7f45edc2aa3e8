import type { RequestListener } from 'node:http'
import { listen } from '@behalf/testing'
import { describe, expect, it, test } from 'vitest'
import { type Fetch, type FetchFault, fetchJson, runtimeFetch } from '../../src/http/fetch-json.ts'
import type { Json } from '../../src/json/json.ts'
import type { Result } from '../../src/result.ts'

const maxBytes = 1_000

async function fetchFrom(
  listener: RequestListener,
  { signal = new AbortController().signal, path = '/' }: { signal?: AbortSignal; path?: string } = {},
): Promise<Result<Json, FetchFault>> {
  await using server = await listen(listener)
  return await fetchJson(`${server.origin}${path}`, { fetch: runtimeFetch, signal, maxBytes })
}

const fetchWith = (fetch: Fetch, signal = new AbortController().signal): Promise<Result<Json, FetchFault>> =>
  fetchJson('https://example.com/', { fetch, signal, maxBytes })

describe('fetchJson', () => {
  test('gets a document and asks for JSON', async () => {
    let accept: string | undefined
    const outcome = await fetchFrom((request, response) => {
      accept = request.headers.accept
      response.end('{"a":[1]}')
    })
    expect(outcome).toEqual({ ok: true, value: { a: [1] } })
    expect(accept).toBe('application/json')
  })

  it.each([201, 204, 206, 408, 425, 429, 500, 503])('takes status %i for no document', async (status) => {
    const outcome = await fetchFrom((_request, response) => response.writeHead(status).end())
    expect(outcome).toEqual({ ok: false, fault: { status, detail: `answered ${status}` } })
  })

  it.each([304, 400, 401, 403, 404, 410])('takes status %i for no document, for good', async (status) => {
    const outcome = await fetchFrom((_request, response) => response.writeHead(status).end())
    expect(outcome).toEqual({ ok: false, fault: { status, detail: `answered ${status}`, permanent: true } })
  })

  it.each([301, 302, 303, 307, 308])('follows no redirect of status %i', async (status) => {
    const asked: (string | undefined)[] = []
    const outcome = await fetchFrom((request, response) => {
      asked.push(request.url)
      response.writeHead(request.url === '/' ? status : 200, { location: '/target' }).end('{}')
    })
    expect(outcome).toMatchObject({ ok: false, fault: { detail: `answered ${status}` } })
    expect(asked).toEqual(['/'])
  })

  it.each([
    ['nothing', ''],
    ['HTML', '<!doctype html>'],
    ['a cut document', '{"keys":['],
    ['a member twice', '{"keys":[],"keys":[]}'],
    ['deep nesting', `${'['.repeat(33)}${']'.repeat(33)}`],
  ])('takes %s for no JSON', async (_what, body) => {
    expect(await fetchFrom((_request, response) => response.end(body))).toEqual({
      ok: false,
      fault: { detail: 'answered with something that is not JSON' },
    })
  })

  test('reads up to the limit, and not a byte more', async () => {
    const body = `"${'x'.repeat(maxBytes - 2)}"`
    expect(await fetchFrom((_request, response) => response.end(body))).toMatchObject({ ok: true })
    expect(await fetchFrom((_request, response) => response.end(`${body} `))).toEqual({
      ok: false,
      fault: { detail: 'answered with more than 1000 bytes' },
    })
  })

  test('stops reading a body without an end, and closes the connection', async () => {
    const closed = Promise.withResolvers<void>()
    await using server = await listen((_request, response) => {
      response.on('close', closed.resolve)
      const flood = (): void => {
        while (response.write('x'.repeat(1_000)));
      }
      response.on('drain', flood)
      flood()
    })
    const { signal } = new AbortController()
    expect(await fetchJson(server.origin, { fetch: runtimeFetch, signal, maxBytes })).toEqual({
      ok: false,
      fault: { detail: 'answered with more than 1000 bytes' },
    })
    await closed.promise
  })

  test('gives up when the signal says so, while waiting and while reading', async () => {
    for (const begin of ['', '{"keys":']) {
      const abort = new AbortController()
      const outcome = await fetchFrom(
        (_request, response) => {
          if (begin !== '') response.write(begin)
          setImmediate(() => abort.abort())
        },
        { signal: abort.signal },
      )
      expect(outcome).toEqual({ ok: false, fault: { detail: 'did not answer in time' } })
    }
  })

  test('gives up on a fetch that pays no attention to the signal', async () => {
    const abort = new AbortController()
    const outcome = fetchWith(() => new Promise(() => undefined), abort.signal)
    abort.abort()
    expect(await outcome).toEqual({ ok: false, fault: { detail: 'did not answer in time' } })
  })

  test('asks nothing once the signal has fired', async () => {
    let calls = 0
    const fetch: Fetch = async () => {
      calls++
      return Response.json({})
    }
    expect(await fetchWith(fetch, AbortSignal.abort())).toMatchObject({ ok: false })
    expect(calls).toBe(0)
  })

  test('leaves no listener on a signal that lives on', async () => {
    const { signal } = new AbortController()
    let listeners = 0
    const counted = new Proxy(signal, {
      get(target, name) {
        if (name === 'addEventListener') listeners++
        if (name === 'removeEventListener') listeners--
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    await fetchWith(async () => Response.json({}), counted)
    expect(listeners).toBe(0)
  })

  it.each<[string, Fetch]>([
    [
      'throws at once',
      () => {
        throw new Error('canary')
      },
    ],
    ['rejects', () => Promise.reject(new Error('canary'))],
    ['rejects with nothing', () => Promise.reject(undefined)],
    [
      'breaks off its body',
      async () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              controller.error(new Error('canary'))
            },
          }),
        ),
    ],
  ])('reports a fetch that %s, without quoting it', async (_what, fetch) => {
    expect(await fetchWith(fetch)).toEqual({ ok: false, fault: { detail: 'could not be reached' } })
  })

  test('reports a server that resets the connection', async () => {
    const outcome = await fetchFrom((request) => request.socket.destroy())
    expect(outcome).toEqual({
      ok: false,
      fault: {
        detail: expect.stringMatching(
          /^could not be reached \(UND_ERR_SOCKET: the connection was broken off; [^)]+\)$/,
        ),
        code: 'UND_ERR_SOCKET',
        remedy: expect.stringMatching(/^the connection was broken off/),
      },
    })
  })

  test('takes bytes that are not UTF-8 for no JSON', async () => {
    const fetch: Fetch = async () => new Response(new Uint8Array([0x22, 0xff, 0x22]))
    expect(await fetchWith(fetch)).toEqual({
      ok: false,
      fault: { detail: 'answered with something that is not JSON' },
    })
  })

  test('keeps the code of the cause, and nothing else of it', async () => {
    const cause = Object.assign(new Error('getaddrinfo ENOTFOUND canary.example'), { code: 'ENOTFOUND' })
    const fetch: Fetch = () => Promise.reject(new TypeError('fetch failed', { cause }))
    expect(await fetchWith(fetch)).toEqual({
      ok: false,
      fault: {
        detail: 'could not be reached (ENOTFOUND: the host name is not known here; check it and DNS)',
        code: 'ENOTFOUND',
        remedy: 'the host name is not known here; check it and DNS',
        permanent: true,
      },
    })
  })
})
