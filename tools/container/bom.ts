import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { array, type InferOutput, looseObject, parse, string } from 'valibot'
import type { DebianPackage } from './base-layer.ts'

const Bom = looseObject({
  bomFormat: string(),
  specVersion: string(),
  components: array(looseObject({ 'bom-ref': string() })),
  dependencies: array(looseObject({ ref: string() })),
})

/** A bill of materials, as CycloneDX has it. */
export type Bom = InferOutput<typeof Bom>

/** What npm says that is installed in a folder. */
export function bomOf(folder: string, omitting: readonly string[]): Bom {
  const text = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', ...omitting], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1_048_576,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return parse(Bom, JSON.parse(text))
}

/** What is in an image besides npm's packages. */
export interface SystemParts {
  readonly version: string
  readonly nodeVersion: string
  readonly debian: readonly DebianPackage[]
  /** When it is made, for everybody who makes it from the same commit. */
  readonly time: Date
}

/**
 * Puts together what is in the image.
 *
 * @see https://cyclonedx.org/docs/1.5/json/
 */
export function describeImage(
  boms: readonly Bom[],
  { version, nodeVersion, debian, time }: SystemParts,
): string {
  const components = new Map<string, object>()
  for (const component of boms.flatMap((bom) => bom.components))
    components.set(component['bom-ref'], component)
  const node = `pkg:generic/node@${nodeVersion}`
  components.set(node, {
    'bom-ref': node,
    type: 'application',
    name: 'node',
    version: nodeVersion,
    purl: node,
  })
  for (const { name, version: found, architecture } of debian) {
    const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(found)}?arch=${architecture}`
    components.set(purl, { 'bom-ref': purl, type: 'library', name, version: found, purl })
  }
  const [first] = boms
  return `${JSON.stringify(
    {
      bomFormat: 'CycloneDX',
      specVersion: first?.specVersion,
      version: 1,
      metadata: {
        timestamp: time.toISOString(),
        component: { 'bom-ref': `behalf@${version}`, type: 'container', name: 'behalf', version },
      },
      components: [...components.values()],
      dependencies: boms.flatMap((bom) => bom.dependencies),
    },
    null,
    2,
  )}\n`
}

/** The version that the manifest of a folder says. */
export function versionOf(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return parse(looseObject({ version: string() }), manifest).version
}
