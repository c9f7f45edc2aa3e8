import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { attributes, operations, quantities } from '../../packages/core/src/telemetry/signals.ts'
import { telemetryReferencePath, withTables } from './telemetry.ts'

const document = readFileSync(telemetryReferencePath, 'utf8')

test('the tables of spans and metrics are what the code says; if not, run tools/reference/telemetry.ts', () => {
  expect(document).toBe(withTables(document))
})

test('they name everything there is', () => {
  for (const name of [operations, quantities, attributes].flatMap((table) => Object.keys(table)))
    expect(document).toContain(`| \`${name}\``)
})
