import { defineConfig } from 'vitest/config'
import workspace from '../../vitest.config.ts'
import { currentPart } from './parts.ts'

export default defineConfig({
  ...workspace,
  // Mutants are many, and a process for each file of tests would take longer than the tests.
  test: { ...workspace.test, include: [...currentPart().tests], isolate: false, reporters: ['dot'] },
})
