import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findAssertion, tokenRequestPath } from '../../src/okta/token-request-url.ts'
import { fuzz, fuzzTimeoutMs } from './fuzz.ts'

const base = 'https://example.okta.com/oauth2/default/v1/token'

/** Pieces that URLs are made of, and those that confuse who reads them. */
const piece = fc.oneof(
  fc.constantFrom(
    ...['assertion', 'Assertion', '%61ssertion', '%2561ssertion', 'assertion[]', 'assertion%5B%5D'],
  ),
  fc.constantFrom(
    ...['=', '&', ';', '?', '#', '%', '%zz', '%00', '%26', '%3D', '+', '/', '//', '@', ':', '.', '[', ']'],
  ),
  fc.constantFrom(...['eyJhbGciOiJub25lIn0.e30.', 'x', '__proto__', '&amp;', '\u00e9', '%C3%A9', '%ff']),
  fc.string({ maxLength: 4 }),
)
const query = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))

test(
  'what is found is what URLSearchParams finds, and nothing else is called one assertion',
  { timeout: fuzzTimeoutMs },
  () =>
    fuzz(
      'URL extraction',
      fc.property(query, (text) => {
        const url = `${base}?${text}`
        const found = findAssertion(url)
        const [beforeFragment = ''] = text.split('#', 1)
        const all = new URLSearchParams(`?${beforeFragment}`).getAll('assertion')
        if (found.kind === 'one') expect(all).toEqual([found.value])
        if (found.kind === 'none') expect(all).toEqual([])
        if (all.length > 1) expect(found.kind).toBe('several')
      }),
    ),
)

test('any text at all is a path or none', { timeout: fuzzTimeoutMs }, () =>
  fuzz(
    'URL recognition',
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.webUrl(),
        query,
        fc.tuple(fc.constantFrom(base, 'https://'), query).map((parts) => parts.join('')),
      ),
      (text) => {
        const path = tokenRequestPath(text)
        if (path === undefined) return
        const url = new URL(text)
        expect(path).toBe(url.pathname)
        expect([url.username, url.password]).toEqual(['', ''])
        expect(url.protocol).toMatch(/^https?:$/)
        findAssertion(text)
      },
    ),
  ),
)
