/** One change, as whoever uses the packages reads of it. */
export interface Change {
  readonly type: 'major' | 'minor' | 'patch'
  readonly summary: string
}

const headings = { major: 'Breaking', minor: 'Added', patch: 'Mended' } as const

/**
 * Puts a version on top of the others.
 *
 * @throws Error when it is there already, or there is nothing to say of it
 */
export function addVersion(changelog: string, version: string, changes: readonly Change[]): string {
  if (changes.length === 0) throw new Error('there is no change to release: npm run change')
  if (changelog.includes(`\n## ${version}\n`)) throw new Error(`CHANGELOG.md has ${version} already`)
  const sections = (['major', 'minor', 'patch'] as const).flatMap((type) => {
    const ofType = changes.filter((change) => change.type === type)
    return ofType.length === 0
      ? []
      : [
          `### ${headings[type]}`,
          ofType.map(({ summary }) => `- ${summary.trim().replaceAll('\n', '\n  ')}`).join('\n'),
        ]
  })
  const [head = '', ...versions] = changelog.split(/^(?=## )/m)
  return [head.trim(), `## ${version}`, ...sections, ...versions.map((each) => each.trim())]
    .join('\n\n')
    .concat('\n')
}
