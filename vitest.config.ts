import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))

/** Tests run on the sources: `@behalf/<package>[/subpath]` is `src/<subpath or index>.ts`. */
const sources = [
  ...readdirSync(`${root}packages`).map((name) => [
    name === 'cli' ? 'behalf' : `@behalf/${name}`,
    `packages/${name}`,
  ]),
  ['@behalf/testing', 'testing'],
] as const

export default defineConfig({
  resolve: {
    alias: sources.flatMap(([name, folder]) => [
      { find: new RegExp(`^${name}$`), replacement: `${root}${folder}/src/index.ts` },
      { find: new RegExp(`^${name}/(.+)$`), replacement: `${root}${folder}/src/$1.ts` },
    ]),
  },
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'testing/test/**/*.test.ts',
      'examples/**/*.test.ts',
      'scripts/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    reporters: ['default', './scripts/closing-line.ts'],
    testTimeout: 15_000,
  },
})
