import { ExchangeError } from '@behalf/client'
import { type ErrorCode, errorTable, isErrorCode } from '@behalf/core'
import { describe, expect, test } from 'vitest'
import { refusal, startFixture } from './support/fixture.ts'

const codes: readonly ErrorCode[] = Object.keys(errorTable).filter(isErrorCode)
const isHookCode = (code: ErrorCode): boolean => !['exchange', 'token'].includes(errorTable[code].class)

describe('a denial by the hook', () => {
  test.each(codes.filter(isHookCode))('%s keeps its code and is not tried again', async (code) => {
    const { server, client } = await startFixture()
    const description = `${code}: ${errorTable[code].sentence}`
    for (const status of [400, 500]) {
      server.nextAnswers.push({ status, body: { error: 'server_error', error_description: description } })
      const error = await refusal(client().acquireToken({ assertion: server.userToken(), scopes: [] }))
      expect(error).toMatchObject({ code, status, refusedBy: 'hook', oauthError: 'server_error' })
      expect(error.message).toBe(description)
      expect(error.retryable).toBe(errorTable[code].retryable)
    }
    expect(server.tokenRequests).toHaveLength(2)
  })

  test('is asked for anew by the next call', async () => {
    const { server, client } = await startFixture()
    const a = client()
    const request = { assertion: server.userToken(), scopes: [] }
    server.nextAnswers.push({
      status: 400,
      body: { error: 'server_error', error_description: 'policy_denied: No.' },
    })
    expect((await refusal(a.acquireToken(request))).code).toBe('policy_denied')
    expect((await a.acquireToken(request)).subject).toBe('ann@example.com')
  })
})

describe('what the user needs', () => {
  const needsAfter = async (error_description: string) => {
    const { server, client } = await startFixture()
    server.nextAnswers.push({ status: 400, body: { error: 'server_error', error_description } })
    const error = await refusal(client().acquireToken({ assertion: server.userToken(), scopes: [] }))
    return [error.code, error.needs]
  }

  test('is in the error, typed', async () => {
    const told = 'acr_values=urn:okta:loa:2fa:any phr; max_age=900; scope=pay'
    expect(await needsAfter(`step_up_required: (${told}) Sign in again.`)).toEqual([
      'step_up_required',
      { acrValues: ['urn:okta:loa:2fa:any', 'phr'], maxAgeSeconds: 900, scopes: ['pay'] },
    ])
  })

  test.each([
    ['of another code', 'policy_denied', '(max_age=900) No.'],
    ['behind the sentence', 'step_up_required', 'No. (max_age=900)'],
    ['without a sentence', 'step_up_required', '(max_age=900)'],
    ['cut off', 'step_up_required', '(acr_values=a; max_a'],
    ['with an unknown member', 'step_up_required', '(max_age=900; prompt=none) No.'],
    ['with a quote', 'step_up_required', '(acr_values=a"b) No.'],
    ['with a line break', 'step_up_required', '(acr_values=a\r\nb) No.'],
    [
      'too long',
      'step_up_required',
      `(scope=${Array.from({ length: 8 }, (_, n) => `${n}`.repeat(80)).join(' ')}) No.`,
    ],
  ])('is not read %s', async (_, code, told) => {
    expect(await needsAfter(`${code}: ${told}`)).toEqual([code, undefined])
  })

  test('is not taken from whoever makes such an error, either', () => {
    expect(new ExchangeError('step_up_required', { needs: { acrValues: ['a"b'] } }).needs).toBeUndefined()
  })
})

describe('everything else is token_request_failed, and its text is not repeated', () => {
  const secret = 'text-of-the-server'
  test.each([
    ['codes that only the SDKs use', 400, 'server_error', `token_undelegated: ${secret}`],
    ['an unknown code', 400, 'server_error', `no_such_code: ${secret}`],
    ['a code without a sentence', 400, 'server_error', 'policy_denied'],
    ['a code without the space', 400, 'server_error', `policy_denied:${secret}`],
    ['a code behind something', 400, 'server_error', ` policy_denied: ${secret}`],
    ['a code in capitals', 400, 'server_error', `POLICY_DENIED: ${secret}`],
    ['a prototype’s member', 400, 'server_error', `constructor: ${secret}`],
    ['a description that is no string', 400, 'server_error', [`policy_denied: ${secret}`]],
    ['another error', 400, 'invalid_request', `policy_denied: ${secret}`],
    ['no description', 400, 'invalid_request', undefined],
    ['an error that is not registered', 400, `${secret}_error`, secret],
    ['an error that is no string', 400, { [secret]: true }, secret],
    ['a redirect', 302, 'server_error', `policy_denied: ${secret}`],
  ])('%s', async (_, status, error, description) => {
    const { server, client } = await startFixture()
    server.nextAnswers.push({ status, body: { error, error_description: description } })
    const assertion = server.userToken()

    const thrown = await refusal(client().acquireToken({ assertion, scopes: [] }), secret)

    const known = ['server_error', 'invalid_request'].find((name) => name === error)
    expect(thrown).toMatchObject({ code: 'token_request_failed', status, refusedBy: 'server' })
    expect(thrown.oauthError).toBe(known)
    expect(thrown.detail).toBe(`it answered ${status}${known === undefined ? '' : ` ${known}`}`)
    expect(thrown.retryable).toBe(false)
    expect(server.tokenRequests).toHaveLength(1)
  })

  test.each([
    ['nothing', ''],
    ['no JSON', `<html>${secret}</html>`],
    ['a list', [secret]],
    ['no token', { token_type: 'Bearer', note: secret }],
    ['a token that is no string', { access_token: { secret }, token_type: 'Bearer' }],
    ['no type', { access_token: secret }],
    ['another type', { access_token: secret, token_type: 'mac' }],
    ['a member twice', `{"access_token":"${secret}","access_token":"x","token_type":"Bearer"}`],
    ['too deep JSON', `${'['.repeat(40)}${']'.repeat(40)}`],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1')],
  ])('200 with %s', async (_, body) => {
    const { server, client } = await startFixture()
    server.nextAnswers.push({ status: 200, body })
    const error = await refusal(client().acquireToken({ assertion: server.userToken(), scopes: [] }), secret)
    expect(error).toMatchObject({
      code: 'token_request_failed',
      status: 200,
      detail: 'it answered 200 without a usable token',
    })
  })

  test.each([
    [
      'an unknown client, as OAuth names it',
      401,
      { error: 'invalid_client', error_description: secret },
      /check clientId/,
    ],
    [
      "an unknown client, in Okta's envelope",
      400,
      { errorCode: 'invalid_client', errorSummary: secret, errorLink: 'invalid_client', errorId: secret },
      /check clientId/,
    ],
    ['a scope that nobody gives', 400, { error: 'invalid_scope' }, /no such scope/],
    ['a client without a rule', 400, { error: 'access_denied' }, /no access policy/],
  ])('%s is permanent, and told with a remedy', async (_, status, body, remedy) => {
    const { server, client } = await startFixture()
    server.nextAnswers.push({ status, body })
    const error = await refusal(client().acquireToken({ assertion: server.userToken(), scopes: [] }), secret)
    expect(error).toMatchObject({ code: 'token_request_failed', status, retryable: false })
    expect(error.oauthError).toBe(Object.values(body)[0])
    expect(error.detail).toMatch(remedy)
    expect(server.tokenRequests).toHaveLength(1)
  })

  test("Okta's own code is told, and nothing in its place that is none", async () => {
    const { server, client } = await startFixture()
    const envelopes = ['E0000004', secret, 'E00000041', 4].map((errorCode) => ({
      status: 400,
      body: { errorCode },
    }))
    server.nextAnswers.push(...envelopes)
    const codes = []
    for (const _ of envelopes) {
      const call = client().acquireToken({ assertion: server.userToken(), scopes: [] })
      codes.push((await refusal(call, secret)).oktaError)
    }
    expect(codes).toEqual(['E0000004', undefined, undefined, undefined])
  })

  test('an endless answer is not read to its end', async () => {
    const { server, client } = await startFixture()
    let closed: Promise<unknown> | undefined
    server.nextAnswers.push((response) => {
      closed = new Promise((resolve) => response.on('close', resolve))
      const write = (): void => {
        while (response.write('x'.repeat(65_536))) {}
        response.once('drain', write)
      }
      write()
    })
    const error = await refusal(client().acquireToken({ assertion: server.userToken(), scopes: [] }))
    expect(error.detail).toBe('it answered with more than 262144 bytes')
    await closed
  })
})
