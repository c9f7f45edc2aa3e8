import { join } from 'node:path'
import { root } from '../../workspace.ts'
import { nodeBinary, toolsFolder } from '../installed.ts'
import { run } from '../report.ts'
import { bundle } from './bundle.ts'
import { nodeArguments, ownTypeScript } from './manager.ts'
import type { Row } from './rows.ts'

const compilers: Readonly<Record<Row['typescript'], string>> = {
  '5.0': join(toolsFolder, 'typescript-5.0/bin/tsc'),
  '5.9': join(toolsFolder, 'typescript/bin/tsc'),
  '6': join(toolsFolder, 'typescript-6/bin/tsc'),
  '7': join(root, 'node_modules/typescript/bin/tsc'),
}

/** Type-checks a project, its dependencies' declarations included, and writes what is run. */
export function compile(row: Row, folder: string): void {
  const [command = '', ...args] = ownTypeScript(row) ?? [process.execPath, compilers[row.typescript]]
  run(command, [...args, '-p', folder], folder)
}

/** Runs the exchange of a project. */
export async function execute(row: Row, folder: string): Promise<void> {
  const node = nodeBinary(row.node)
  const env = { CLIENT_SECRET: 'a secret of the matrix', NODE_OPTIONS: '' }
  if (row.runner === 'jest') {
    const jest = join(toolsFolder, 'jest/bin/jest.js')
    run(node, [jest, '--rootDir', folder, '--config', JSON.stringify(jestConfig)], folder, env)
    return
  }
  const main = row.runner === 'node' ? 'out/main.js' : await bundle(row.runner, folder)
  const output = run(node, [...nodeArguments(row), main], folder, env)
  if (output.trim() !== 'API B saw ann@example.com') throw new Error(`it printed: ${output}`)
}

const jestConfig = {
  // The first require of a seal's cryptography is part of the test, and the machine may be busy.
  testTimeout: 60_000,
  testEnvironment: join(toolsFolder, 'jest-environment-node'),
  roots: ['<rootDir>/src'],
  transform: { '^.+\\.ts$': join(toolsFolder, 'ts-jest') },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
}
