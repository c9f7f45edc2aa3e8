import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import workspace from '../../vitest.config.ts'
import { root } from '../workspace.ts'

export default defineConfig({
  ...workspace,
  root,
  test: {
    ...workspace.test,
    include: ['tools/outside/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    // Browsers, proxies and databases are what takes the time, and need a processor, too.
    isolate: true,
    maxWorkers: Math.max(1, availableParallelism() - 1),
    testTimeout: 60_000,
  },
})
