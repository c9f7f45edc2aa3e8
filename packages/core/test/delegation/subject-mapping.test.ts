import { expect, it } from 'vitest'
import { mapSubject } from '../../src/delegation/subject-mapping.ts'

it.each([
  ['stays without a mapping', undefined, 'ann', 'ann'],
  ['gets a prefix', { prefix: 'partner|' }, 'ann', 'partner|ann'],
  ['goes through a function', (subject: string) => subject.toUpperCase(), 'ann', 'ANN'],
  ['is unusable with blanks around it', { prefix: ' ' }, 'ann', undefined],
  ['is unusable when too long', { prefix: 'p'.repeat(255) }, 'ann', undefined],
  ['is unusable when the function throws', () => JSON.parse('{'), 'ann', undefined],
  ['is unusable when the function answers none', () => JSON.parse('1'), 'ann', undefined],
])('a subject %s', (_, mapping, subject, expected) => {
  expect(mapSubject(mapping, subject)).toBe(expected)
})
