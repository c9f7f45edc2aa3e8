import { describe, expect, it } from 'vitest'
import { startService } from '../src/dev/server.ts'
import { sendRaw } from './raw-request.ts'

describe('a service of behalf dev', () => {
  it.each([
    ['//', 404],
    ['//[', 404],
    ['/\\\\[', 404],
    ['http://[', 404],
    ['http://evil.example/', 404],
    ['*', 404],
    ['/%', 200],
    ['/?a=%', 200],
    ['/', 200],
  ])('answers GET %s with %i', async (target, status) => {
    const faults: unknown[] = []
    const service = await startService(
      0,
      async () => ({ status: 200, body: {} }),
      (fault) => faults.push(fault),
    )
    const { host } = new URL(service.origin)
    expect(await sendRaw(service.origin, `GET ${target} HTTP/1.1`, `Host: ${host}`)).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status} `),
    )
    expect(faults).toEqual([])
    await service.stop()
  })

  it('answers for its own host only, and no page of another origin', async () => {
    const service = await startService(
      0,
      async () => ({ status: 200, body: {} }),
      () => undefined,
    )
    const { host, port } = new URL(service.origin)
    for (const [headers, status] of [
      [[`Host: ${host}`], 200],
      [[`Host: localhost:${port}`, `Origin: http://localhost:${port}`], 200],
      [['Host: evil.example'], 403],
      [[`Host: evil.example:${port}`], 403],
      [['Host: 127.0.0.1'], 403],
      [[`Host: ${host}`, 'Origin: https://evil.example'], 403],
      [[`Host: ${host}`, 'Origin: null'], 403],
    ] as const) {
      expect(await sendRaw(service.origin, 'GET / HTTP/1.1', ...headers)).toMatch(
        new RegExp(`^HTTP/1\\.1 ${status} `),
      )
    }
    await service.stop()
  })

  it('tells of what its handler throws, and goes on', async () => {
    const faults: unknown[] = []
    const service = await startService(
      0,
      () => {
        throw new RangeError('at once')
      },
      (fault) => faults.push(fault),
    )
    for (const _ of [1, 2]) expect((await fetch(service.origin)).status).toBe(500)
    expect(faults).toEqual([expect.any(RangeError), expect.any(RangeError)])
    await service.stop()
  })
})
