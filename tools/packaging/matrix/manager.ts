import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toolsFolder } from '../installed.ts'
import { run } from '../report.ts'
import type { Row } from './rows.ts'

const yarn = join(toolsFolder, '@yarnpkg/cli-dist/bin/yarn.js')

/** Installs a project with its manager. */
export function install({ manager }: Row, folder: string): void {
  switch (manager) {
    case 'npm':
      run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], folder)
      break
    case 'pnpm':
      run(join(toolsFolder, '.bin/pnpm'), ['install', '--prefer-offline', '--no-frozen-lockfile'], folder)
      break
    case 'yarn':
      // A folder of its own is a project of its own only with a lock file.
      writeFileSync(join(folder, 'yarn.lock'), '')
      writeFileSync(join(folder, '.yarnrc.yml'), 'nodeLinker: pnp\nenableTelemetry: false\n')
      run(process.execPath, [yarn, 'install', '--no-immutable'], folder, networkOfNpm())
  }
}

/** Under Plug'n'Play, programs find packages only when Yarn starts them. */
export function nodeArguments({ manager }: Row): readonly string[] {
  return manager === 'yarn' ? [yarn, 'node'] : []
}

/** How a project's own TypeScript is started, where it must be. */
export function ownTypeScript({ manager }: Row): readonly string[] | undefined {
  return manager === 'yarn' ? [process.execPath, yarn, 'tsc'] : undefined
}

/** Yarn does not read what npm was told about registry and certificates. */
function networkOfNpm(): NodeJS.ProcessEnv {
  const npm = (key: string): string => run('npm', ['config', 'get', key], toolsFolder).trim()
  const cafile = npm('cafile')
  return {
    YARN_NPM_REGISTRY_SERVER: npm('registry').replace(/\/$/, ''),
    ...(cafile === 'null' || cafile === '' ? {} : { YARN_HTTPS_CA_FILE_PATH: cafile }),
  }
}
