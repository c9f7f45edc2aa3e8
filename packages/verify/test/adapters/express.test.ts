import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { createVerifier, type VerifierOptions } from '@behalf/verify'
import { requireAccess } from '@behalf/verify/express'
import { createTestIssuer } from '@behalf/verify/testing'
import { describe, expect, test } from 'vitest'

const testIssuer = createTestIssuer({ audience: 'api://b' })

/** Lets a request through the guard; returns what `next` was called with, each time. */
async function pass(
  authorization: string,
  {
    onRefusal,
    rawHeaders,
    isAnswered,
  }: Pick<VerifierOptions, 'onRefusal'> & {
    readonly rawHeaders?: undefined
    readonly isAnswered?: true
  } = {},
) {
  const { issuer, fetch } = testIssuer
  const log = onRefusal === undefined ? {} : { onRefusal }
  const guard = requireAccess(createVerifier({ issuer, fetch, audience: 'api://b', ...log }))
  const request = new IncomingMessage(new Socket())
  Object.assign(request, { method: 'GET', url: '/', headers: { authorization }, rawHeaders })
  const response = new ServerResponse(request)
  if (isAnswered) response.writeHead(503).end()
  const calls: (readonly unknown[])[] = []
  await guard(request, response, (...args) => void calls.push(args))
  return { calls, status: response.statusCode, subject: () => guard.of(request).subject }
}

test('reads requests without a raw list of headers, as tests and functions make them', async () => {
  const { calls, subject } = await pass(`Bearer ${testIssuer.delegatedToken({ subject: 'ann@example.com' })}`)
  expect(calls).toEqual([[]])
  expect(subject()).toBe('ann@example.com')
})

describe('a guard that fails calls next with an error, and once', () => {
  test.each([new RangeError('the log is full'), undefined, null, '', 'route'])(
    'of a log: %s',
    async (fault) => {
      const { calls } = await pass('Bearer x', {
        onRefusal() {
          throw fault
        },
      })
      expect(calls).toEqual([[expect.any(Error)]])
    },
  )

  test('of a response that somebody else has sent', async () => {
    const { calls, status } = await pass('Bearer x', { isAnswered: true })
    expect(calls).toEqual([[expect.objectContaining({ code: 'ERR_HTTP_HEADERS_SENT' })]])
    expect(status).toBe(503)
  })
})
