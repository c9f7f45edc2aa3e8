import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundleBudgets } from '../budget/bundles/budgets.ts'
import { productionDependencies } from '../production-dependencies.ts'
import { root } from '../workspace.ts'
import { dependencyReference } from './dependencies.ts'

test('docs/dependencies.md is as the lock and the budgets say: node tools/reference/dependencies.ts', () => {
  const { present, wanted } = dependencyReference()
  expect(present).toBe(wanted)
})

test('README.md names the versions of Node that the packages need, and the version', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const [workspace, cli, client, verify] = ['', 'packages/cli', 'packages/client', 'packages/verify'].map(
    (folder) => manifestOf(folder),
  )
  expect(readme).toContain(`On a machine with Node ${workspace?.node} or later`)
  expect(readme).toContain(`with Node ${cli?.node} or later, from an empty folder`)
  expect(readme).toContain(`| SDKs | Node ${client?.node} and later`)
  expect(verify?.node).toBe(client?.node)
  expect(readme).toContain(`version ${client?.version}, and nothing here`)
})

test('README.md names the sizes and counts that are held', () => {
  const client = bundleBudgets['@behalf/client']
  const verify = bundleBudgets['@behalf/verify']
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(
    `The client adds at most ${client} KB to a bundle, the verifier ${verify} KB; they bring [two packages and none]`,
  )
  expect(['client', 'verify'].map((name) => productionDependencies(`packages/${name}`).length)).toEqual([
    2, 0,
  ])
})

function manifestOf(folder: string): { readonly node: string; readonly version: unknown } {
  const manifest: unknown = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const { engines, version } = Object(manifest)
  return { node: String(engines.node).replace('>=', ''), version }
}
