import { currentPart } from './parts.ts'

export default {
  plugins: ['./tools/mutation/node_modules/@stryker-mutator/vitest-runner/dist/src/index.js'],
  testRunner: 'vitest',
  vitest: { configFile: 'tools/mutation/vitest.config.ts' },
  // Stryker would rewrite the project's with TypeScript's API, which TypeScript 7 does not have.
  tsconfigFile: 'none',
  mutate: currentPart().mutate,
  // Texts are not mutated, because no test is to pin them.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignorePatterns: [
    'dist',
    'packages/*/dist',
    'testing/dist',
    'deploy',
    'bench',
    'docs',
    'examples',
    'reports',
  ],
  ignoreStatic: true,
  timeoutMS: 10_000,
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: `reports/mutation-${process.env.MUTATION_PART}.json` },
  clearTextReporter: { logTests: false, reportTests: false },
}
