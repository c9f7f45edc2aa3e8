import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What Node's binary is linked with, and the names of the system. No shell, no package manager. */
const packages = ['base-files', 'libc6', 'libgcc-s1', 'libstdc++6']
/** What comes along for scripts of packages, which are never run here. */
const forScripts = 'mawk'

/** The user that the image runs as; nothing in it belongs to it. */
export const user = { name: 'behalf', id: 65_532 } as const

/** A package of Debian in the image. */
export interface DebianPackage {
  readonly name: string
  readonly version: string
  readonly architecture: string
}

/**
 * Makes the files of the system from Debian's packages, as this machine gets them: of its release, from the places and
 * with the keys of its own apt, so that no address is written down here.
 *
 * @param folder - where they go; it must not exist
 * @returns what is in it
 */
export function makeBaseLayer(folder: string): readonly DebianPackage[] {
  const sources = ['/etc/apt/sources.list', ...globSync('/etc/apt/sources.list.d/*.{list,sources}')]
  execFileSync(
    'mmdebstrap',
    [
      '--variant=extract',
      '--format=directory',
      `--include=${packages.join(',')}`,
      // The archives say what was taken from them.
      '--skip=cleanup/apt',
      '--quiet',
      releaseOfThisMachine(),
      folder,
      ...sources.filter((file) => existsSync(file)),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const archives = globSync(join(folder, `var/cache/apt/archives/!(${forScripts}_)*.deb`)).toSorted()
  const found = archives.map((archive) => describe(archive, folder))
  for (const path of [
    'boot',
    'dev',
    'home',
    'media',
    'mnt',
    'opt',
    'srv',
    'etc/apt',
    `usr/bin/${forScripts}`,
    `usr/share/doc/${forScripts}`,
    'usr/share/info',
    'usr/share/lintian',
    'usr/share/locale',
    'usr/share/man',
    'var/backups',
    'var/cache',
    'var/lib/apt',
    'var/local',
    'var/log',
  ])
    rmSync(join(folder, path), { recursive: true, force: true })
  for (const mountPoint of ['dev', 'proc', 'sys', 'run'])
    mkdirSync(join(folder, mountPoint), { recursive: true })
  const { name, id } = user
  writeFileSync(
    join(folder, 'etc/passwd'),
    `root:x:0:0:root:/root:/nologin\n${name}:x:${id}:${id}::/behalf:/nologin\n`,
  )
  writeFileSync(join(folder, 'etc/group'), `root:x:0:\n${name}:x:${id}:\n`)
  writeFileSync(join(folder, 'etc/nsswitch.conf'), 'hosts: files dns\n')
  return found
}

/** Leaves the package's own words where scanners of images without a package manager look for them. */
function describe(archive: string, folder: string): DebianPackage {
  const control = execFileSync('dpkg-deb', ['--field', archive], { encoding: 'utf8' })
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(control)?.[1] ?? ''
  const status = join(folder, 'var/lib/dpkg/status.d')
  mkdirSync(status, { recursive: true })
  writeFileSync(join(status, field('Package')), control)
  return { name: field('Package'), version: field('Version'), architecture: field('Architecture') }
}

function releaseOfThisMachine(): string {
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
  if (release === undefined) throw new Error('/etc/os-release does not say which release this is')
  return release
}
