/**
 * Writes the tables of docs/telemetry.md from the one table of signals: `node tools/reference/telemetry.ts`. A test holds
 * the document to it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import {
  type AttributeRow,
  attributes,
  type OperationRow,
  operations,
  type QuantityRow,
  quantities,
} from '../../packages/core/src/telemetry/signals.ts'

/** The document that has the tables. */
export const telemetryReferencePath: string = fileURLToPath(
  new URL('../../docs/telemetry.md', import.meta.url),
)

const operationRows: Readonly<Record<string, OperationRow>> = operations
const quantityRows: Readonly<Record<string, QuantityRow>> = quantities
const attributeRows: Readonly<Record<string, AttributeRow>> = attributes

/** What Prometheus calls a metric. */
export function prometheusName(name: string): string {
  const plain = name.replaceAll('.', '_')
  return name in quantityRows && quantityRows[name]?.kind === 'counter' ? `${plain}_total` : plain
}

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ') || '–'

const tables: Readonly<Record<string, () => readonly string[]>> = {
  operations: () => [
    '| span, and histogram `<name>.duration` in seconds | kind | what it is | on both | on the span alone |',
    '|---|---|---|---|---|',
    ...Object.entries(operationRows).map(
      ([name, { kind, about, attributes: both, details, titledBy }]) =>
        `| \`${name}\`${titledBy === undefined ? '' : `, followed by \`${titledBy}\` as the span's name`} | ${kind} | ${about} | ${code(both)} | ${code(details)} |`,
    ),
  ],
  quantities: () => [
    '| metric | kind | unit | what it is | attributes |',
    '|---|---|---|---|---|',
    ...Object.entries(quantityRows).map(
      ([name, { kind, unit, about, attributes: all }]) =>
        `| \`${name}\` | ${kind} | \`${unit}\` | ${about} | ${code(all)} |`,
    ),
  ],
  attributes: () => [
    '| attribute | what it says | values |',
    '|---|---|---|',
    ...Object.entries(attributeRows).map(
      ([name, { about, values = [] }]) => `| \`${name}\` | ${about} | ${code(values)} |`,
    ),
  ],
  alerts: () => [
    '| alert | severity | when |',
    '|---|---|---|',
    ...alerts().map(({ name, severity, summary }) => `| \`${name}\` | ${severity} | ${summary} |`),
  ],
  prometheus: () => [
    '| at `--metrics-port` | is |',
    '|---|---|',
    ...Object.keys(operationRows).map(
      (name) =>
        `| \`${prometheusName(`${name}.duration`)}_bucket\`, \`…_count\`, \`…_sum\` | \`${name}.duration\` |`,
    ),
    ...Object.keys(quantityRows).map((name) => `| \`${prometheusName(name)}\` | \`${name}\` |`),
  ],
}

interface Alert {
  readonly name: string
  readonly severity: string
  readonly summary: string
}

/** The alerts of `deploy/observability`; what their summaries take from labels is left out. */
function alerts(): readonly Alert[] {
  const { groups } = Object(
    parse(readFileSync(new URL('../../deploy/observability/alerts.yaml', import.meta.url), 'utf8')),
  )
  return groups.flatMap(({ rules }: { rules: readonly Record<string, unknown>[] }) =>
    rules.map(({ alert, labels, annotations }) => ({
      name: String(alert),
      severity: Object(labels).severity,
      summary: Object(annotations).summary.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, '`$1`'),
    })),
  )
}

/** A document with its tables written anew. */
export function withTables(document: string): string {
  return document.replaceAll(
    /(<!-- table: (\w+) -->\n)[\s\S]*?(\n<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => {
      const rows = tables[name]
      if (rows === undefined) throw new Error(`there is no table ${name}`)
      return `${begin}\n${rows().join('\n')}\n${end}`
    },
  )
}

if (import.meta.main)
  writeFileSync(telemetryReferencePath, withTables(readFileSync(telemetryReferencePath, 'utf8')))
