import type { LambdaBundle } from './bundle.ts'

/** What a part of a bundle takes. */
export interface Share {
  /** A package, or `configuration` for what lies in no package. */
  readonly name: string
  readonly bytes: number
}

/** Says what takes the space of a bundle, the largest part first. */
export function composition({ inputs }: LambdaBundle): readonly Share[] {
  const shares = new Map<string, number>()
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const name = packageOf(path)
    shares.set(name, (shares.get(name) ?? 0) + bytesInOutput)
  }
  return [...shares].map(([name, bytes]) => ({ name, bytes })).toSorted((a, b) => b.bytes - a.bytes)
}

/** Packages of the workspace are linked, so that their files lie in `packages/<name>/dist`. */
function packageOf(path: string): string {
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]
  const linked = /\/packages\/([^/]+)\/dist\//.exec(path)?.[1]
  return installed ?? (linked === undefined ? 'configuration' : `@behalf/${linked}`)
}
