/** Only what decides: who is let through, and why not. Texts are not mutated, because no test is to pin them. */
export default {
  plugins: ['./scripts/mutation/node_modules/@stryker-mutator/vitest-runner/dist/src/index.js'],
  testRunner: 'vitest',
  vitest: { configFile: 'scripts/mutation/vitest.config.ts' },
  // Stryker would rewrite the project's with TypeScript's API, which TypeScript 7 does not have.
  tsconfigFile: 'none',
  mutate: [
    'packages/core/src/{jwt,jws,jwks,delegation}/**/*.ts',
    'packages/hook/src/{pipeline,assertion}/**/*.ts',
    'packages/hook/src/okta/applicability.ts',
    'packages/verify/src/{verifier,access,mode,scopes,authorize-request,authorization-header}.ts',
  ],
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
  concurrency: 1,
  timeoutMS: 10_000,
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: 'reports/mutation.json' },
  clearTextReporter: { logTests: false, reportTests: false },
}
