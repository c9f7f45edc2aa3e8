import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configurationPath, renderConfiguration } from './configuration.ts'

test('the tables of the configuration are what comments and rules say; if not, run tools/reference/configuration.ts', () => {
  const document = readFileSync(configurationPath, 'utf8')
  expect(document).toBe(renderConfiguration(document))
})
