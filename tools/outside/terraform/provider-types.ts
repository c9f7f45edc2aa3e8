import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A packed provider whose types say what its resources take; nothing of it is installed. */
interface PackedProvider {
  readonly name: string
  readonly version: string
  readonly integrity: string
}

/** The newest that there are: the providers' own versions are 4.20.0 and 6.25.0. */
export const packedProviders = {
  okta: {
    name: '@cdktf/provider-okta',
    version: '14.1.1',
    integrity:
      'sha512-AMRJ4pQlv+HTJ+HUBuL9hQncig5w2/KAc9TtfJWE245irBSyIvQI8gB6trScfkXTz/7d3cBnhAvgDScqDOxglg==',
  },
  aws: {
    name: '@cdktf/provider-aws',
    version: '21.22.1',
    integrity:
      'sha512-BuSHeaQFUL9l33pBzIMRT7cTQ69AM2mLtijjteCPhVQRmvuhuj9Lvfymf7knAMhYqAT6+Lrls9jiGVW/Us3zrQ==',
  },
} as const satisfies Readonly<Record<string, PackedProvider>>

/** An attribute or a block of a resource. */
export interface AttributeType {
  readonly isRequired: boolean
  /** As the types have it: `string`, `string[]`, `number`, or what the block consists of. */
  readonly type: string | BlockType
}

/** What a resource or a block takes, by Terraform's names. */
export type BlockType = ReadonlyMap<string, AttributeType>

/** Fetches a provider and reads what some of its resources take. @throws Error when it is not what was pinned */
export function readProviderTypes(
  { name, version, integrity }: PackedProvider,
  prefix: string,
  resources: readonly string[],
): ReadonlyMap<string, BlockType> {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-provider-'))
  try {
    const packed = execFileSync('npm', ['pack', '--silent', `${name}@${version}`], { cwd: folder })
    const file = join(folder, packed.toString().trim())
    const hash = createHash('sha512').update(readFileSync(file)).digest('base64')
    if (`sha512-${hash}` !== integrity) throw new Error(`${name}@${version} is not what was pinned`)
    const pathOf = (resource: string): string =>
      `package/lib/${resource.slice(prefix.length).replaceAll('_', '-')}/index.d.ts`
    execFileSync('tar', ['xzf', file, ...resources.map(pathOf)], { cwd: folder })
    return new Map(
      resources.map((resource) => [
        resource,
        readTypes(readFileSync(join(folder, pathOf(resource)), 'utf8')),
      ]),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The first interface is the resource's own; blocks name others of the file. */
function readTypes(source: string): BlockType {
  const bodies = new Map(
    [...source.matchAll(/^export interface (\w+)(?: extends [\w.]+)? \{\n([\s\S]*?)^\}/gm)].map(
      ([, name = '', body = '']) => [name, body],
    ),
  )
  const own = [...bodies.keys()].find((name) => name.endsWith('Config') && source.includes(`${name} extends`))
  const blockOf = (name: string): BlockType =>
    new Map(
      [
        ...(bodies.get(name) ?? '').matchAll(
          /#([a-z0-9_]+) \w+#\1\}[\s\S]*?readonly \w+(\??): ([\s\S]*?);\n(?= {4}\/\*\*|$)/g,
        ),
      ].map(([, attribute = '', mark, type = '']) => {
        const plain = type.replace(/ \| cdktf\.IResolvable/, '')
        const block = plain.replace(/\[\]$/, '')
        return [attribute, { isRequired: mark === '', type: bodies.has(block) ? blockOf(block) : plain }]
      }),
    )
  return blockOf(own ?? '')
}
