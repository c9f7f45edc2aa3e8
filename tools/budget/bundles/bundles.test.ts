import { expect, test } from 'vitest'
import { workspacePackages } from '../../workspace.ts'
import { bundleBudgets } from './budgets.ts'
import { bundleSize } from './bundle-size.ts'

/** For development and tests alone: nobody bundles them. */
const isForProduction = (specifier: string): boolean =>
  !/^(?:behalf|@behalf\/sandbox)(?:$|\/)|\/(?:internal|testing)$/.test(specifier)

const specifiers = workspacePackages()
  .filter(({ isPublished }) => isPublished)
  .flatMap(({ subpaths }) => subpaths.map(({ specifier }) => specifier))
  .filter(isForProduction)

test.each(specifiers)('%s adds no more to a bundle than its budget', async (specifier) => {
  const budget = bundleBudgets[specifier]
  if (budget === undefined) throw new Error(`give ${specifier} a budget in tools/budget/bundles/budgets.ts`)
  expect((await bundleSize(specifier)) / 1024).toBeLessThanOrEqual(budget)
})

test('no budget is for what is not there, and none is so wide that nobody would notice', async () => {
  for (const [specifier, budget] of Object.entries(bundleBudgets)) {
    expect(specifiers).toContain(specifier)
    expect([specifier, budget - (await bundleSize(specifier)) / 1024 < 0.2 * budget + 2]).toEqual([
      specifier,
      true,
    ])
  }
})
