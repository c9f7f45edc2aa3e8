import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './workspace.ts'

/**
 * Installs a folder that has a lock of its own, unless what is there was installed from this very lock.
 *
 * @param folder - relative to the repository's root
 */
export function installOnDemand(folder: string): void {
  const cwd = join(root, folder)
  const installedFrom = join(cwd, 'node_modules/.installed-from.json')
  const lock = readFileSync(join(cwd, 'package-lock.json'), 'utf8')
  if (textOf(installedFrom) === lock) return
  console.log(`installing what is in ${folder}/package-lock.json`)
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
  writeFileSync(installedFrom, lock)
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
