import { startLambda } from '@behalf/hook/lambda'
import { expect, it } from 'vitest'

const post = {
  requestContext: { http: { method: 'POST' } },
  headers: { authorization: 'hook-secret-0123456789' },
  body: '{}',
}
const log = (): never => {
  throw new Error('EPIPE')
}

it.each([
  [
    'that is refused',
    () => {
      throw new Error('no configuration')
    },
    'internal_error',
  ],
  [
    'whose keys cannot be fetched',
    () => ({
      authenticate: { secrets: ['hook-secret-0123456789'] },
      issuers: [{ issuer: 'http://127.0.0.1:1/oauth2/default', audiences: ['api://a'] }],
      clients: 'any' as const,
    }),
    'request_malformed',
  ],
])('comes up and denies with a configuration %s, although its log fails', async (_, loadConfig, code) => {
  const handler = await startLambda(loadConfig, { log })
  const { statusCode, body } = await handler(post)
  expect([statusCode, body]).toEqual([200, expect.stringContaining(`${code}: `)])
})
