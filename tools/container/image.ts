import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'

/** A folder that becomes a layer of an image, and where it lies there. */
export interface Layer {
  readonly folder: string
  readonly target: string
  readonly what: string
}

/** How an image is run. */
export interface ImageSettings {
  readonly architecture: string
  readonly user: string
  readonly workingFolder: string
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly ports: readonly number[]
  readonly labels: Readonly<Record<string, string>>
  /** Said of the image, its layers and its files, so that the same commit makes the same image. */
  readonly time: Date
}

/** The name of the image in its layout. */
export const tag = 'behalf'

/** Makes an image of layers, as an OCI layout, with `umoci`, which needs no privileges for it. */
export function makeImage(layout: string, layers: readonly Layer[], settings: ImageSettings): void {
  const umoci = (...args: readonly string[]): void => {
    execFileSync('umoci', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const image = `${layout}:${tag}`
  const created = settings.time.toISOString().replace(/\.\d+Z$/, 'Z')
  const history = ['--history.created', created, '--history.author', 'tools/container']
  umoci('init', '--layout', layout)
  umoci('new', '--image', image)
  for (const { folder, target, what } of layers) {
    settle(folder, settings.time)
    umoci('insert', '--image', image, ...history, '--history.created_by', what, folder, target)
  }
  const repeated = (option: string, values: readonly string[]): readonly string[] =>
    values.flatMap((value) => [option, value])
  const pairs = (values: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(values).map(([name, value]) => `${name}=${value}`)
  umoci(
    'config',
    ...['--image', image, ...history, '--created', created, '--os', 'linux'],
    ...['--architecture', settings.architecture, '--config.user', settings.user],
    ...['--config.workingdir', settings.workingFolder, '--config.stopsignal', 'SIGTERM'],
    ...repeated('--config.entrypoint', settings.entrypoint),
    ...repeated('--config.cmd', settings.command),
    ...repeated('--config.env', pairs(settings.environment)),
    ...repeated(
      '--config.exposedports',
      settings.ports.map((port) => `${port}/tcp`),
    ),
    ...repeated('--config.label', pairs(settings.labels)),
  )
  umoci('gc', '--layout', layout)
}

/** Gives all files the same time, one owner, and no right for others to change them but what is temporary. */
function settle(folder: string, time: Date): void {
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', folder])
  execFileSync('chown', ['-R', '-h', '0:0', folder])
  for (const open of ['tmp', 'var/tmp'].map((name) => join(folder, name)))
    if (existsSync(open)) chmodSync(open, 0o1777)
  execFileSync('find', [folder, '-exec', 'touch', '-h', '-d', time.toISOString(), '{}', '+'])
}

/** Makes one file of a layout, as `skopeo`, `podman load` and `docker load` take it. */
export function archive(layout: string, file: string, time: Date): void {
  execFileSync('tar', [
    ...['--create', '--file', file, '--directory', layout, '--sort=name', '--owner=0', '--group=0'],
    ...[`--mtime=@${Math.floor(time.getTime() / 1_000)}`, '--numeric-owner', '--mode=a+rX', '.'],
  ])
}

/** Unpacks an image into a bundle of a runtime: `rootfs/` and `config.json`. */
export function unpack(layout: string, bundle: string): string {
  execFileSync('umoci', ['unpack', '--image', `${layout}:${tag}`, bundle], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return join(bundle, 'rootfs')
}
