import { defineConfig } from 'vitest/config'
import workspace from '../../vitest.config.ts'

/** The tests that say what is right and wrong, without those that wait, fuzz, leak-check or start processes. */
export default defineConfig({
  ...workspace,
  test: {
    ...workspace.test,
    include: [
      'packages/core/test/**/*.test.ts',
      'packages/hook/test/{config,pipeline,policy}/**/*.test.ts',
      'packages/hook/test/*.test.ts',
      'packages/hook/test/faults/{key-life,policy,wrong-clock}.test.ts',
      'packages/verify/test/*.test.ts',
      'testing/test/attacks.test.ts',
    ],
    reporters: ['dot'],
  },
})
