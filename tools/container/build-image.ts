import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installOnDemand } from '../on-demand.ts'
import { root } from '../workspace.ts'
import { makeAppLayer } from './app-layer.ts'
import { makeBaseLayer, user } from './base-layer.ts'
import { describeImage, versionOf } from './bom.ts'
import { archive, makeImage } from './image.ts'

/** An image that was made. */
export interface BuiltImage {
  /** An OCI layout, a folder. */
  readonly layout: string
  /** The same as one file. */
  readonly archive: string
  /** What is in it, CycloneDX. */
  readonly bom: string
  readonly compressedBytes: number
}

/** What registries call the architectures of machines that Node runs on. */
const architectures: Readonly<Partial<Record<NodeJS.Architecture, string>>> = { x64: 'amd64', arm64: 'arm64' }

/** Makes the image of hook, sidecar and sandbox for machines like this one. Packages must be built. */
export function buildImage(output: string): BuiltImage {
  const architecture = architectures[process.arch]
  if (architecture === undefined) throw new Error(`there is no Node for ${process.arch} here`)
  const time = new Date(1_000 * Number(git('log', '-1', '--format=%ct')))
  const stage = mkdtempSync(join(tmpdir(), 'behalf-image-'))
  try {
    const [base, node, app] = [join(stage, 'base'), join(stage, 'node'), join(stage, 'behalf')]
    const debian = makeBaseLayer(base)
    const nodeVersion = takeNode(node)
    const boms = makeAppLayer(app)
    const version = versionOf(app)
    const bom = describeImage(boms, { version, nodeVersion, debian, time })
    rmSync(output, { recursive: true, force: true })
    mkdirSync(output, { recursive: true })
    const built = {
      layout: join(output, 'oci'),
      archive: join(output, 'behalf.oci.tar'),
      bom: join(output, 'sbom.cdx.json'),
    }
    writeFileSync(join(app, 'sbom.cdx.json'), bom)
    writeFileSync(built.bom, bom)
    makeImage(
      built.layout,
      [
        { folder: base, target: '/', what: "Debian's libraries" },
        { folder: node, target: '/usr/local', what: 'Node' },
        { folder: app, target: '/behalf', what: 'behalf and what it depends on' },
      ],
      {
        architecture,
        time,
        user: `${user.id}:${user.id}`,
        workingFolder: '/behalf',
        entrypoint: ['node', 'packages/cli/bin/behalf.js'],
        command: ['serve', '--host', '0.0.0.0', '--port', '8080'],
        environment: { PATH: '/usr/local/bin', NODE_ENV: 'production' },
        ports: [8_080],
        labels: {
          'org.opencontainers.image.title': 'behalf',
          'org.opencontainers.image.version': version,
          'org.opencontainers.image.revision': git('rev-parse', 'HEAD'),
          'org.opencontainers.image.licenses': 'MIT',
        },
      },
    )
    archive(built.layout, built.archive, time)
    return { ...built, compressedBytes: statSync(built.archive).size }
  } finally {
    rmSync(stage, { recursive: true })
  }
}

/** The binary of npm's `node`, held by a lock. @returns its version */
function takeNode(folder: string): string {
  installOnDemand('tools/container/node')
  const source = join(root, `tools/container/node/node_modules/node-linux-${process.arch}`)
  mkdirSync(join(folder, 'bin'), { recursive: true })
  mkdirSync(join(folder, 'share/doc/node'), { recursive: true })
  copyFileSync(join(source, 'bin/node'), join(folder, 'bin/node'))
  copyFileSync(join(source, 'LICENSE'), join(folder, 'share/doc/node/LICENSE'))
  return versionOf(source)
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
}
