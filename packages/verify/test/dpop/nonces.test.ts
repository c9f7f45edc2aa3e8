import { randomBytes } from 'node:crypto'
import type { PresentedProof } from '@behalf/verify'
import { describe, expect, it } from 'vitest'
import { createNonces } from '../../src/dpop/nonces.ts'
import { refusalOf, TestBed } from '../setup.ts'
import { Prover } from './prover.ts'

const [key, newKey, strangersKey] = [randomBytes(32), randomBytes(32), randomBytes(32)]
const now = 1_800_000_000

describe('a nonce', () => {
  const nonces = createNonces({ keys: [key] })

  it('is accepted from when it was made until its life is over', () => {
    const nonce = nonces.make(now)
    expect(nonce).toMatch(/^[\w-]{30}$/)
    expect([now, now + 299.9].map((at) => nonces.accepts(nonce, at))).toEqual([true, true])
    expect([now + 300, now + 86_400].map((at) => nonces.accepts(nonce, at))).toEqual([false, false])
  })

  it('is accepted by another instance that has the key, in bytes or base64, with a clock that is a minute behind', () => {
    const other = createNonces({ keys: [key.toString('base64')] })
    expect(other.accepts(nonces.make(now), now - 60)).toBe(true)
    expect(other.accepts(nonces.make(now), now - 61)).toBe(false)
  })

  it('outlives a change of keys, one behind the other', () => {
    const former = nonces.make(now)
    const rotated = createNonces({ keys: [newKey, key] })
    expect(rotated.accepts(former, now)).toBe(true)
    expect(nonces.accepts(rotated.make(now), now)).toBe(false)
  })

  const genuine = nonces.make(now)
  it.each<[string, unknown]>([
    ['of another key', createNonces({ keys: [strangersKey] }).make(now)],
    [
      'with a later time under an old code',
      Buffer.from(genuine, 'base64url').fill(0xff, 3, 6).toString('base64url'),
    ],
    [
      'with one bit of the code changed',
      Buffer.from(genuine, 'base64url').map((b, i) => (i === 21 ? b ^ 1 : b)),
    ],
    ['of the time alone', Buffer.alloc(22).fill(Buffer.from(genuine, 'base64url').subarray(0, 6), 0, 6)],
    ['in another spelling', `${genuine.slice(0, -1)}${genuine.endsWith('B') ? 'C' : 'B'}`],
    ['with something behind it', `${genuine}A`],
    ['with a blank', ` ${genuine.slice(1)}`],
    ['that is empty', ''],
    ['that is no text', 7],
    ['that is a list', [genuine]],
    ['that is missing', undefined],
  ])('%s is not accepted', (_, forged) => {
    const nonce =
      Buffer.isBuffer(forged) || forged instanceof Uint8Array
        ? Buffer.from(forged).toString('base64url')
        : forged
    expect(nonces.accepts(nonce as never, now)).toBe(false)
  })
})

describe('a proof', () => {
  const bed = TestBed.forFile()
  const prover = new Prover()
  const dpop = { baseUrl: 'https://b.example.com', nonces: { keys: [key], lifetimeSeconds: 60 } }
  const bound = (): string => bed.delegated({ cnf: { jkt: prover.thumbprint } })
  const presentWith = (token: string, claims: object = {}): { readonly dpop: PresentedProof } => ({
    dpop: {
      proof: prover.prove(prover.claims(token, bed.clock.seconds, { ...claims })),
      method: 'GET',
      url: '/orders',
    },
  })

  it('without a nonce is told one, with which it is accepted by every instance', async () => {
    const token = bound()
    const error = await refusalOf(bed.verifier({ dpop }).verify(token, presentWith(token)))
    expect(error).toMatchObject({ code: 'token_invalid', status: 401, challengeError: 'use_dpop_nonce' })
    const nonce = error.dpopNonce
    const access = await bed.verifier({ dpop }).verify(token, presentWith(token, { nonce }))
    expect(access.subject).toBe('ann@example.com')
  })

  it('with a nonce of a stranger, or one that is over, is told another', async () => {
    const token = bound()
    const verifier = bed.verifier({ dpop })
    const foreign = createNonces({ keys: [strangersKey] }).make(bed.clock.seconds)
    const old = createNonces({ keys: [key] }).make(bed.clock.seconds - 60)
    for (const nonce of [foreign, old]) {
      const error = await refusalOf(verifier.verify(token, presentWith(token, { nonce })))
      expect([error.challengeError, error.dpopNonce]).toEqual(['use_dpop_nonce', expect.any(String)])
      expect(error.message).not.toContain(nonce)
      expect(error.dpopNonce).not.toBe(nonce)
    }
  })

  it('that is wrong otherwise is told no nonce', async () => {
    const token = bound()
    const error = await refusalOf(bed.verifier({ dpop }).verify(token, presentWith(token, { ath: 'x' })))
    expect([error.challengeError, error.dpopNonce]).toEqual(['invalid_dpop_proof', undefined])
  })

  it('with a nonce is still accepted once', async () => {
    const token = bound()
    const verifier = bed.verifier({ dpop })
    const presented = presentWith(token, { nonce: createNonces({ keys: [key] }).make(bed.clock.seconds) })
    await expect(verifier.verify(token, presented)).resolves.toBeDefined()
    expect((await refusalOf(verifier.verify(token, presented))).detail).toBe('the DPoP proof was used before')
  })

  it('is answered with the challenge and the nonce', async () => {
    const token = bound()
    const { proof, method, url } = presentWith(token).dpop
    const authorization = await bed.verifier({ dpop: { ...dpop, required: true } }).authorize({
      method,
      url,
      header: (name) => [name === 'dpop' ? proof : `DPoP ${token}`],
    })
    expect(authorization).toMatchObject({
      ok: false,
      refusal: {
        status: 401,
        headers: {
          'www-authenticate': expect.stringMatching(/^DPoP algs="[^"]+", error="use_dpop_nonce"$/),
          'dpop-nonce': expect.stringMatching(/^[\w-]{30}$/),
        },
      },
    })
  })
})
