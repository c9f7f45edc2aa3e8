import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundleBudgets } from '../budget/bundles/budgets.ts'
import { productionDependencies } from '../production-dependencies.ts'
import { root } from '../workspace.ts'
import { dependencyReference } from './dependencies.ts'

test('docs/dependencies.md is as the lock and the budgets say: node tools/reference/dependencies.ts', () => {
  const { present, wanted } = dependencyReference()
  expect(present).toBe(wanted)
})

test('README.md names the sizes and counts that are held', () => {
  const client = bundleBudgets['@behalf/client']
  const verify = bundleBudgets['@behalf/verify']
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(
    `The client adds at most ${client} KB to a bundle, the verifier ${verify} KB; they bring [two packages and none]`,
  )
  expect(['client', 'verify'].map((name) => productionDependencies(`packages/${name}`).length)).toEqual([
    2, 0,
  ])
})
