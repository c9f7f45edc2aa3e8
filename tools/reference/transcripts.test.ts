import { expect, test } from 'vitest'
import { settle } from './transcripts/settle.ts'
import { putIn, readDocument, transcripts } from './transcripts.ts'

test.each(Object.entries(transcripts))(
  '%s shows what the commands print; if not, run node tools/reference/transcripts.ts',
  async (document, record) => {
    const text = readDocument(document)
    expect(text).toBe(putIn(text, await record()))
  },
  60_000,
)

test('what differs between two runs is made the same, and what says something stays', () => {
  const run = (port: number, id: string, time: number): string =>
    `http://127.0.0.1:${port}/a http://127.0.0.1:${port + 1} jti AT.${id}abcdefgh iat ${time} exp ${time + 3599} (12 ms)`
  expect(settle(run(40123, '0123', 1_795_957_746))).toBe(settle(run(51001, 'x_-9', 1_800_000_003)))
  expect(settle(run(10_000, '0123', 1_795_957_746))).toBe(settle(run(51001, 'x_-9', 1_800_000_003)))
  expect(settle('http://127.0.0.1:8090')).toBe('http://127.0.0.1:8090')
  expect(settle('iat 1795957746 exp 1795958046')).toBe('iat 1796115600 exp 1796115900')
  expect(settle('AT.aaaaaaaaaaa AT.aaaaaaaaaaa…')).toMatch(/^(AT\.[\w-]{11}) \1…$/)
  const [one, other] = ['1b28cde5-264f-4b48-a40c-db8483ce5d4e', '2b28cde5-264f-4b48-a40c-db8483ce5d4e']
  expect(settle(`(decision ${one}) (decision ${other}) (decision ${one})`)).toMatch(
    /^\(decision [\d-]{35}1\) \(decision [\d-]{35}2\) \(decision [\d-]{35}1\)$/,
  )
  expect(settle('denied: policy_denied (3 ms)')).toBe('denied: policy_denied (5 ms)')
})

test('a document and its transcripts fit each other', () => {
  const block = '<!-- transcript: a -->\n\n```\nold\n```\n'
  expect(putIn(block, { a: 'new\n' })).toBe('<!-- transcript: a -->\n\n```\nnew\n```\n')
  expect(() => putIn(block, {})).toThrow("no transcript 'a'")
  expect(() => putIn(block, { a: '', b: '' })).toThrow('does not show: b')
})
