/**
 * Links packages of the workspace that npm has not linked yet: after a pull that brought one, everything that imports it
 * would fail to build until the next `npm ci`.
 */
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { root, workspacePackages } from '../workspace.ts'

for (const { name, folder } of workspacePackages()) {
  const link = join(root, 'node_modules', name)
  if (existsSync(link)) continue
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(relative(dirname(link), join(root, folder)), link, 'junction')
}
