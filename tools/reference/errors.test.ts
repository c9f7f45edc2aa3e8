import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorTable } from '../../packages/core/src/errors/codes.ts'
import { errorReferencePath, renderErrorReference } from './errors.ts'

test('the reference of error codes is what the table says; if not, run tools/reference/errors.ts', () => {
  expect(readFileSync(errorReferencePath, 'utf8')).toBe(renderErrorReference())
})

test('the reference names every code once', () => {
  const named = [...renderErrorReference().matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, code]) => code)
  expect(named.toSorted()).toEqual(Object.keys(errorTable).toSorted())
})
