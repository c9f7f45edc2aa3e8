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
    testTimeout: 60_000,
  },
})
