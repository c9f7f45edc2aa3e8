/**
 * Packs every package that is published, and writes a page that installs them in another project.
 *
 * `--out FOLDER` says where, `tarballs` by default; tarballs that are there are replaced. `--for-publishing` refuses to
 * while the repository is unknown, and ends with a trial of `npm publish`.
 */
import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { root, workspacePackages } from '../workspace.ts'
import { installationPage } from './installation-page.ts'
import { pack } from './pack.ts'
import { neededPublication, publicationOf } from './publication.ts'

const { out, 'for-publishing': isForPublishing } = parseArgs({
  options: {
    out: { type: 'string', default: 'tarballs' },
    'for-publishing': { type: 'boolean', default: false },
  },
}).values

try {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const publication = isForPublishing ? neededPublication(manifest) : publicationOf(manifest)
  const folder = resolve(root, out)
  mkdirSync(folder, { recursive: true })
  for (const former of globSync('*.tgz', { cwd: folder })) rmSync(join(folder, former))
  const packed = workspacePackages()
    .filter(({ isPublished }) => isPublished)
    .map((each) => pack(each.folder, folder, publication))
  const page = installationPage(folder)
  writeFileSync(join(folder, 'README.md'), page)
  if (isForPublishing) for (const { tarball } of packed) tryPublishing(tarball)
  console.log(`${packed.length} tarballs in ${folder}\n\n${page}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/** As far as it goes without a registry. */
function tryPublishing(tarball: string): void {
  execFileSync('npm', ['publish', tarball, '--dry-run', '--ignore-scripts', '--access', 'public'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}
