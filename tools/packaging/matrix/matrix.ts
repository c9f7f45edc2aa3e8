import { join } from 'node:path'
import type { Packed } from '../../release/pack.ts'
import { nodeBinary, versionOf } from '../installed.ts'
import { checkLater, run } from '../report.ts'
import { install } from './manager.ts'
import { writeProject } from './project.ts'
import { type Row, rows } from './rows.ts'
import { compile, execute } from './runner.ts'

/** Tries the SDKs in every set-up of the table, and prints it. */
export async function tryMatrix(packed: readonly Packed[], work: string, only?: string): Promise<void> {
  const sdks = packed.filter(({ isDual }) => isDual)
  await checkLater('the lowest Node of the matrix is the lowest of engines', async () => {
    for (const { manifest } of sdks) {
      const lowest = `v${manifest.engines.node.replace('>=', '')}.0.0`.split('.').slice(0, 3).join('.')
      const found = run(nodeBinary('lowest'), ['--version'], work).trim()
      if (found !== lowest) throw new Error(`${manifest.name} names ${lowest}, but ${found} is tried`)
    }
  })
  const table: object[] = []
  for (const [index, [name, row]] of Object.entries(rows).entries()) {
    if (only !== undefined && !name.includes(only)) continue
    const held = await checkLater(name, () => tryRow(row, sdks, join(work, `row-${index}`)))
    table.push({ row: name, ...describe(row), result: held ? 'ok' : 'FAILED' })
  }
  console.table(table)
}

async function tryRow(row: Row, sdks: readonly Packed[], folder: string): Promise<void> {
  writeProject(row, sdks, folder)
  install(row, folder)
  compile(row, folder)
  await execute(row, folder)
}

function describe(row: Row): object {
  return {
    manager: row.manager === 'yarn' ? 'yarn PnP' : row.manager,
    node: versionOf(`node-${row.node}`),
    typescript: row.typescript,
    from: row.type === 'commonjs' ? 'CommonJS' : 'ES modules',
    module: `${row.module}, ${row.moduleResolution}`,
    'types/node': row.nodeTypes,
    strict: row.strict,
    declaration: row.declaration,
    runner: row.runner,
  }
}
