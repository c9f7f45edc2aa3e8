/** Turns the changes of `.changeset/` into the next version of every package, and its part of the changelog. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { root } from '../workspace.ts'
import { addVersion, type Change } from './changelog.ts'

/** What `changeset status` tells of what is to come. */
interface Status {
  readonly changesets: readonly {
    readonly summary: string
    readonly releases: readonly { readonly type: Change['type'] | 'none' }[]
  }[]
  readonly releases: readonly {
    readonly name: string
    readonly type: Change['type'] | 'none'
    readonly newVersion: string
  }[]
}

const status = readStatus()
const versions = new Set(
  status.releases.filter(({ type }) => type !== 'none').map(({ newVersion }) => newVersion),
)
const [version = '', ...others] = versions
if (others.length > 0) throw new Error(`the packages would not go in lock-step: ${[...versions].join(', ')}`)
const changelog = join(root, 'CHANGELOG.md')
writeFileSync(changelog, addVersion(readFileSync(changelog, 'utf8'), version, changesOf(status)))
changeset('version')
execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: root, stdio: 'inherit' })
console.log(`${version}: look at the changes, commit them, and tag the commit v${version}`)

function readStatus(): Status {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-versions-'))
  try {
    const file = join(folder, 'status.json')
    // It wants a path that begins at the repository.
    changeset('status', '--output', relative(root, file))
    return JSON.parse(readFileSync(file, 'utf8'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function changesOf({ changesets }: Status): readonly Change[] {
  return changesets.flatMap(({ summary, releases }) => {
    const types = releases.map(({ type }) => type)
    const type = (['major', 'minor', 'patch'] as const).find((each) => types.includes(each))
    return type === undefined ? [] : [{ type, summary }]
  })
}

function changeset(...args: readonly string[]): void {
  execFileSync(process.execPath, ['tools/versions/node_modules/@changesets/cli/bin.js', ...args], {
    cwd: root,
    stdio: 'inherit',
  })
}
