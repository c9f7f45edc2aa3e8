import { expect, test } from 'vitest'
import { addVersion } from './changelog.ts'

const former = '# Changelog\n\nAll of them.\n\n## 0.1.0\n\nThe first.\n'

test('a version stands on top of the others, what breaks first', () => {
  const changes = [
    { type: 'patch', summary: 'Denies in time.' },
    { type: 'major', summary: 'Names a member otherwise:\n`a` is `b`.' },
  ] as const
  expect(addVersion(former, '1.0.0', changes)).toBe(`# Changelog

All of them.

## 1.0.0

### Breaking

- Names a member otherwise:
  \`a\` is \`b\`.

### Mended

- Denies in time.

## 0.1.0

The first.
`)
})

test('a version is not written twice, nor without a change', () => {
  expect(() => addVersion(former, '0.1.0', [{ type: 'patch', summary: 'x' }])).toThrow('has 0.1.0 already')
  expect(() => addVersion(former, '0.1.1', [])).toThrow('npm run change')
})
