import { encodePart, generateSigningKey, signJwt } from '@behalf/testing'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type CompactFault, type CompactJws, parseCompactJws } from '../../src/jws/compact.ts'
import type { Result } from '../../src/result.ts'

const key = generateSigningKey()
const token = signJwt(key, { sub: 'ann@example.com' })
const [head = '', body = '', signature = ''] = token.split('.')
const maxBytes = 4_096

const parse = (text: string): Result<CompactJws, CompactFault> => parseCompactJws(text, maxBytes)
const faultOf = (text: string): string | undefined => {
  const outcome = parse(text)
  return outcome.ok ? undefined : outcome.fault.code
}
const jwsOf = (text: string): CompactJws => {
  const outcome = parse(text)
  if (!outcome.ok) throw new Error(outcome.fault.detail)
  return outcome.value
}

describe('parseCompactJws', () => {
  test('takes header, payload, signing input and signature apart', () => {
    const jws = jwsOf(token)
    expect(jws.header).toEqual({ alg: 'RS256', kid: 'key-1' })
    expect(jws.payload).toEqual({ sub: 'ann@example.com' })
    expect(jws.signingInput.toString()).toBe(`${head}.${body}`)
    expect(jws.signature.toString('base64url')).toBe(signature)
  })

  test('leaves an empty signature to the verification', () => {
    expect(jwsOf(`${head}.${body}.`).signature).toHaveLength(0)
  })

  it.each([
    ['nothing', ''],
    ['no dot', 'a'],
    ['two parts', `${head}.${body}`],
    ['four parts', `${token}.`],
    ['four parts, the first empty', `.${token}`],
    ['six parts', `${token}...`],
    ['only dots', '..'],
    ['a million dots', '.'.repeat(maxBytes)],
    ['an empty header', `.${body}.${signature}`],
    ['an empty payload', `${head}..${signature}`],
    [
      'the general JSON serialisation',
      JSON.stringify({ payload: body, signatures: [{ protected: head, signature }] }),
    ],
    ['the flattened JSON serialisation', JSON.stringify({ payload: body, protected: head, signature })],
    ['a header that is an array', `${encodePart('[]')}.${body}.${signature}`],
    ['a header that is null', `${encodePart('null')}.${body}.${signature}`],
    ['a payload that is a string', `${head}.${encodePart('"x"')}.${signature}`],
    ['a payload that is an array', `${head}.${encodePart('[{}]')}.${signature}`],
    ['a payload that is not JSON', `${head}.${encodePart('{')}.${signature}`],
    ['a header member twice', `${encodePart('{"alg":"RS256","alg":"none"}')}.${body}.${signature}`],
    [
      'a header member twice, once escaped',
      `${encodePart('{"alg":"RS256","\\u0061lg":"none"}')}.${body}.${signature}`,
    ],
    ['a claim twice', `${head}.${encodePart('{"sub":"a","sub":"b"}')}.${signature}`],
    ['a nested claim twice', `${head}.${encodePart('{"act":{"sub":"a","sub":"b"}}')}.${signature}`],
    ['a byte order mark', `${head}.${encodePart('\ufeff{}')}.${signature}`],
    [
      'bytes that are not UTF-8',
      `${head}.${Buffer.from('{"a":"\xff"}', 'latin1').toString('base64url')}.${signature}`,
    ],
    [
      'an overlong UTF-8 quote',
      `${head}.${Buffer.from('{\xc0\xa2a":1}', 'latin1').toString('base64url')}.${signature}`,
    ],
    ['UTF-16', `${head}.${Buffer.from('{}', 'utf16le').toString('base64url')}.${signature}`],
    ['deep nesting', `${head}.${encodePart(`{"a":${'['.repeat(16)}${']'.repeat(16)}}`)}.${signature}`],
  ])('refuses %s as malformed', (_what, text) => {
    expect(faultOf(text)).toBe('malformed')
  })

  it.each(['', 'a', 'a.b', `${head}.${body}`])('says that %j has fewer than three parts', (text) => {
    expect(parseCompactJws(text, maxBytes)).toMatchObject({
      fault: { detail: 'it has fewer than three parts' },
    })
  })

  test('says that five parts are a JWE', () => {
    expect(faultOf(`${token}..`)).toBe('encrypted')
    expect(faultOf('....')).toBe('encrypted')
  })

  test('looks at nothing longer than it may', () => {
    const padded = `${head}.${encodePart({ a: 'x'.repeat(maxBytes) })}.${signature}`
    expect(faultOf(padded)).toBe('too_large')
    expect(parseCompactJws(token, token.length).ok).toBe(true)
    expect(parseCompactJws(token, token.length - 1)).toMatchObject({
      ok: false,
      fault: { code: 'too_large' },
    })
  })

  const foreign = ['=', '==', ' ', '\n', '\r\n', '\t', '\0', '+', '/', '%', 'é', '\u2028', '\ud800', 'À']
  const places: readonly (readonly [string, (text: string) => string])[] = [
    ['before the header', (text) => `${text}${token}`],
    ['after the header', (text) => `${head}${text}.${body}.${signature}`],
    ['before the payload', (text) => `${head}.${text}${body}.${signature}`],
    ['after the payload', (text) => `${head}.${body}${text}.${signature}`],
    ['before the signature', (text) => `${head}.${body}.${text}${signature}`],
    [
      'inside the signature',
      (text) => `${head}.${body}.${signature.slice(0, 8)}${text}${signature.slice(8)}`,
    ],
    ['after the signature', (text) => `${token}${text}`],
  ]
  it.each(places)('refuses every foreign character %s', (_place, insert) => {
    for (const character of foreign)
      expect([character, faultOf(insert(character))]).toEqual([character, 'malformed'])
  })

  test('refuses the base64 alphabet where base64url is asked for', () => {
    const bytes = Buffer.from([0xfb, 0xff, 0xbf])
    expect(faultOf(`${head}.${body}.${bytes.toString('base64url')}`)).toBeUndefined()
    expect(faultOf(`${head}.${body}.${bytes.toString('base64')}`)).toBe('malformed')
  })

  test('refuses every spelling of a signature but the canonical one', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.constantFrom(...alphabet), (bytes, last) => {
        const canonical = Buffer.from(bytes).toString('base64url')
        expect(faultOf(`${head}.${body}.${canonical}`)).toBeUndefined()
        const other = `${canonical.slice(0, -1)}${last}`
        const isCanonical = Buffer.from(other, 'base64url').toString('base64url') === other
        expect(faultOf(`${head}.${body}.${other}`)).toBe(isCanonical ? undefined : 'malformed')
      }),
    )
  })

  test('refuses the sixteen spellings of the last character that mean the same bytes', () => {
    const one = Buffer.from([0x41]).toString('base64url')
    const accepted = [...'QRSTUVWXYZabcdef'].filter(
      (last) => faultOf(`${head}.${body}.${one.slice(0, 1)}${last}`) === undefined,
    )
    expect(accepted).toEqual(['Q'])
  })

  test('never throws, and accepts only what it can write again', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.json({ maxDepth: 2 }).map(encodePart),
      fc.constantFrom(head, body, signature, ''),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const text = parts.join('.')
        const outcome = parse(text)
        if (outcome.ok)
          expect(
            `${outcome.value.signingInput.toString()}.${outcome.value.signature.toString('base64url')}`,
          ).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  test('quotes nothing of the token when it refuses it', () => {
    for (const text of [
      `${token}.canary`,
      'canary',
      `canary.${body}.${signature}`,
      `${token}.canary.canary`,
    ]) {
      expect(JSON.stringify(parse(text))).not.toContain('canary')
    }
  })
})
