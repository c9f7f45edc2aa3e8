import type { BehalfConfig, SecretSource } from '@behalf/hook'
import { createFetchHandler } from '@behalf/hook/fetch'
import { createLambdaHandler } from '@behalf/hook/lambda'
import { startNodeServer } from '@behalf/hook/node'
import { sealed } from '@behalf/hook/sealing'
import { type LooseObject, SealingPair } from '@behalf/testing'
import { hookSecret } from '@behalf/testing/hook'
import { afterAll, describe, expect, it } from 'vitest'
import { SealBench } from './seal-bench.ts'

const seals = await SealBench.start()
afterAll(() => seals.close())
const { bench, pair } = seals
const next = new SealingPair('seal-2')

describe('/.well-known/jwks.json', () => {
  const sealing = (): Partial<BehalfConfig> => ({ sealing: sealed({ keys: [next.jwk, pair.jwk] }) })
  const url = 'https://hook.example/.well-known/jwks.json'

  it('has the public halves, the one to seal for first', async () => {
    const response = await createFetchHandler(bench.hook(sealing()))(new Request(url))
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'public, max-age=300'])
    const { d: _, ...first } = { ...next.jwk, use: 'enc', alg: 'ECDH-ES' }
    const { d: __, ...second } = { ...pair.jwk, use: 'enc', alg: 'ECDH-ES' }
    expect(await response.json()).toEqual({ keys: [first, second] })
  })

  it('is nothing without sealing, and takes nothing', async () => {
    expect((await createFetchHandler(bench.hook())(new Request(url))).status).toBe(404)
    const posted = await createFetchHandler(bench.hook(sealing()))(new Request(url, { method: 'POST' }))
    expect(posted.status).toBe(404)
    const headers = { authorization: hookSecret }
    const asOkta = await createFetchHandler(bench.hook(sealing()))(
      new Request(url, { method: 'POST', headers }),
    )
    expect([asOkta.status, JSON.parse(await asOkta.text()).debugContext.code]).toEqual([200, 'path_unknown'])
    expect(
      (await createFetchHandler(bench.hook(sealing()))(new Request(url, { method: 'DELETE' }))).status,
    ).toBe(405)
  })

  it('is there on Node’s own server', async () => {
    const source: SecretSource = async () => known.map(({ jwk }) => JSON.stringify(jwk))
    let known = [pair]
    const running = await startNodeServer(bench.hook({ sealing: sealed({ keys: [source] }) }), {
      drainDelayMs: 0,
    })
    try {
      const ask = (method: string, path = '/.well-known/jwks.json') =>
        fetch(`${running.origin}${path}`, { method, headers: { connection: 'close' } })
      const got = await ask('GET', '/.well-known/jwks.json?cached=no')
      expect([got.status, got.headers.get('content-type'), got.headers.get('cache-control')]).toEqual([
        200,
        'application/jwk-set+json',
        'public, max-age=300',
      ])
      const text = await got.text()
      expect(JSON.parse(text).keys.map(({ kid }: LooseObject) => kid)).toEqual([pair.kid])
      expect(text).not.toContain(pair.jwk.d)
      const head = await ask('HEAD')
      expect([head.status, await head.text()]).toEqual([200, ''])
      const deleted = await ask('DELETE')
      expect([deleted.status, deleted.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
      expect((await ask('POST')).status).toBe(404)
      expect((await ask('GET', '/.well-known/jwks.json/')).status).toBe(404)
      known = [next, pair]
      await bench.clock.advance(601_000)
      expect(JSON.parse(await (await ask('GET')).text()).keys).toHaveLength(2)
    } finally {
      await running.stop()
    }
  })

  it('has nothing to give while no key is known, and never without sealing', async () => {
    const fails: SecretSource = () => Promise.reject(new Error('down'))
    const without = [bench.hook({ sealing: sealed({ keys: [fails] }) }), bench.hook()]
    const statuses = without.map(async (hook) => {
      const running = await startNodeServer(hook, { drainDelayMs: 0 })
      try {
        const url = `${running.origin}/.well-known/jwks.json`
        const { status, headers } = await fetch(url, { headers: { connection: 'close' } })
        return [status, headers.get('cache-control')]
      } finally {
        await running.stop()
      }
    })
    expect(await Promise.all(statuses)).toEqual([
      [503, 'no-store'],
      [404, null],
    ])
  })

  it('is there on Lambda, behind a stage, too', async () => {
    const handler = createLambdaHandler(bench.hook(sealing()))
    const { statusCode, body } = await handler({ httpMethod: 'GET', path: '/live/.well-known/jwks.json' })
    expect([statusCode, JSON.parse(body).keys.length]).toEqual([200, 2])
  })
})
