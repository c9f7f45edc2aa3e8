import { generateSigningKey } from '@behalf/testing'
import type { TokenError } from '@behalf/verify'
import { describe, expect, it } from 'vitest'
import { refusalOf, TestBed } from './setup.ts'

const bed = TestBed.forFile()

describe('the issuer’s keys', () => {
  it('are fetched once, ahead of the first token when asked to', async () => {
    const verifier = bed.verifier()
    const before = bed.issuer.keyFetches
    expect(verifier.keyStatus().ready).toBe(false)
    expect((await verifier.loadKeys()).ready).toBe(true)
    expect(bed.issuer.keyFetches).toBe(before + 1)
    await Promise.all([verifier.verify(bed.delegated()), verifier.verify(bed.delegated())])
    expect(bed.issuer.keyFetches).toBe(before + 1)
  })

  it('follow a rotation at once, and refuse the withdrawn key', async () => {
    const verifier = bed.verifier()
    const old = bed.delegated()
    await verifier.verify(old)
    bed.issuer.keys = [generateSigningKey('key-2')]
    await expect(verifier.verify(bed.delegated())).resolves.toBeDefined()
    expect((await refusalOf(verifier.verify(old))).code).toBe('token_invalid')
  })

  it('answer 503 while they cannot be had, and recover by themselves', async () => {
    const verifier = bed.verifier()
    bed.issuer.keysAnswer = { status: 500 }
    const error = await refusalOf(verifier.verify(bed.delegated()))
    expect([error.code, error.status, error.retryable]).toEqual(['keys_unavailable', 503, true])
    expect(error.detail).toBe("the issuer's key set answered 500")
    expect(verifier.keyStatus().fault).toContain('500')

    bed.issuer.keysAnswer = undefined
    bed.clock.advance(3_000)
    await expect(verifier.verify(bed.delegated())).resolves.toBeDefined()
  })

  it('are asked for where configuration says', async () => {
    const before = bed.issuer.requests.size
    const verifier = bed.verifier({ jwksUri: `${bed.issuer.issuer}/v1/keys` })
    await expect(verifier.verify(bed.delegated())).resolves.toBeDefined()
    expect(bed.issuer.requests.size).toBe(before)
  })

  it.each([
    ['ENOTFOUND', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', false],
    ['ECONNREFUSED', true],
  ])('that cannot be had are told by %s: to the caller, the log and the status', async (code, retryable) => {
    const refusals: TokenError[] = []
    const verifier = bed.verifier({
      fetch: () =>
        Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) })),
      onRefusal: (error) => refusals.push(error),
    })
    const error = await refusalOf(verifier.verify(bed.delegated()))
    expect(error).toMatchObject({ code: 'keys_unavailable', status: 503, causeCode: code, retryable })
    expect(error.detail).toMatch(new RegExp(`^the issuer's metadata could not be reached \\(${code}: .+\\)$`))
    await verifier.authorize({
      method: 'GET',
      url: '/',
      header: (name) => (name === 'authorization' ? [`Bearer ${bed.delegated()}`] : []),
      origin: {},
    })
    expect(refusals).toEqual([expect.objectContaining({ causeCode: code, detail: error.detail })])
    expect(verifier.keyStatus()).toMatchObject({ ready: false, code, fault: error.detail })
    expect(await refusalOf(verifier.loadKeys())).toMatchObject({ causeCode: code, retryable })
  })

  it('of a wrong issuer are no matter of time: loadKeys throws, unless it is told that it may fail', async () => {
    const verifier = bed.verifier({ issuer: `${new URL(bed.issuer.issuer).origin}/oauth2/nobody` })
    const error = await refusalOf(verifier.loadKeys())
    expect(error).toMatchObject({ code: 'keys_unavailable', retryable: false })
    expect(error.detail).toContain('/oauth2/nobody: ')
    expect(await verifier.loadKeys({ mayFail: true })).toMatchObject({ ready: false, permanent: true })
    // @ts-expect-error a slip
    await expect(verifier.loadKeys({ mayfail: true })).rejects.toThrow(/^loadKeys: .*mayfail: /s)
  })
})
