/** Installs the runtimes, each folder from its own lock, unless they are there already. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

function install(folder: string): void {
  if (existsSync(`${folder}node_modules/.package-lock.json`)) return
  console.log(
    `installing what is in ${folder.slice(here.length - 'tools/runtimes/'.length)}package-lock.json`,
  )
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' })
}

install(here)
try {
  install(`${here}lambda/`)
} catch {
  // It compiles its client, which takes cmake and a C++ compiler; the least possible client does without.
  console.error(
    'aws-lambda-ric could not be installed; the packed function is run by lambda/bootstrap.mjs instead',
  )
}
