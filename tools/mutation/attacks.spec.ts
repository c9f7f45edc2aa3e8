import { catalogue, fetchTarget, listFailures, runAttacks } from '@behalf/testing/attacks'
import { expect, it } from 'vitest'

/** A test for each category, so that a mutant is judged by the attacks that reach it, and no longer than it lives. */
it.each(catalogue)('$name', async (category) => {
  expect(listFailures(await runAttacks([category], { hooks: [fetchTarget], apis: [] }))).toEqual([])
})
