import { generateSigningKey } from '@behalf/testing'
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
})
