import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { array, type InferOutput, looseObject, number, object, parse, string } from 'valibot'

const Descriptor = looseObject({ digest: string(), size: number() })
const Index = looseObject({ manifests: array(Descriptor) })
const Manifest = looseObject({ config: Descriptor, layers: array(Descriptor) })
const ImageConfig = looseObject({
  architecture: string(),
  created: string(),
  config: looseObject({
    User: string(),
    Env: array(string()),
    Entrypoint: array(string()),
    Cmd: array(string()),
    WorkingDir: string(),
    StopSignal: string(),
    ExposedPorts: object({ '8080/tcp': looseObject({}) }),
  }),
})

/** What an image says of itself. */
export type ImageConfig = InferOutput<typeof ImageConfig>['config']

/** Reads an image from its layout: how it is run, and the sizes of its layers. */
export function readImage(layout: string): {
  readonly config: ImageConfig
  readonly layerBytes: readonly number[]
} {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(layout, path), 'utf8'))
  const blob = ({ digest }: { readonly digest: string }): unknown => read(`blobs/${digest.replace(':', '/')}`)
  const [image] = parse(Index, read('index.json')).manifests
  if (image === undefined) throw new Error('the layout has no image')
  const { config, layers } = parse(Manifest, blob(image))
  return { config: parse(ImageConfig, blob(config)).config, layerBytes: layers.map(({ size }) => size) }
}

/** Where a container's root is, how the image says it is run, and what is mounted into it. */
export interface ContainerSetup {
  readonly rootfs: string
  readonly config: ImageConfig
  /** Folders of this machine, by where they are mounted, for reading. */
  readonly mounts?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
  /** In place of the image's own. */
  readonly entrypoint?: readonly string[]
}

/** What the kernel gives a container, without a runtime: its own root, read-only, its own processes, its own user. */
const enter = `set -e
root="$1"; wd="$2"; user="$3"; group="$4"; mounts="$5"; shift 5
mount --make-rprivate /
mount --bind "$root" "$root"
for mount in $mounts; do mount --bind "\${mount%%=*}" "$root\${mount#*=}"; mount -o remount,bind,ro "$root\${mount#*=}"; done
mount -t proc proc "$root/proc"
mount -o remount,bind,ro "$root"
exec unshare --root="$root" --wd="$wd" --setgid="$group" --setuid="$user" "$@"`

/** A process in a root file system of its own, as its first. */
export class Container implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>
  #output = ''

  constructor(
    args: readonly string[],
    { rootfs, config, mounts = {}, environment = {}, entrypoint }: ContainerSetup,
  ) {
    const [user = '', group = user] = config.User.split(':')
    const listed = Object.entries(mounts).map(([target, source]) => `${source}=${target}`)
    const told = config.Env.map((line): [string, string] => [
      line.slice(0, line.indexOf('=')),
      line.slice(line.indexOf('=') + 1),
    ])
    // The command is looked for in the container's own path, and what leads there in this machine's.
    const { PATH = '', ...env } = { ...Object.fromEntries(told), ...environment }
    const inside = [...(entrypoint ?? config.Entrypoint), ...args]
    this.#child = spawn(
      '/usr/bin/unshare',
      [
        ...['--mount', '--pid', '--fork', '--kill-child', '/bin/sh', '-c', enter, 'enter'],
        ...[rootfs, config.WorkingDir, user, group, listed.join(' '), ...inside],
      ],
      { env: { ...env, PATH: `${PATH}:/usr/bin:/bin:/usr/sbin:/sbin` }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    this.#exited = once(this.#child, 'close')
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (text: Buffer) => {
        this.#output += text.toString()
      })
  }

  /** What it has written so far. */
  get output(): string {
    return this.#output
  }

  /** The process as this machine sees it. */
  get pid(): number {
    const outer = String(this.#child.pid)
    return Number(readFileSync(`/proc/${outer}/task/${outer}/children`, 'utf8').trim())
  }

  /** Waits until it has written something. */
  async line(wanted: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = wanted.exec(this.#output)
      if (found !== null) return found
      if (this.#child.exitCode !== null) throw new Error(`it ended: ${this.#output}`)
      await Promise.race([once(this.#child.stdout ?? this.#child, 'data'), this.#exited])
    }
  }

  /** Waits for its end. @returns its exit code */
  async ended(): Promise<number | null> {
    await this.#exited
    return this.#child.exitCode
  }

  /** Tells it to end, as a runtime does with the image's `StopSignal`. */
  async stop(): Promise<number | null> {
    process.kill(this.pid, 'SIGTERM')
    return this.ended()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL')
    await this.#exited
  }
}
