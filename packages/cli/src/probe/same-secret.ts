import { timingSafeEqual } from 'node:crypto'

/** Compares what somebody has sent with a secret, in a time that depends on lengths alone. */
export function isSameSecret(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)]
  return a.byteLength === b.byteLength && timingSafeEqual(a, b)
}
