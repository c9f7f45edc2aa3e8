/** Removes what `tsc -b` leaves in `dist` of sources that are gone, so that it is not published. */
import { existsSync, globSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, workspacePackages } from '../workspace.ts'

for (const { folder } of workspacePackages()) {
  const dist = join(root, folder, 'dist')
  for (const file of globSync('**/*.{js,d.ts}', { cwd: dist, exclude: ['cjs/**'] })) {
    const source = join(root, folder, 'src', file.replace(/(?:\.d\.ts|\.js)$/, '.ts'))
    if (!existsSync(source)) rmSync(join(dist, file))
  }
}
