import { defineConfig } from 'vitest/config'
import { root, workspacePackages } from './tools/workspace.ts'

/** Tests run on the sources: a subpath is the source file of what `exports` of the manifest names. */
const sources = workspacePackages().flatMap(({ subpaths }) => subpaths)

export default defineConfig({
  resolve: {
    alias: sources.map(({ specifier, source }) => ({
      find: new RegExp(`^${specifier}$`),
      replacement: `${root}${source}`,
    })),
  },
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'testing/test/**/*.test.ts',
      'examples/**/*.test.ts',
      'tools/**/*.test.ts',
    ],
    // Tests with outsiders have a run of their own: `npm run test:outside`.
    exclude: ['**/node_modules/**', 'tools/outside/**'],
    reporters: ['default', './tools/checks/closing-line.ts'],
    // Modules hold no state and nothing happens at import, so that files can share a process: starting one for each and
    // loading everything anew took as long as all tests together. Vitest would leave one of two processors free.
    isolate: false,
    maxWorkers: '100%',
    testTimeout: 15_000,
    // What is waited for comes at once; the limit is for a machine that is busy.
    expect: { poll: { timeout: 10_000 } },
  },
})
