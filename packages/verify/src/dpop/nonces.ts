import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Json } from '@behalf/core'
import { readSecretKey } from '@behalf/core/internal'

/** How an API asks for nonces in proofs. */
export interface NonceOptions {
  /**
   * Keys of 32 bytes, as bytes or in base64: the first makes nonces, all are accepted. The same for every instance of the
   * API. `openssl rand -base64 32`
   */
  readonly keys: readonly (Uint8Array | string)[]
  /** How long a nonce is accepted, in seconds. 10 to 3600. Default 300. */
  readonly lifetimeSeconds?: number
}

/** The nonces that proofs must bear. Nothing is kept of them: a nonce is its time, and a code that vouches for it. */
export interface Nonces {
  /** Makes the nonce of a moment. */
  make(nowSeconds: number): string
  /** Whether a proof's nonce was made with one of the keys, and lately. */
  accepts(nonce: Json | undefined, nowSeconds: number): boolean
}

const timeBytes = 6
const codeBytes = 16
const length = Math.ceil(((timeBytes + codeBytes) * 8) / 6)
/** How far clocks of two instances may be apart. */
const toleranceSeconds = 60

/**
 * Makes nonces of time and an HMAC, so that every instance that has the keys accepts those of the others.
 *
 * @param options - checked already
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-8
 */
export function createNonces({ keys, lifetimeSeconds = 300 }: NonceOptions): Nonces {
  const secrets = keys.flatMap((key) => readSecretKey(key) ?? [])
  const [first] = secrets
  if (first === undefined) throw new TypeError('nonces need a key')
  return {
    make: (nowSeconds) => write(first, Math.floor(nowSeconds)),
    accepts(nonce, nowSeconds) {
      if (typeof nonce !== 'string' || nonce.length !== length) return false
      const madeAt = Buffer.from(nonce, 'base64url').readUIntBE(0, timeBytes)
      const age = nowSeconds - madeAt
      if (age < -toleranceSeconds || age >= lifetimeSeconds) return false
      // Written again and compared: another spelling of the same bytes is none of ours.
      return secrets.some((secret) => isSame(nonce, write(secret, madeAt)))
    },
  }
}

function write(secret: Uint8Array, madeAt: number): string {
  const time = Buffer.alloc(timeBytes)
  time.writeUIntBE(madeAt, 0, timeBytes)
  const code = createHmac('sha256', secret).update('behalf dpop nonce\0').update(time).digest()
  return Buffer.concat([time, code.subarray(0, codeBytes)]).toString('base64url')
}

function isSame(nonce: string, made: string): boolean {
  const [left, right] = [Buffer.from(nonce), Buffer.from(made)]
  return left.length === right.length && timingSafeEqual(left, right)
}
