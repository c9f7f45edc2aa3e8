import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Packed, withDependencies } from '../release/pack.ts'
import { root } from '../workspace.ts'
import { check, run } from './report.ts'

const tsc = join(root, 'node_modules/.bin/tsc')

/**
 * Installs a package and what it needs into an empty project, loads every subpath with `import`, and with `require`
 * where it says so, and type-checks them under both ways of resolving modules, its declarations included.
 */
export function tryAlone(packed: Packed, all: readonly Packed[], project: string): void {
  const { manifest, modules, isDual } = packed
  mkdirSync(project, { recursive: true })
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const tarballs = withDependencies(packed, all).map(({ tarball }) => tarball)
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter((peer) => !peer.startsWith('@aws-sdk/'))
  const options = ['--no-audit', '--no-fund', '--prefer-offline']
  run('npm', ['install', ...options, ...tarballs, ...peers, '@types/node@24'], project)
  for (const module of modules) {
    check(`${module} can be imported`, () => load(`await import('${module}')`, 'module', project))
    if (isDual) check(`${module} can be required`, () => load(`require('${module}')`, 'commonjs', project))
  }
  writeFileSync(join(project, 'main.ts'), everything(modules))
  check(`${manifest.name} type-checks under nodenext`, () =>
    typeCheck('main.ts', 'nodenext', 'nodenext', project),
  )
  check(`${manifest.name} type-checks under bundler`, () =>
    typeCheck('main.ts', 'esnext', 'bundler', project),
  )
  if (!isDual) return
  writeFileSync(join(project, 'main.cts'), everything(modules))
  check(`${manifest.name} type-checks from CommonJS`, () =>
    typeCheck('main.cts', 'nodenext', 'nodenext', project),
  )
}

function load(expression: string, type: 'module' | 'commonjs', project: string): void {
  const script = `if (Object.keys(${expression}).length === 0) throw new Error('it exports nothing')`
  run(process.execPath, [`--input-type=${type}`, '--eval', script], project)
}

function everything(modules: readonly string[]): string {
  return modules
    .map((module, index) => `import * as m${index} from '${module}'\nexport { m${index} }`)
    .join('\n')
}

function typeCheck(file: string, module: string, moduleResolution: string, project: string): void {
  const options = ['--noEmit', '--strict', '--target', 'es2024', '--types', 'node', '--skipLibCheck', 'false']
  run(tsc, [...options, '--module', module, '--moduleResolution', moduleResolution, file], project)
}
