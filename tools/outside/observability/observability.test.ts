import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isErrorCode } from '@behalf/core'
import { attributes, operations, quantities } from '@behalf/core/internal'
import { describe, expect, onTestFinished, test } from 'vitest'
import { prometheusName } from '../../reference/telemetry.ts'
import { withOutsider } from '../outsider.ts'
import { faults, play } from './faults.ts'

const folder = fileURLToPath(new URL('../../../deploy/observability/', import.meta.url))
const rules = readFileSync(join(folder, 'alerts.yaml'), 'utf8')
const dashboard = JSON.parse(readFileSync(join(folder, 'dashboard.json'), 'utf8'))

function promtool(...args: readonly string[]): string {
  return execFileSync('promtool', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Every expression of the dashboard, as Grafana would send it. */
const expressions: readonly string[] = dashboard.panels.flatMap(
  ({ targets = [] }: { targets?: readonly { readonly expr: string }[] }) =>
    targets.map(({ expr }) => expr.replaceAll(/\$__(?:rate_interval|range)/g, '5m').replaceAll('$job', '.*')),
)

describe('what the dashboard and the alerts name', () => {
  const texts = [rules, ...expressions]
  const metrics = new Set(texts.flatMap((text) => text.match(/\bbehalf_\w+(?=[{[ )]|$)/g) ?? []))
  const labels = new Set(
    texts.flatMap((text) => [...text.matchAll(/([a-z]\w+)(?==~?"|!=")/g)].map(([, name]) => name ?? '')),
  )
  const known = new Set([
    ...Object.keys(operations).flatMap((name) =>
      ['bucket', 'count', 'sum'].map((part) => `${prometheusName(`${name}.duration`)}_${part}`),
    ),
    ...Object.keys(quantities).map(prometheusName),
  ])
  const knownLabels = new Set(Object.keys(attributes).map((name) => name.replaceAll('.', '_')))

  test('is in the table of telemetry', () => {
    const used = [...metrics].filter((name) => !knownLabels.has(name))
    expect(used.length).toBeGreaterThan(10)
    expect(used.filter((name) => !known.has(name))).toEqual([])
    expect(
      [...labels].filter((name) => !knownLabels.has(name) && !['job', 'alertname'].includes(name)),
    ).toEqual([])
  })

  test('are codes that there are', () => {
    const codes = [...rules.matchAll(/behalf_code=~?"([^"]+)"/g)].flatMap(([, list = '']) => list.split('|'))
    expect(codes.length).toBeGreaterThan(10)
    expect(codes.filter((code) => !isErrorCode(code))).toEqual([])
  })
})

withOutsider({ name: 'Prometheus', debianPackage: 'prometheus', probe: ['promtool', '--version'] }, () => {
  test('rules and configuration are what Prometheus takes, and the rules do what they are for', () => {
    expect(promtool('check', 'config', 'prometheus.yaml')).toContain('SUCCESS')
    expect(promtool('test', 'rules', 'alerts.test.yaml')).toContain('SUCCESS')
  })

  test('every expression of the dashboard can be evaluated', () => {
    const place = mkdtempSync(join(tmpdir(), 'behalf-dashboard-'))
    onTestFinished(() => rmSync(place, { recursive: true }))
    const recorded = expressions.map((expr, index) => ({ record: `panel:${index}`, expr }))
    const file = join(place, 'rules.yaml')
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: recorded }] }))
    expect(promtool('check', 'rules', file)).toContain(`${expressions.length} rules found`)
  })

  test.each(faults)('when $name', async (fault) => {
    expect(await play(fault)).toEqual(fault.fires.toSorted())
  })
})
