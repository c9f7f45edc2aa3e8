import type { BehalfConfig } from '@behalf/hook'
import { startLambda } from '@behalf/hook/lambda'
import { readAnswer } from '@behalf/testing/hook'
import { expect, it } from 'vitest'

const post = { requestContext: { http: { method: 'POST' } }, headers: {}, body: '{}' }
const config: BehalfConfig = {
  authenticate: { secrets: ['hook-secret-0123456789'] },
  issuers: [{ issuer: 'http://127.0.0.1:1/oauth2/default', audiences: ['api://a'] }],
  clients: 'any',
}

it('denies until a configuration that is late is there, and decides by it from then on', async () => {
  const loading = Promise.withResolvers<BehalfConfig>()
  const configured = Promise.withResolvers<unknown>()
  const lines: string[] = []
  const handler = await startLambda(() => loading.promise, {
    initTimeoutMs: 0,
    log: (line) => {
      lines.push(line)
      if (line.includes('"configured"')) configured.resolve(undefined)
    },
  })
  const outcome = async (): Promise<string> => readAnswer((await handler(post)).body).outcome

  expect(await outcome()).toBe('internal_error')
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ detail: 'the configuration is not loaded yet' })

  loading.resolve(config)
  await configured.promise
  await new Promise(setImmediate)
  expect(await outcome()).toBe('caller_unauthenticated')
})
