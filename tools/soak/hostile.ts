import { encodePart, hookEvent, signHmacJwt, signJwt, userClaims } from '@behalf/testing'
import type { Question } from '../faults/okta.ts'
import { keys } from '../faults/stage.ts'

/** Requests that must all be denied, one of each kind. */
export function hostileQuestions(issuer: string): readonly Question[] {
  const now = Math.floor(Date.now() / 1_000)
  const sign = (claims: object, header: object = {}, key = keys.current): string =>
    signJwt(key, { iss: issuer, ...userClaims(now), ...claims }, { ...header })
  const good = sign({})
  const [head = '', payload = '', signature = ''] = good.split('.')
  const { pathname } = new URL(issuer)
  const event = JSON.stringify(hookEvent({ assertion: good }))
  return [
    { assertion: `${encodePart({ alg: 'none' })}.${payload}.` },
    { assertion: `${head}.${encodePart({ iss: issuer, ...userClaims(now), sub: 'root' })}.${signature}` },
    { assertion: sign({}, {}, keys.foreign) },
    { assertion: sign({}, { kid: `unknown-${Math.random()}` }) },
    { assertion: sign({}, { kid: '../../etc/passwd' }) },
    { assertion: sign({}, { jku: `http://127.0.0.1:9${pathname}`, kid: 'elsewhere' }) },
    { assertion: sign({}, { crit: ['exp'] }) },
    {
      assertion: signHmacJwt(
        keys.current.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        { iss: issuer, ...userClaims(now) },
        { kid: 'key-1' },
      ),
    },
    { assertion: sign({ iss: `${issuer}/` }) },
    { assertion: sign({ aud: 'api://b' }) },
    { assertion: sign({ exp: now - 1 }) },
    { assertion: sign({ exp: undefined }) },
    { assertion: sign({ exp: '9999999999' }) },
    { assertion: sign({ nbf: now + 600 }) },
    { assertion: sign({ sub: '0oaApiA', cid: '0oaApiA', uid: undefined }) },
    { assertion: sign({ act: { sub: 7 } }) },
    { assertion: sign({ may_act: { sub: 'another' } }) },
    { assertion: `${good}.${good}` },
    { assertion: `${good}\n` },
    { assertion: 'x'.repeat(100_000) },
    { assertion: '' },
    { body: event.replaceAll('0oaApiA', '0oaStranger') },
    { body: event.replace('client_credentials', 'password') },
    { body: event.replace('orders:read', 'orders:write') },
    { body: event.slice(0, -10) },
    { body: `${'['.repeat(10_000)}` },
    { body: '{"__proto__":{"data":{}}}' },
    { body: '' },
    { body: 'x'.repeat(300_000) },
    { body: event, headers: { authorization: 'wrong' } },
    { body: event, headers: { 'content-encoding': 'gzip' } },
  ]
}
